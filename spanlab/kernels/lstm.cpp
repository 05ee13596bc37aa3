// The LSTM step on register tiles of some windows x 16 units x 4 gates, compiled once per
// instruction set.
#include "spanlab/kernels/lstm.h"

#include "spanlab/kernels/reference.h"
#include "spanlab/kernels/targets-inl.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "spanlab/kernels/lstm.cpp"
#include <hwy/foreach_target.h>
// After foreach_target.h: the same functions are compiled once a target.
#include <hwy/cache_control.h>
#include <hwy/highway.h>

#include "spanlab/kernels/activations-inl.h"

HWY_BEFORE_NAMESPACE();
namespace spanlab::HWY_NAMESPACE {

#if HWY_TARGET == HWY_SCALAR || HWY_TARGET == HWY_EMU128

void forward_kernel(const LstmShape& shape, int rows, const float* packed, const float* x,
                    ptrdiff_t x_row, const float* h_before, ptrdiff_t h_row, const float* c_before,
                    float* gates, float* c, float* tanh_c, float* h, bool /*backwards*/) {
  reference::lstm_forward_step(shape, rows, packed, x, x_row, h_before, h_row, c_before, gates, c,
                               tanh_c, h);
}

void backward_kernel(const LstmShape& shape, int rows, const float* dh_out, ptrdiff_t dh_row,
                     const float* dh_next, const float* c_before, const float* tanh_c, float* gates,
                     float* dc) {
  reference::lstm_backward_step(shape, rows, dh_out, dh_row, dh_next, c_before, tanh_c, gates, dc);
}

#else

namespace hn = hwy::HWY_NAMESPACE;
using Tag = hn::CappedTag<float, kPanel>;
using Vec = hn::Vec<Tag>;

// kTileRows x 4 gates of accumulators and 4 of weights fit the registers.
#if HWY_TARGET == HWY_AVX2
constexpr int kTileRows = 3;
#else
constexpr int kTileRows = 6;
#endif

/// What a tile needs besides its place; see lstm.h.
struct Step {
  LstmShape shape;
  const float* x;
  ptrdiff_t x_row;
  const float* h_before;
  ptrdiff_t h_row;
  const float* c_before;
  float* gates;
  float* c;
  float* tanh_c;
  float* h;
};

template <int kRows>
HWY_INLINE void accumulate(const float* in, ptrdiff_t in_row, int count, const float*& w,
                           Vec (&sums)[kRows][kGates]) {
  const Tag d;
  for (int k = 0; k < count; ++k) {
    Vec weight[kGates];
    for (int q = 0; q < kGates; ++q) weight[q] = hn::LoadU(d, w + q * kPanel);
    for (int r = 0; r < kRows; ++r) {
      const Vec value = hn::Set(d, in[r * in_row + k]);
      for (int q = 0; q < kGates; ++q) sums[r][q] = hn::MulAdd(value, weight[q], sums[r][q]);
    }
    w += kPanelGates;
  }
}

/// Asks for the lines that the tile will write: in training they lie in the third-level cache, and
/// come while the sums below are computed.
template <int kRows>
HWY_INLINE void prefetch_results(const Step& s, int row, int unit) {
  for (int r = 0; r < kRows; ++r) {
    const ptrdiff_t place = static_cast<ptrdiff_t>(row + r) * s.shape.hidden + unit;
    const float* gate =
        s.gates + static_cast<ptrdiff_t>(row + r) * kGates * s.shape.hidden + gate_place(0, unit);
    for (int q = 0; q < kGates; ++q) hwy::Prefetch(gate + q * kPanel);
    hwy::Prefetch(s.c + place);
    hwy::Prefetch(s.tanh_c + place);
    hwy::Prefetch(s.h + (row + r) * s.h_row + unit);
  }
}

/// Rows `row` .. row + kRows - 1, units `unit` .. unit + lanes - 1; `w`: those units' first
/// weights.
template <int kRows>
HWY_NOINLINE void forward_tile(const Step& s, int row, int unit, const float* w) {
  const Tag d;
  prefetch_results<kRows>(s, row, unit);
  Vec sums[kRows][kGates];
  for (int q = 0; q < kGates; ++q) {
    const Vec bias = hn::LoadU(d, w + q * kPanel);
    for (int r = 0; r < kRows; ++r) sums[r][q] = bias;
  }
  w += kPanelGates;
  accumulate<kRows>(s.x + row * s.x_row, s.x_row, s.shape.input, w, sums);
  if (s.h_before != nullptr) {
    accumulate<kRows>(s.h_before + row * s.h_row, s.h_row, s.shape.hidden, w, sums);
  }
  for (int r = 0; r < kRows; ++r) {
    const ptrdiff_t place = static_cast<ptrdiff_t>(row + r) * s.shape.hidden + unit;
    float* gate =
        s.gates + static_cast<ptrdiff_t>(row + r) * kGates * s.shape.hidden + gate_place(0, unit);
    const Vec i = fast_sigmoid(d, sums[r][0]);
    const Vec g = fast_tanh(d, sums[r][2]);
    const Vec f = fast_sigmoid(d, sums[r][1]);
    const Vec o = fast_sigmoid(d, sums[r][3]);
    Vec cell = hn::Mul(i, g);
    if (s.c_before != nullptr) cell = hn::MulAdd(f, hn::LoadU(d, s.c_before + place), cell);
    const Vec tc = fast_tanh(d, cell);
    hn::StoreU(i, d, gate);
    hn::StoreU(f, d, gate + kPanel);
    hn::StoreU(g, d, gate + 2 * kPanel);
    hn::StoreU(o, d, gate + 3 * kPanel);
    hn::StoreU(cell, d, s.c + place);
    hn::StoreU(tc, d, s.tanh_c + place);
    hn::StoreU(hn::Mul(o, tc), d, s.h + (row + r) * s.h_row + unit);
  }
}

void forward_kernel(const LstmShape& shape, int rows, const float* packed, const float* x,
                    ptrdiff_t x_row, const float* h_before, ptrdiff_t h_row, const float* c_before,
                    float* gates, float* c, float* tanh_c, float* h, bool backwards) {
  const Step s{shape, x, x_row, h_before, h_row, c_before, gates, c, tanh_c, h};
  const int lanes = static_cast<int>(hn::Lanes(Tag()));
  // Panels outside, so that a panel's weights (28 KB for 12 + 96 inputs) serve all rows from the
  // first-level cache.
  for (int done = 0; done < shape.hidden; done += lanes) {
    const int unit = backwards ? shape.hidden - lanes - done : done;
    const float* w =
        packed + static_cast<ptrdiff_t>(unit / kPanel) * shape.rows() * kPanelGates + unit % kPanel;
    int tiles = (rows + kTileRows - 1) / kTileRows;
    for (int row = 0; row < rows; --tiles) {
      const int height = (rows - row + tiles - 1) / tiles;
      switch (height) {
        case 1:
          forward_tile<1>(s, row, unit, w);
          break;
        case 2:
          forward_tile<2>(s, row, unit, w);
          break;
        case 3:
          forward_tile<3>(s, row, unit, w);
          break;
#if HWY_TARGET != HWY_AVX2
        case 4:
          forward_tile<4>(s, row, unit, w);
          break;
        case 5:
          forward_tile<5>(s, row, unit, w);
          break;
        case 6:
          forward_tile<6>(s, row, unit, w);
          break;
#endif
      }
      row += height;
    }
  }
}

void backward_kernel(const LstmShape& shape, int rows, const float* dh_out, ptrdiff_t dh_row,
                     const float* dh_next, const float* c_before, const float* tanh_c, float* gates,
                     float* dc) {
  const Tag d;
  const int lanes = static_cast<int>(hn::Lanes(d));
  const Vec one = hn::Set(d, 1.0f);
  for (int r = 0; r < rows; ++r) {
    for (int unit = 0; unit < shape.hidden; unit += lanes) {
      const ptrdiff_t place = static_cast<ptrdiff_t>(r) * shape.hidden + unit;
      float* gate = gates + static_cast<ptrdiff_t>(r) * kGates * shape.hidden + gate_place(0, unit);
      const Vec i = hn::LoadU(d, gate);
      const Vec f = hn::LoadU(d, gate + kPanel);
      const Vec g = hn::LoadU(d, gate + 2 * kPanel);
      const Vec o = hn::LoadU(d, gate + 3 * kPanel);
      const Vec tc = hn::LoadU(d, tanh_c + place);
      const Vec dh =
          hn::Add(hn::LoadU(d, dh_out + r * dh_row + unit), hn::LoadU(d, dh_next + place));
      const Vec dcell =
          hn::MulAdd(hn::Mul(dh, o), hn::NegMulAdd(tc, tc, one), hn::LoadU(d, dc + place));
      const Vec before = c_before != nullptr ? hn::LoadU(d, c_before + place) : hn::Zero(d);
      hn::StoreU(hn::Mul(hn::Mul(dcell, g), hn::Mul(i, hn::Sub(one, i))), d, gate);
      hn::StoreU(hn::Mul(hn::Mul(dcell, before), hn::Mul(f, hn::Sub(one, f))), d, gate + kPanel);
      hn::StoreU(hn::Mul(hn::Mul(dcell, i), hn::NegMulAdd(g, g, one)), d, gate + 2 * kPanel);
      hn::StoreU(hn::Mul(hn::Mul(dh, tc), hn::Mul(o, hn::Sub(one, o))), d, gate + 3 * kPanel);
      hn::StoreU(hn::Mul(dcell, f), d, dc + place);
    }
  }
}

#endif

}  // namespace spanlab::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace spanlab {

HWY_EXPORT(forward_kernel);
HWY_EXPORT(backward_kernel);

void lstm_forward_step(const LstmShape& shape, int rows, const float* packed, const float* x,
                       ptrdiff_t x_row, const float* h_before, ptrdiff_t h_row,
                       const float* c_before, float* gates, float* c, float* tanh_c, float* h,
                       bool backwards) {
  HWY_DYNAMIC_DISPATCH(forward_kernel)
  (shape, rows, packed, x, x_row, h_before, h_row, c_before, gates, c, tanh_c, h, backwards);
}

void lstm_forward_step(const LstmShape& shape, int rows, const double* packed, const double* x,
                       ptrdiff_t x_row, const double* h_before, ptrdiff_t h_row,
                       const double* c_before, double* gates, double* c, double* tanh_c, double* h,
                       bool /*backwards*/) {
  reference::lstm_forward_step(shape, rows, packed, x, x_row, h_before, h_row, c_before, gates, c,
                               tanh_c, h);
}

void lstm_backward_step(const LstmShape& shape, int rows, const float* dh_out, ptrdiff_t dh_row,
                        const float* dh_next, const float* c_before, const float* tanh_c,
                        float* gates, float* dc) {
  HWY_DYNAMIC_DISPATCH(backward_kernel)
  (shape, rows, dh_out, dh_row, dh_next, c_before, tanh_c, gates, dc);
}

void lstm_backward_step(const LstmShape& shape, int rows, const double* dh_out, ptrdiff_t dh_row,
                        const double* dh_next, const double* c_before, const double* tanh_c,
                        double* gates, double* dc) {
  reference::lstm_backward_step(shape, rows, dh_out, dh_row, dh_next, c_before, tanh_c, gates, dc);
}

}  // namespace spanlab
#endif  // HWY_ONCE
