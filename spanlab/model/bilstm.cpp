// The bidirectional LSTM layer: loops over the bars around the step kernels.
#include "spanlab/model/bilstm.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "spanlab/kernels/gemm.h"
#include "spanlab/kernels/lstm.h"

namespace spanlab {
namespace {

// About as many rows of gate gradients (bars x windows) make a block: small enough that they are
// still in the second-level cache when the weight gradient takes them up.
constexpr int kBlockRows = 128;

// Work is cut into two directions times this many parts; the parts change no result.
int parts_of(const ThreadPool& pool) {
  return std::max(1, pool.size() / 2);
}

}  // namespace

template <class Real>
BiLstm<Real>::BiLstm(ParameterTable& table, int layer, int input, int hidden, int bars)
    : shape_{input, hidden}, bars_(bars) {
  const double bound = 1 / std::sqrt(static_cast<double>(hidden));
  const int64_t gates = kGates * hidden;
  const Role role{ModelPart::encoder, {kAllTasks.begin(), kAllTasks.end()}, layer};
  for (int d = 0; d < 2; ++d) {
    Direction& dir = directions_[static_cast<size_t>(d)];
    const std::string suffix = "_l" + std::to_string(layer) + (d == 1 ? "_reverse" : "");
    dir.weight_ih = table.add(role, "lstm.weight_ih" + suffix, {gates, input}, bound);
    dir.weight_hh = table.add(role, "lstm.weight_hh" + suffix, {gates, hidden}, bound);
    dir.bias_ih = table.add(role, "lstm.bias_ih" + suffix, {gates}, bound);
    dir.bias_hh = table.add(role, "lstm.bias_hh" + suffix, {gates}, bound);
  }
}

template <class Real>
void BiLstm<Real>::prepare(ThreadPool& pool, const Real* block) {
  pool.run(2, [&](int d) {
    Direction& dir = directions_[static_cast<size_t>(d)];
    dir.packed.resize(shape_.packed_size());
    pack_lstm(shape_, block + dir.weight_ih, block + dir.weight_hh, block + dir.bias_ih,
              block + dir.bias_hh, dir.packed.data());
  });
}

template <class Real>
void BiLstm<Real>::forward(ThreadPool& pool, int batch, const Real* x, bool training) {
  batch_ = batch;
  training_ = training;
  const auto b = static_cast<size_t>(batch), t = static_cast<size_t>(bars_);
  const auto hidden = static_cast<size_t>(shape_.hidden);
  h_.resize(t * b * 2 * hidden);
  for (Direction& dir : directions_) {
    dir.gates.resize((training ? t : 1) * b * kGates * hidden);
    dir.tanh_c.resize((training ? t : 1) * b * hidden);
    dir.c.resize((training ? t : 2) * b * hidden);
  }
  const int parts = parts_of(pool);
  pool.run(2 * parts, [&](int item) {
    const int part = item % parts;
    forward_rows(item / parts, batch * part / parts, batch * (part + 1) / parts, x);
  });
}

template <class Real>
void BiLstm<Real>::forward_rows(int d, int first, int last, const Real* x) {
  if (first == last) return;
  Direction& dir = directions_[static_cast<size_t>(d)];
  const ptrdiff_t hidden = shape_.hidden, width = 2 * hidden, batch = batch_;
  Real* h = h_.data() + d * hidden;
  for (int step = 0; step < bars_; ++step) {
    const int t = bar(d, step);
    const int before = bar(d, step - 1);
    const ptrdiff_t kept = training_ ? t : 0;         // where this bar's gates are kept
    const ptrdiff_t cell = training_ ? t : step % 2;  // and its cells: evaluation takes turns
    const ptrdiff_t cell_before = training_ ? before : 1 - step % 2;
    const auto row = [&](ptrdiff_t bar_place) { return bar_place * batch + first; };
    lstm_forward_step(shape_, last - first, dir.packed.data(), x + row(t) * shape_.input,
                      shape_.input, step > 0 ? h + row(before) * width : nullptr, width,
                      step > 0 ? dir.c.data() + row(cell_before) * hidden : nullptr,
                      dir.gates.data() + row(kept) * kGates * hidden,
                      dir.c.data() + row(cell) * hidden, dir.tanh_c.data() + row(kept) * hidden,
                      h + row(t) * width, step % 2 == 1);
  }
}

template <class Real>
void BiLstm<Real>::backward(ThreadPool& pool, const Real* block, const Real* x, const Real* dh,
                            Real* gradient, Real* dx, Kept kept) {
  const auto hidden = static_cast<size_t>(shape_.hidden);
  const int parts = parts_of(pool);
  kept_ = kept;
  for (Direction& dir : directions_) {
    if (kept == Kept::left_whole) dir.copy.resize(dir.gates.size());
    dir.dgates = kept == Kept::left_whole ? dir.copy.data() : dir.gates.data();
    dir.dh.assign(static_cast<size_t>(batch_) * hidden, Real(0));
    dir.dc.assign(static_cast<size_t>(batch_) * hidden, Real(0));
    dir.gradient.assign(static_cast<size_t>(shape_.rows()) * kGates * hidden, Real(0));
  }
  // The blocks are the same, and come in the same order, however many parts there are. A direction
  // that one thread does alone takes up each block's weight gradient at once; otherwise all rows of
  // a block must be there first, and the gradient is cut by columns.
  const int block_steps = std::max(1, kBlockRows / batch_);
  const auto for_blocks = [&](const auto& f) {
    for (int last = bars_; last > 0; last -= block_steps) f(std::max(0, last - block_steps), last);
  };
  const int columns = kGates * shape_.hidden;
  pool.run(2, [&](int d) {
    Direction& dir = directions_[static_cast<size_t>(d)];
    dir.recurrent.resize(kGates * hidden * hidden);
    pack_gate_rows(shape_, shape_.hidden, block + dir.weight_hh, dir.recurrent.data());
  });
  pool.run(2 * parts, [&](int item) {
    const int d = item / parts, part = item % parts;
    for_blocks([&](int first_step, int last_step) {
      backward_steps(d, first_step, last_step, batch_ * part / parts, batch_ * (part + 1) / parts,
                     dh);
      if (parts == 1) weight_gradient(d, first_step, last_step, 0, columns, x);
    });
  });
  if (parts > 1) {
    pool.run(2 * parts, [&](int item) {
      const int d = item / parts, part = item % parts, panels = shape_.panels();
      for_blocks([&](int first_step, int last_step) {
        weight_gradient(d, first_step, last_step, panels * part / parts * kPanelGates,
                        panels * (part + 1) / parts * kPanelGates, x);
      });
    });
  }
  pool.run(2, [&](int d) {
    const Direction& dir = directions_[static_cast<size_t>(d)];
    const Real* rows = dir.gradient.data();
    const size_t width = kGates * hidden;
    // Both biases see the same sum.
    unpack_lstm_gradient(shape_, 1, rows, gradient + dir.bias_ih);
    unpack_lstm_gradient(shape_, 1, rows, gradient + dir.bias_hh);
    unpack_lstm_gradient(shape_, shape_.input, rows + width, gradient + dir.weight_ih);
    unpack_lstm_gradient(shape_, shape_.hidden,
                         rows + (1 + static_cast<size_t>(shape_.input)) * width,
                         gradient + dir.weight_hh);
  });
  if (dx != nullptr) input_gradient(block, pool, dx);
}

template <class Real>
void BiLstm<Real>::backward_steps(int d, int first_step, int last_step, int first, int last,
                                  const Real* dh) {
  if (first == last) return;
  Direction& dir = directions_[static_cast<size_t>(d)];
  const ptrdiff_t hidden = shape_.hidden, width = 2 * hidden, batch = batch_;
  Real* dh_next = dir.dh.data() + first * hidden;
  Real* dc = dir.dc.data() + first * hidden;
  for (int step = last_step - 1; step >= first_step; --step) {
    const ptrdiff_t row = bar(d, step) * batch + first;
    const ptrdiff_t before = bar(d, step - 1) * batch + first;
    Real* gates = dir.dgates + row * kGates * hidden;
    if (kept_ == Kept::left_whole) {
      const Real* from = dir.gates.data() + row * kGates * hidden;
      std::copy(from, from + (last - first) * kGates * hidden, gates);
    }
    lstm_backward_step(shape_, last - first, dh + row * width + d * hidden, width, dh_next,
                       step > 0 ? dir.c.data() + before * hidden : nullptr,
                       dir.tanh_c.data() + row * hidden, gates, dc);
    if (step > 0) {
      gemm(last - first, shape_.hidden, kGates * shape_.hidden, gates, kGates * hidden, 1,
           dir.recurrent.data(), hidden, dh_next, hidden, false);
    }
  }
}

/// Adds to columns first_column .. last_column - 1 of the packed gradient the sums over the block's
/// bars and all windows of [1, x, h_before] times the gate gradients.
template <class Real>
void BiLstm<Real>::weight_gradient(int d, int first_step, int last_step, int first_column,
                                   int last_column, const Real* x) {
  Direction& dir = directions_[static_cast<size_t>(d)];
  const int columns = last_column - first_column;
  if (columns == 0) return;
  const ptrdiff_t hidden = shape_.hidden, gates_width = kGates * hidden, width = 2 * hidden;
  Real* bias = dir.gradient.data() + first_column;
  Real* input = bias + gates_width;
  Real* recurrent = input + shape_.input * gates_width;
  const Real one = 1;
  // The steps' bars are neighbours: their rows are one piece, in bar order.
  const auto first_row = [&](int from, int to) {
    return static_cast<ptrdiff_t>(std::min(bar(d, from), bar(d, to - 1))) * batch_;
  };
  const auto dgates = [&](ptrdiff_t row) { return dir.dgates + row * gates_width + first_column; };
  const int rows = (last_step - first_step) * batch_;
  const ptrdiff_t row = first_row(first_step, last_step);
  gemm(1, columns, rows, &one, 0, 0, dgates(row), gates_width, bias, gates_width, true);
  gemm(shape_.input, columns, rows, x + row * shape_.input, 1, shape_.input, dgates(row),
       gates_width, input, gates_width, true);
  const int from = std::max(first_step, 1);  // before the first step there is no state
  if (from == last_step) return;
  const ptrdiff_t later = first_row(from, last_step);
  gemm(shape_.hidden, columns, (last_step - from) * batch_,
       h_.data() + first_row(from - 1, last_step - 1) * width + d * hidden, 1, width, dgates(later),
       gates_width, recurrent, gates_width, true);
}

template <class Real>
void BiLstm<Real>::input_gradient(const Real* block, ThreadPool& pool, Real* dx) {
  const ptrdiff_t gates_width = kGates * static_cast<ptrdiff_t>(shape_.hidden);
  std::array<std::vector<Real>, 2> weights;  // [4H, D] rows in gate-row order
  for (size_t d = 0; d < 2; ++d) {
    weights[d].resize(static_cast<size_t>(gates_width) * static_cast<size_t>(shape_.input));
    pack_gate_rows(shape_, shape_.input, block + directions_[d].weight_ih, weights[d].data());
  }
  pool.run(bars_, [&](int t) {
    const ptrdiff_t row = static_cast<ptrdiff_t>(t) * batch_;
    for (size_t d = 0; d < 2; ++d) {
      gemm(batch_, shape_.input, static_cast<int>(gates_width),
           directions_[d].dgates + row * gates_width, gates_width, 1, weights[d].data(),
           shape_.input, dx + row * shape_.input, shape_.input, d == 1);
    }
  });
}

template <class Real>
std::array<GateSaturation, kGates> BiLstm<Real>::saturation(int direction) const {
  // The gates are kept after their activation, which the ends invert: sigmoid(5), tanh(5).
  constexpr double kSigmoid = 0.99330714907571516, kTanh = 0.99990920426259513;
  constexpr int kTanhGate = 2;
  const LargeBuffer<Real>& gates = directions_[static_cast<size_t>(direction)].gates;
  std::array<int64_t, kGates> low{}, high{};
  for (size_t panel = 0; panel < gates.size(); panel += kPanelGates) {
    for (size_t gate = 0; gate < kGates; ++gate) {
      const Real end = static_cast<Real>(gate == kTanhGate ? kTanh : kSigmoid);
      const Real start = gate == kTanhGate ? -end : 1 - end;
      const Real* values = gates.data() + panel + gate * kPanel;
      int below = 0, above = 0;
      for (int unit = 0; unit < kPanel; ++unit) {
        below += values[unit] < start;
        above += values[unit] > end;
      }
      low[gate] += below;
      high[gate] += above;
    }
  }
  std::array<GateSaturation, kGates> shares{};
  const double count = static_cast<double>(gates.size()) / kGates;
  for (size_t gate = 0; gate < kGates; ++gate) {
    shares[gate] = {static_cast<double>(low[gate]) / count,
                    static_cast<double>(high[gate]) / count};
  }
  return shares;
}

template class BiLstm<float>;
template class BiLstm<double>;

}  // namespace spanlab
