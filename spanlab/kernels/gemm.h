// Matrix product on one thread.
#pragma once

#include <cstddef>

namespace spanlab {

/// C [m, n] = A [m, k] * B [k, n], or C += A * B if `accumulate`.
/// A has any strides (a_row, a_col: so it may be a transpose), B and C have contiguous rows that
/// lie b_row and c_row values apart. The sum over k runs in the same order whatever m and n are:
/// parts of C computed apart have the same bits.
void gemm(int m, int n, int k, const float* a, ptrdiff_t a_row, ptrdiff_t a_col, const float* b,
          ptrdiff_t b_row, float* c, ptrdiff_t c_row, bool accumulate);
void gemm(int m, int n, int k, const double* a, ptrdiff_t a_row, ptrdiff_t a_col, const double* b,
          ptrdiff_t b_row, double* c, ptrdiff_t c_row, bool accumulate);

}  // namespace spanlab
