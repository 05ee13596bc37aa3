// A bidirectional LSTM layer over a batch of windows.
#pragma once

#include <array>
#include <vector>

#include "spanlab/base/large_buffer.h"
#include "spanlab/base/parallel.h"
#include "spanlab/kernels/lstm_layout.h"
#include "spanlab/model/parameters.h"

namespace spanlab {

/// Shares of a gate's activations whose pre-activation is below -5 or above 5: there the gate is at
/// an end of its range and passes on next to no gradient.
struct GateSaturation {
  double low, high;
};

/// Whether a backward pass may use up what the forward pass kept.
enum class Kept {
  used_up,    ///< the last backward pass of a forward pass
  left_whole  ///< another one may follow, with another gradient
};

/// Values lie bar by bar: [T, B, width], so that a time step's rows are neighbours.
/// The directions run on different threads; with more than two threads each splits its windows.
template <class Real>
class BiLstm {
 public:
  /// Appends lstm.{weight_ih, weight_hh, bias_ih, bias_hh}_l<layer>[_reverse], uniform in
  /// +-1/sqrt(hidden). `input` D, `hidden` H (a multiple of 16), `bars` T.
  BiLstm(ParameterTable& table, int layer, int input, int hidden, int bars);

  /// Packs the weights of the block for forward(); to be called whenever they have changed.
  void prepare(ThreadPool& pool, const Real* block);

  /// x [T, B, D]. Keeps what backward() needs only if `training`.
  void forward(ThreadPool& pool, int batch, const Real* x, bool training);

  /// Hidden states of the last forward pass, [T, B, 2H]: forward direction, then reverse.
  const Real* output() const { return h_.data(); }

  /// After forward(training) on the same x. dh [T, B, 2H]. Adds to the gradient block; writes dx
  /// [T, B, D] unless it is nullptr. The bits are the same whatever `kept` says.
  void backward(ThreadPool& pool, const Real* block, const Real* x, const Real* dh, Real* gradient,
                Real* dx, Kept kept = Kept::used_up);

  /// Of the gates i, f, g, o of direction 0 (forward) or 1, over all bars, windows and units of the
  /// last forward(training), as long as no backward() has used them up.
  std::array<GateSaturation, kGates> saturation(int direction) const;

 private:
  struct Direction {
    size_t weight_ih, weight_hh, bias_ih, bias_hh;  // offsets in the block
    std::vector<Real> packed;                       // LstmShape::packed_size()
    std::vector<Real> recurrent;                    // [4H, H] rows in gate-row order
    LargeBuffer<Real> gates;                        // [T, B, 4H], or one bar in evaluation
    LargeBuffer<Real> copy;                         // [T, B, 4H], once gates were left whole
    Real* dgates = nullptr;                         // gate gradients: in place of gates, or copy
    LargeBuffer<Real> c;                            // [T, B, H], or two bars in evaluation
    LargeBuffer<Real> tanh_c;                       // [T, B, H], or one bar in evaluation
    std::vector<Real> dh, dc;                       // [B, H] carried from bar to bar
    std::vector<Real> gradient;                     // [1 + D + H, 4H] columns in gate-row order
  };

  /// Row of the t-th bar that direction `d` visits.
  int bar(int d, int step) const { return d == 0 ? step : bars_ - 1 - step; }
  void forward_rows(int d, int first, int last, const Real* x);
  /// The way back through steps first_step .. last_step - 1, latest first, of some windows.
  void backward_steps(int d, int first_step, int last_step, int first, int last, const Real* dh);
  void weight_gradient(int d, int first_step, int last_step, int first_column, int last_column,
                       const Real* x);
  void input_gradient(const Real* block, ThreadPool& pool, Real* dx);

  LstmShape shape_;
  int bars_;
  int batch_ = 0;
  bool training_ = false;
  Kept kept_ = Kept::used_up;
  std::array<Direction, 2> directions_;
  LargeBuffer<Real> h_;  // [T, B, 2H]
};

extern template class BiLstm<float>;
extern template class BiLstm<double>;

/// Layers on top of one another, appended to the table from below: the first sees `input` D values
/// a bar, the others the 2H of the one below.
template <class Real>
std::vector<BiLstm<Real>> stacked_layers(ParameterTable& table, int layers, int input, int hidden,
                                         int bars) {
  std::vector<BiLstm<Real>> stack;
  for (int layer = 0; layer < layers; ++layer) {
    stack.emplace_back(table, layer, layer == 0 ? input : 2 * hidden, hidden, bars);
  }
  return stack;
}

}  // namespace spanlab
