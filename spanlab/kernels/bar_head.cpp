// Masked products with one weight vector, compiled once per instruction set.
#include "spanlab/kernels/bar_head.h"

#include <cstddef>

#include "spanlab/kernels/reference.h"
#include "spanlab/kernels/targets-inl.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "spanlab/kernels/bar_head.cpp"
#include <hwy/foreach_target.h>
// After foreach_target.h: the same functions are compiled once a target.
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace spanlab::HWY_NAMESPACE {

#if HWY_TARGET == HWY_SCALAR || HWY_TARGET == HWY_EMU128

void head_forward_kernel(int rows, int width, const float* x, const uint8_t* keep, float scale,
                         const float* weight, float bias, float* out) {
  reference::bar_head_forward(rows, width, x, keep, scale, weight, bias, out);
}

void head_backward_kernel(int rows, int width, const float* x, const uint8_t* keep, float scale,
                          const float* weight, const float* dout, float* dx, float* dweight) {
  reference::bar_head_backward(rows, width, x, keep, scale, weight, dout, dx, dweight);
}

#else

namespace hn = hwy::HWY_NAMESPACE;
using Tag = hn::CappedTag<float, 16>;
using Vec = hn::Vec<Tag>;
using Bytes = hn::Rebind<uint8_t, Tag>;
using Words = hn::Rebind<int32_t, Tag>;

/// `v` where keep is 1, 0 elsewhere. keep [lanes], nullptr: `v`.
HWY_INLINE Vec kept(Vec v, const uint8_t* keep) {
  if (keep == nullptr) return v;
  const Words words;
  const auto flags = hn::PromoteTo(words, hn::LoadU(Bytes(), keep));
  return hn::IfThenElseZero(hn::RebindMask(Tag(), hn::Gt(flags, hn::Zero(words))), v);
}

void head_forward_kernel(int rows, int width, const float* x, const uint8_t* keep, float scale,
                         const float* weight, float bias, float* out) {
  const Tag d;
  const int lanes = static_cast<int>(hn::Lanes(d));
  const int whole = width - width % lanes;
  for (int r = 0; r < rows; ++r) {
    Vec sums = hn::Zero(d);
    for (int j = 0; j < whole; j += lanes) {
      sums = hn::MulAdd(kept(hn::LoadU(d, x + j), keep != nullptr ? keep + j : nullptr),
                        hn::LoadU(d, weight + j), sums);
    }
    float sum = hn::GetLane(hn::SumOfLanes(d, sums));
    for (int j = whole; j < width; ++j) {
      if (keep == nullptr || keep[j] != 0) sum += x[j] * weight[j];
    }
    out[r] = sum * scale + bias;
    x += width;
    if (keep != nullptr) keep += width;
  }
}

void head_backward_kernel(int rows, int width, const float* x, const uint8_t* keep, float scale,
                          const float* weight, const float* dout, float* dx, float* dweight) {
  const Tag d;
  const int lanes = static_cast<int>(hn::Lanes(d));
  const int whole = width - width % lanes;
  for (int r = 0; r < rows; ++r) {
    const Vec dr = hn::Set(d, dout[r] * scale);
    for (int j = 0; j < whole; j += lanes) {
      const Vec dj = kept(dr, keep != nullptr ? keep + j : nullptr);
      hn::StoreU(hn::MulAdd(dj, hn::LoadU(d, weight + j), hn::LoadU(d, dx + j)), d, dx + j);
      hn::StoreU(hn::MulAdd(dj, hn::LoadU(d, x + j), hn::LoadU(d, dweight + j)), d, dweight + j);
    }
    for (int j = whole; j < width; ++j) {
      if (keep != nullptr && keep[j] == 0) continue;
      dx[j] += dout[r] * scale * weight[j];
      dweight[j] += dout[r] * scale * x[j];
    }
    x += width;
    dx += width;
    if (keep != nullptr) keep += width;
  }
}

#endif

}  // namespace spanlab::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace spanlab {

HWY_EXPORT(head_forward_kernel);
HWY_EXPORT(head_backward_kernel);

void bar_head_forward(int rows, int width, const float* x, const uint8_t* keep, float scale,
                      const float* weight, float bias, float* out) {
  HWY_DYNAMIC_DISPATCH(head_forward_kernel)(rows, width, x, keep, scale, weight, bias, out);
}

void bar_head_forward(int rows, int width, const double* x, const uint8_t* keep, double scale,
                      const double* weight, double bias, double* out) {
  reference::bar_head_forward(rows, width, x, keep, scale, weight, bias, out);
}

void bar_head_backward(int rows, int width, const float* x, const uint8_t* keep, float scale,
                       const float* weight, const float* dout, float* dx, float* dweight) {
  HWY_DYNAMIC_DISPATCH(head_backward_kernel)
  (rows, width, x, keep, scale, weight, dout, dx, dweight);
}

void bar_head_backward(int rows, int width, const double* x, const uint8_t* keep, double scale,
                       const double* weight, const double* dout, double* dx, double* dweight) {
  reference::bar_head_backward(rows, width, x, keep, scale, weight, dout, dx, dweight);
}

}  // namespace spanlab
#endif  // HWY_ONCE
