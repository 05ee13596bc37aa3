// How the weights and gates of one LSTM direction lie in memory, and the way there and back.
//
// Hidden units are taken 16 at a time (a panel: one AVX-512 register, two AVX2 registers), the four
// gates of a panel side by side, so that a kernel ends with i, f, g, o of the same units in
// registers. The layout is the same for every instruction set.
//   packed weights  [H/16 panels][1 + D + H rows][4 gates][16 units]
//                   row 0 is the bias, then the D input weights, then the H recurrent ones
//   gate rows       [H/16 panels][4 gates][16 units]: 4H values of one bar of one window
#pragma once

#include <algorithm>
#include <cstddef>

namespace spanlab {

inline constexpr int kPanel = 16;
inline constexpr int kGates = 4;                     ///< i, f, g, o: PyTorch's order
inline constexpr int kPanelGates = kGates * kPanel;  ///< 64

/// Sizes of one direction of an LSTM layer.
struct LstmShape {
  int input;   ///< D
  int hidden;  ///< H, a multiple of 16

  int panels() const { return hidden / kPanel; }
  int rows() const { return 1 + input + hidden; }
  size_t packed_size() const {
    return static_cast<size_t>(panels()) * static_cast<size_t>(rows()) * kPanelGates;
  }
};

/// Place in a gate row of a gate of a hidden unit.
constexpr int gate_place(int gate, int unit) {
  return (unit / kPanel) * kPanelGates + gate * kPanel + unit % kPanel;
}

/// PyTorch's tensors of one direction to packed weights. weight_ih [4H, D], weight_hh [4H, H],
/// bias_ih and bias_hh [4H] (their sum is what counts), packed [shape.packed_size()].
template <class Real>
void pack_lstm(const LstmShape& shape, const Real* weight_ih, const Real* weight_hh,
               const Real* bias_ih, const Real* bias_hh, Real* packed) {
  const int d = shape.input, h = shape.hidden;
  for (int p = 0; p < shape.panels(); ++p) {
    Real* panel = packed + static_cast<size_t>(p) * static_cast<size_t>(shape.rows()) * kPanelGates;
    for (int gate = 0; gate < kGates; ++gate) {
      for (int u = 0; u < kPanel; ++u) {
        const auto from = static_cast<size_t>(gate * h + p * kPanel + u);
        Real* to = panel + gate * kPanel + u;
        to[0] = bias_ih[from] + bias_hh[from];
        for (int k = 0; k < d; ++k) {
          to[(1 + k) * kPanelGates] = weight_ih[from * static_cast<size_t>(d) + k];
        }
        for (int k = 0; k < h; ++k) {
          to[(1 + d + k) * kPanelGates] = weight_hh[from * static_cast<size_t>(h) + k];
        }
      }
    }
  }
}

/// `weight` [4H, columns] (weight_hh or weight_ih) with its rows in gate-row order: the matrix that
/// takes gradients of gate rows back to the hidden state or the input. `packed` [4H, columns].
template <class Real>
void pack_gate_rows(const LstmShape& shape, int columns, const Real* weight, Real* packed) {
  const int h = shape.hidden;
  const auto width = static_cast<size_t>(columns);
  for (int gate = 0; gate < kGates; ++gate) {
    for (int u = 0; u < h; ++u) {
      const Real* from = weight + static_cast<size_t>(gate * h + u) * width;
      std::copy(from, from + width, packed + static_cast<size_t>(gate_place(gate, u)) * width);
    }
  }
}

/// Adds gradients whose columns are in gate-row order to PyTorch's tensors.
/// `gradient` [columns, 4H] holds d loss / d weight of `columns` inputs (the bias is one column of
/// width 1); `weight` [4H, columns].
template <class Real>
void unpack_lstm_gradient(const LstmShape& shape, int columns, const Real* gradient, Real* weight) {
  const int h = shape.hidden;
  for (int gate = 0; gate < kGates; ++gate) {
    for (int u = 0; u < h; ++u) {
      Real* to = weight + static_cast<size_t>(gate * h + u) * static_cast<size_t>(columns);
      const Real* from = gradient + gate_place(gate, u);
      for (int k = 0; k < columns; ++k) to[k] += from[static_cast<size_t>(k) * kGates * h];
    }
  }
}

}  // namespace spanlab
