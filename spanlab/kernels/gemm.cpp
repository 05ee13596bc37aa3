// Matrix product on register tiles, compiled once per instruction set.
#include "spanlab/kernels/gemm.h"

#include <algorithm>

#include "spanlab/kernels/reference.h"
#include "spanlab/kernels/targets-inl.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "spanlab/kernels/gemm.cpp"
#include <hwy/foreach_target.h>
// After foreach_target.h: the same functions are compiled once a target.
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace spanlab::HWY_NAMESPACE {

#if HWY_TARGET == HWY_SCALAR || HWY_TARGET == HWY_EMU128

void gemm_kernel(int m, int n, int k, const float* a, ptrdiff_t a_row, ptrdiff_t a_col,
                 const float* b, ptrdiff_t b_row, float* c, ptrdiff_t c_row, bool accumulate) {
  reference::gemm(m, n, k, a, a_row, a_col, b, b_row, c, c_row, accumulate);
}

#else

namespace hn = hwy::HWY_NAMESPACE;
using Tag = hn::CappedTag<float, 16>;
using Vec = hn::Vec<Tag>;

// A tile of kTileRows x kTileVectors accumulators, kTileVectors of B and one of A fill the
// registers (32 of them, or 16 with AVX2).
#if HWY_TARGET == HWY_AVX2
constexpr int kTileRows = 4;
#else
constexpr int kTileRows = 8;
#endif
constexpr int kTileVectors = 3;
// k is cut so that a tile's part of B (128 x 48 floats, 24 KB) stays in the first-level cache while
// all rows of A pass.
constexpr int kDepth = 128;

/// A tile of C: kRows x kVectors vectors, of which the last is cut to `last` (a mask of its lanes).
template <int kRows, int kVectors>
HWY_INLINE void tile(int k, const float* a, ptrdiff_t a_row, ptrdiff_t a_col, const float* b,
                     ptrdiff_t b_row, float* c, ptrdiff_t c_row, bool accumulate,
                     hn::Mask<Tag> last, bool whole) {
  const Tag d;
  constexpr int kLast = kVectors - 1;
  const auto lanes = static_cast<ptrdiff_t>(hn::Lanes(d));
  Vec sums[kRows][kVectors];
  for (int i = 0; i < kRows; ++i) {
    for (int j = 0; j < kVectors; ++j) {
      if (!accumulate) {
        sums[i][j] = hn::Zero(d);
      } else if (whole || j < kLast) {
        sums[i][j] = hn::LoadU(d, c + i * c_row + j * lanes);
      } else {
        sums[i][j] = hn::MaskedLoad(last, d, c + i * c_row + j * lanes);
      }
    }
  }
  for (int p = 0; p < k; ++p) {
    Vec row[kVectors];
    for (int j = 0; j < kLast; ++j) row[j] = hn::LoadU(d, b + j * lanes);
    row[kLast] =
        whole ? hn::LoadU(d, b + kLast * lanes) : hn::MaskedLoad(last, d, b + kLast * lanes);
    for (int i = 0; i < kRows; ++i) {
      const Vec factor = hn::Set(d, a[i * a_row]);
      for (int j = 0; j < kVectors; ++j) sums[i][j] = hn::MulAdd(factor, row[j], sums[i][j]);
    }
    a += a_col;
    b += b_row;
  }
  for (int i = 0; i < kRows; ++i) {
    for (int j = 0; j < kVectors; ++j) {
      float* to = c + i * c_row + j * lanes;
      if (whole || j < kLast) {
        hn::StoreU(sums[i][j], d, to);
      } else {
        hn::BlendedStore(sums[i][j], last, d, to);
      }
    }
  }
}

template <int kVectors>
void column_panel(int m, int k, const float* a, ptrdiff_t a_row, ptrdiff_t a_col, const float* b,
                  ptrdiff_t b_row, float* c, ptrdiff_t c_row, bool accumulate, hn::Mask<Tag> last,
                  bool whole) {
  // Tiles of nearly equal height: a last tile of one row would wait on its own latency.
  int tiles = (m + kTileRows - 1) / kTileRows;
  for (int i = 0; i < m; --tiles) {
    const int rows = (m - i + tiles - 1) / tiles;
    const float* a_tile = a + i * a_row;
    float* c_tile = c + i * c_row;
#define SPANLAB_TILE(R)                                                                           \
  case R:                                                                                         \
    tile<R, kVectors>(k, a_tile, a_row, a_col, b, b_row, c_tile, c_row, accumulate, last, whole); \
    break;
    switch (rows) {
      SPANLAB_TILE(1)
      SPANLAB_TILE(2)
      SPANLAB_TILE(3)
      SPANLAB_TILE(4)
#if HWY_TARGET != HWY_AVX2
      SPANLAB_TILE(5)
      SPANLAB_TILE(6)
      SPANLAB_TILE(7)
      SPANLAB_TILE(8)
#endif
    }
#undef SPANLAB_TILE
    i += rows;
  }
}

void gemm_kernel(int m, int n, int k, const float* a, ptrdiff_t a_row, ptrdiff_t a_col,
                 const float* b, ptrdiff_t b_row, float* c, ptrdiff_t c_row, bool accumulate) {
  const Tag d;
  const int lanes = static_cast<int>(hn::Lanes(d));
  for (int p = 0; p == 0 || p < k; p += kDepth) {
    const int depth = std::min(kDepth, k - p);
    const float* a_part = a + p * a_col;
    const bool add = accumulate || p > 0;
    for (int j = 0; j < n; j += kTileVectors * lanes) {
      const int columns = std::min(kTileVectors * lanes, n - j);
      const int vectors = (columns + lanes - 1) / lanes;
      const int tail = columns - (vectors - 1) * lanes;
      const auto last = hn::FirstN(d, static_cast<size_t>(tail));
      const bool whole = tail == lanes;
      const float* b_part = b + p * b_row + j;
      if (vectors == 1) {
        column_panel<1>(m, depth, a_part, a_row, a_col, b_part, b_row, c + j, c_row, add, last,
                        whole);
      } else if (vectors == 2) {
        column_panel<2>(m, depth, a_part, a_row, a_col, b_part, b_row, c + j, c_row, add, last,
                        whole);
      } else {
        column_panel<3>(m, depth, a_part, a_row, a_col, b_part, b_row, c + j, c_row, add, last,
                        whole);
      }
    }
  }
}

#endif

}  // namespace spanlab::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace spanlab {

HWY_EXPORT(gemm_kernel);

void gemm(int m, int n, int k, const float* a, ptrdiff_t a_row, ptrdiff_t a_col, const float* b,
          ptrdiff_t b_row, float* c, ptrdiff_t c_row, bool accumulate) {
  HWY_DYNAMIC_DISPATCH(gemm_kernel)(m, n, k, a, a_row, a_col, b, b_row, c, c_row, accumulate);
}

void gemm(int m, int n, int k, const double* a, ptrdiff_t a_row, ptrdiff_t a_col, const double* b,
          ptrdiff_t b_row, double* c, ptrdiff_t c_row, bool accumulate) {
  reference::gemm(m, n, k, a, a_row, a_col, b, b_row, c, c_row, accumulate);
}

}  // namespace spanlab
#endif  // HWY_ONCE
