// The kernels as plain loops: the definition that the fast ones are tested against, the kernels in
// double precision, and the fallback for other instruction sets.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>

#include "spanlab/base/random.h"
#include "spanlab/kernels/lstm_layout.h"
#include "spanlab/kernels/span_sums.h"

namespace spanlab::reference {

template <class Real>
Real sigmoid(Real x) {
  return Real(1) / (Real(1) + std::exp(-x));
}

/// See gemm.h.
template <class Real>
void gemm(int m, int n, int k, const Real* a, ptrdiff_t a_row, ptrdiff_t a_col, const Real* b,
          ptrdiff_t b_row, Real* c, ptrdiff_t c_row, bool accumulate) {
  for (int i = 0; i < m; ++i) {
    Real* out = c + i * c_row;
    if (!accumulate) {
      for (int j = 0; j < n; ++j) out[j] = 0;
    }
    for (int p = 0; p < k; ++p) {
      const Real factor = a[i * a_row + p * a_col];
      const Real* row = b + p * b_row;
      for (int j = 0; j < n; ++j) out[j] += factor * row[j];
    }
  }
}

/// See lstm.h.
template <class Real>
void lstm_forward_step(const LstmShape& shape, int rows, const Real* packed, const Real* x,
                       ptrdiff_t x_row, const Real* h_before, ptrdiff_t h_row, const Real* c_before,
                       Real* gates, Real* c, Real* tanh_c, Real* h) {
  const int hidden = shape.hidden;
  for (int r = 0; r < rows; ++r) {
    for (int p = 0; p < shape.panels(); ++p) {
      const Real* w =
          packed + static_cast<size_t>(p) * static_cast<size_t>(shape.rows()) * kPanelGates;
      Real sums[kPanelGates];
      for (int j = 0; j < kPanelGates; ++j) sums[j] = w[j];
      for (int k = 0; k < shape.input; ++k) {
        w += kPanelGates;
        for (int j = 0; j < kPanelGates; ++j) sums[j] += x[r * x_row + k] * w[j];
      }
      for (int k = 0; h_before != nullptr && k < hidden; ++k) {
        w += kPanelGates;
        for (int j = 0; j < kPanelGates; ++j) sums[j] += h_before[r * h_row + k] * w[j];
      }
      Real* gate = gates + (static_cast<size_t>(r) * static_cast<size_t>(shape.panels()) +
                            static_cast<size_t>(p)) *
                               kPanelGates;
      for (int u = 0; u < kPanel; ++u) {
        const Real i = sigmoid(sums[u]);
        const Real f = sigmoid(sums[kPanel + u]);
        const Real g = std::tanh(sums[2 * kPanel + u]);
        const Real o = sigmoid(sums[3 * kPanel + u]);
        const int unit = p * kPanel + u;
        const ptrdiff_t place = static_cast<ptrdiff_t>(r) * hidden + unit;
        c[place] = i * g + (c_before != nullptr ? f * c_before[place] : Real(0));
        tanh_c[place] = std::tanh(c[place]);
        h[r * h_row + unit] = o * tanh_c[place];
        gate[u] = i;
        gate[kPanel + u] = f;
        gate[2 * kPanel + u] = g;
        gate[3 * kPanel + u] = o;
      }
    }
  }
}

/// See lstm.h.
template <class Real>
void lstm_backward_step(const LstmShape& shape, int rows, const Real* dh_out, ptrdiff_t dh_row,
                        const Real* dh_next, const Real* c_before, const Real* tanh_c, Real* gates,
                        Real* dc) {
  const int hidden = shape.hidden;
  for (int r = 0; r < rows; ++r) {
    for (int unit = 0; unit < hidden; ++unit) {
      const ptrdiff_t place = static_cast<ptrdiff_t>(r) * hidden + unit;
      Real* gate = gates + static_cast<ptrdiff_t>(r) * kGates * hidden + gate_place(0, unit);
      const Real i = gate[0], f = gate[kPanel], g = gate[2 * kPanel], o = gate[3 * kPanel];
      const Real tc = tanh_c[place];
      const Real dh = dh_out[r * dh_row + unit] + dh_next[place];
      const Real dcell = dc[place] + dh * o * (1 - tc * tc);
      gate[0] = dcell * g * i * (1 - i);
      gate[kPanel] = c_before != nullptr ? dcell * c_before[place] * f * (1 - f) : Real(0);
      gate[2 * kPanel] = dcell * i * (1 - g * g);
      gate[3 * kPanel] = dh * tc * o * (1 - o);
      dc[place] = dcell * f;
    }
  }
}

/// See bar_head.h.
template <class Real>
void bar_head_forward(int rows, int width, const Real* x, const uint8_t* keep, Real scale,
                      const Real* weight, Real bias, Real* out) {
  for (int r = 0; r < rows; ++r) {
    Real sum = 0;
    for (int j = 0; j < width; ++j) {
      const ptrdiff_t place = static_cast<ptrdiff_t>(r) * width + j;
      if (keep == nullptr || keep[place] != 0) sum += x[place] * weight[j];
    }
    out[r] = sum * scale + bias;
  }
}

/// See bar_head.h.
template <class Real>
void bar_head_backward(int rows, int width, const Real* x, const uint8_t* keep, Real scale,
                       const Real* weight, const Real* dout, Real* dx, Real* dweight) {
  for (int r = 0; r < rows; ++r) {
    const Real d = dout[r] * scale;
    for (int j = 0; j < width; ++j) {
      const ptrdiff_t place = static_cast<ptrdiff_t>(r) * width + j;
      if (keep != nullptr && keep[place] == 0) continue;
      dx[place] += d * weight[j];
      dweight[j] += d * x[place];
    }
  }
}

/// See dropout.h.
inline void dropout_keep(uint64_t seed, const std::array<uint32_t, 3>& stream, double drop,
                         size_t count, uint8_t* keep) {
  const auto threshold = static_cast<uint32_t>(std::lround(drop * 65536));
  constexpr uint32_t kBlocks = 16;  // counters of a group
  for (size_t first = 0; first < count; first += kBlocks * 8) {
    for (uint32_t block = 0; block < kBlocks; ++block) {
      const auto words =
          philox({static_cast<uint32_t>(first / 8) + block, stream[0], stream[1], stream[2]},
                 {static_cast<uint32_t>(seed), static_cast<uint32_t>(seed >> 32)});
      for (uint32_t half = 0; half < 8; ++half) {
        const size_t place = first + half * kBlocks + block;
        const uint32_t draw = (words[half / 2] >> (16 * (half % 2))) & 0xFFFFu;
        if (place < count) keep[place] = draw >= threshold ? 1 : 0;
      }
    }
  }
}

/// See adamw.h.
template <class Real>
void adamw(size_t count, const Real* gradient, Real decay, Real beta1, Real beta2, Real step_size,
           Real bias2_root, Real epsilon, Real* parameter, Real* mean, Real* square) {
  for (size_t i = 0; i < count; ++i) {
    const Real g = gradient[i];
    const Real m = beta1 * mean[i] + (1 - beta1) * g;
    const Real v = beta2 * square[i] + (1 - beta2) * g * g;
    mean[i] = m;
    square[i] = v;
    parameter[i] = parameter[i] * decay - step_size * m / (std::sqrt(v) / bias2_root + epsilon);
  }
}

/// See span_sums.h.
inline double sum_span_sets(const SpanSums& s, int first, int last) {
  double sum = 1, log_sum = 0;  // over the sets up to a bar, and what was divided out of it
  std::fill(s.open, s.open + s.kinds * s.slots, 0.0);
  for (int t = first; t < last; ++t) {
    const int slot = t % s.slots;
    const double* length = s.ring + (s.slots - slot) % s.slots;
    double total = sum;
    for (int k = 0; k < s.kinds; ++k) {
      const double* weight = s.weight + (t * s.kinds + k) * 3;
      double* open = s.open + k * s.slots;
      double* closed = s.closed + (t * s.kinds + k) * s.slots;
      double& end = s.end[k * s.bars + t] = 0;
      for (int j = 0; j < s.slots; ++j) {
        open[j] = j == slot ? sum * weight[0] * weight[1] : open[j] * weight[0];
        if (length[j] == 0) open[j] = 0;  // too long: it must not grow for nothing
        closed[j] = open[j] * length[j];
        end += closed[j];
      }
      total += weight[2] * end;
    }
    s.stay[t] = sum / total;
    for (int k = 0; k < s.kinds; ++k) {
      s.scale[k * s.bars + t] = s.weight[(t * s.kinds + k) * 3 + 2] / total;
    }
    for (int j = 0; j < s.kinds * s.slots; ++j) s.open[j] /= total;
    sum = 1;
    log_sum += std::log(total);
  }
  return log_sum;
}

/// See span_sums.h.
inline void spread_span_sets(const SpanSums& s, int first, int last, double sign, double* start,
                             double* lengths) {
  std::fill(s.open, s.open + s.kinds * s.slots, 0.0);
  double cut = sign;  // probability that no span crosses the edge after bar t
  for (int t = last - 1; t >= first; --t) {
    const int slot = t % s.slots, offset = (s.slots - slot) % s.slots;
    double next = cut * s.stay[t];
    for (int k = 0; k < s.kinds; ++k) {
      const double* closed = s.closed + (t * s.kinds + k) * s.slots;
      double* starts = s.open + k * s.slots;
      const double factor = cut * s.scale[k * s.bars + t];
      starts[(slot + 1) % s.slots] = 0;  // that of the bar after it, which is known
      for (int j = 0; j < s.slots; ++j) {
        starts[j] += factor * closed[j];
        if (lengths != nullptr) lengths[offset + j] += factor * closed[j];
      }
      start[k * s.bars + t] = starts[slot];
      next += starts[slot];
      s.end[k * s.bars + t] *= factor;
    }
    cut = next;
  }
}

/// See span_sums.h.
inline double largest_size(int count, const double* values) {
  double largest = 0, poison = 0;
  for (int i = 0; i < count; ++i) {
    largest = std::max(largest, std::abs(values[i]));
    poison += values[i] * 0;
  }
  return largest + poison;
}

/// See span_sums.h.
inline void exponentiate(int count, double* values) {
  for (int i = 0; i < count; ++i) values[i] = values[i] < -700 ? 0 : std::exp(values[i]);
}

}  // namespace spanlab::reference
