// One time step of one LSTM direction, forward and backward, for some windows of a batch.
#pragma once

#include <cstddef>

#include "spanlab/kernels/lstm_layout.h"

namespace spanlab {

/// Gates and states of one bar of `rows` windows: g_t = W [1, x, h_before], c = f c_before + i g,
/// h = o tanh(c).
///   packed    [shape.packed_size()] packed weights
///   x         [rows, D], rows x_row apart
///   h_before  [rows, H], rows h_row apart; nullptr at the first bar (zero state)
///   c_before  [rows, H]; nullptr at the first bar
///   gates     [rows, 4H] out: i, f, g, o after their activations, in gate-row order
///   c, tanh_c [rows, H] out
///   h         [rows, H] out, rows h_row apart
///   backwards the order in which the panels are computed: turned from bar to bar, each bar begins
///             with the panel whose weights are still in the first-level cache
/// The result of a row does not depend on which rows are computed with it, nor on the order.
void lstm_forward_step(const LstmShape& shape, int rows, const float* packed, const float* x,
                       ptrdiff_t x_row, const float* h_before, ptrdiff_t h_row,
                       const float* c_before, float* gates, float* c, float* tanh_c, float* h,
                       bool backwards = false);
void lstm_forward_step(const LstmShape& shape, int rows, const double* packed, const double* x,
                       ptrdiff_t x_row, const double* h_before, ptrdiff_t h_row,
                       const double* c_before, double* gates, double* c, double* tanh_c, double* h,
                       bool backwards = false);

/// The way back through the same bar.
///   dh_out   [rows, H] gradient of h from the layers above, rows dh_row apart
///   dh_next  [rows, H] gradient of h from the bar computed after this one
///   c_before [rows, H]; nullptr at the first bar
///   tanh_c   [rows, H]
///   gates    [rows, 4H] in: gates; out: gradients of the gates before their activations
///   dc       [rows, H] in: gradient of c from the bar after; out: of c_before
void lstm_backward_step(const LstmShape& shape, int rows, const float* dh_out, ptrdiff_t dh_row,
                        const float* dh_next, const float* c_before, const float* tanh_c,
                        float* gates, float* dc);
void lstm_backward_step(const LstmShape& shape, int rows, const double* dh_out, ptrdiff_t dh_row,
                        const double* dh_next, const double* c_before, const double* tanh_c,
                        double* gates, double* dc);

}  // namespace spanlab
