// The AdamW update, compiled once per instruction set.
#include "spanlab/kernels/adamw.h"

#include "spanlab/kernels/reference.h"
#include "spanlab/kernels/targets-inl.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "spanlab/kernels/adamw.cpp"
#include <hwy/foreach_target.h>
// After foreach_target.h: the same functions are compiled once a target.
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace spanlab::HWY_NAMESPACE {

void adamw_kernel(size_t count, const float* gradient, float decay, float beta1, float beta2,
                  float step_size, float bias2_root, float epsilon, float* parameter, float* mean,
                  float* square) {
  size_t whole = 0;
#if HWY_TARGET != HWY_SCALAR && HWY_TARGET != HWY_EMU128
  namespace hn = hwy::HWY_NAMESPACE;
  const hn::CappedTag<float, 16> d;
  const size_t lanes = hn::Lanes(d);
  whole = count - count % lanes;
  for (size_t i = 0; i < whole; i += lanes) {
    const auto g = hn::LoadU(d, gradient + i);
    const auto m =
        hn::MulAdd(hn::Set(d, beta1), hn::LoadU(d, mean + i), hn::Mul(hn::Set(d, 1 - beta1), g));
    const auto v = hn::MulAdd(hn::Set(d, beta2), hn::LoadU(d, square + i),
                              hn::Mul(hn::Mul(hn::Set(d, 1 - beta2), g), g));
    const auto root = hn::Add(hn::Div(hn::Sqrt(v), hn::Set(d, bias2_root)), hn::Set(d, epsilon));
    const auto step = hn::Div(hn::Mul(hn::Set(d, step_size), m), root);
    hn::StoreU(m, d, mean + i);
    hn::StoreU(v, d, square + i);
    hn::StoreU(hn::MulSub(hn::LoadU(d, parameter + i), hn::Set(d, decay), step), d, parameter + i);
  }
#endif
  reference::adamw(count - whole, gradient + whole, decay, beta1, beta2, step_size, bias2_root,
                   epsilon, parameter + whole, mean + whole, square + whole);
}

}  // namespace spanlab::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace spanlab {

HWY_EXPORT(adamw_kernel);

void adamw(size_t count, const float* gradient, float decay, float beta1, float beta2,
           float step_size, float bias2_root, float epsilon, float* parameter, float* mean,
           float* square) {
  HWY_DYNAMIC_DISPATCH(adamw_kernel)
  (count, gradient, decay, beta1, beta2, step_size, bias2_root, epsilon, parameter, mean, square);
}

void adamw(size_t count, const double* gradient, double decay, double beta1, double beta2,
           double step_size, double bias2_root, double epsilon, double* parameter, double* mean,
           double* square) {
  reference::adamw(count, gradient, decay, beta1, beta2, step_size, bias2_root, epsilon, parameter,
                   mean, square);
}

}  // namespace spanlab
#endif  // HWY_ONCE
