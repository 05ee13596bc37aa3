// Dropout and a linear map to one value per bar: the span and countdown heads.
#pragma once

#include <cstdint>

namespace spanlab {

/// out_r = scale * sum_j keep_rj x_rj weight_j + bias.
///   x [rows, width], keep [rows, width] 0 or 1 (nullptr: all kept), weight [width], out [rows]
///   scale 1 / (1 - drop): inverted dropout
void bar_head_forward(int rows, int width, const float* x, const uint8_t* keep, float scale,
                      const float* weight, float bias, float* out);
void bar_head_forward(int rows, int width, const double* x, const uint8_t* keep, double scale,
                      const double* weight, double bias, double* out);

/// Adds to dx [rows, width] and dweight [width] the gradients of the above for dout [rows].
void bar_head_backward(int rows, int width, const float* x, const uint8_t* keep, float scale,
                       const float* weight, const float* dout, float* dx, float* dweight);
void bar_head_backward(int rows, int width, const double* x, const uint8_t* keep, double scale,
                       const double* weight, const double* dout, double* dx, double* dweight);

}  // namespace spanlab
