// The matrix product against its reference, at every size of tile and misalignment.
#include "spanlab/kernels/gemm.h"

#include <gtest/gtest.h>

#include <cstring>

#include "spanlab/kernels/reference.h"
#include "tests/kernels/compare.h"

namespace spanlab {
namespace {

void check(int m, int n, int k, bool transposed, bool accumulate, size_t shift) {
  RandomStream stream(7, Purpose::parameter_init, static_cast<uint32_t>(m * 1000 + n),
                      static_cast<uint32_t>(k));
  const ptrdiff_t b_row = n + 3, c_row = n + 5;
  const ptrdiff_t a_row = transposed ? 1 : k + 1;
  const ptrdiff_t a_col = transposed ? m + 2 : 1;
  const auto area = [](ptrdiff_t rows, ptrdiff_t columns) {
    return static_cast<size_t>(rows * columns);
  };
  const Array a(transposed ? area(k, m + 2) : area(m, k + 1), shift, stream);
  const Array b(area(k, b_row), shift + 1, stream);
  Array got(area(m, c_row), shift + 2, stream);
  Array want = got;
  gemm(m, n, k, a.data(), a_row, a_col, b.data(), b_row, got.data(), c_row, accumulate);
  reference::gemm(m, n, k, a.data(), a_row, a_col, b.data(), b_row, want.data(), c_row, accumulate);
  EXPECT_LT(relative_difference(got, want), 1e-6 * (1 + k / 64.0))
      << m << " x " << n << " x " << k << (transposed ? " transposed" : "");
  EXPECT_TRUE(got.guards_intact());
  for (ptrdiff_t i = 0; i < m; ++i) {  // the space between rows is left alone
    for (ptrdiff_t j = n; j < c_row; ++j) {
      EXPECT_EQ(got.data()[i * c_row + j], want.data()[i * c_row + j]);
    }
  }
}

TEST(Gemm, EverySizeUpToTwoTiles) {
  for (int m = 1; m <= 17; ++m) {
    for (int n = 1; n <= 100; n += (n < 52 ? 1 : 11)) check(m, n, 5, n % 2 == 0, m % 2 == 0, 0);
  }
}

TEST(Gemm, DepthsAroundTheBlock) {
  for (const int k : {1, 2, 127, 128, 129, 255, 256, 257, 511, 512, 513, 1000}) {
    check(9, 50, k, true, true, 3);
    check(9, 50, k, true, false, 3);
  }
}

TEST(Gemm, Misalignment) {
  for (size_t shift = 0; shift < 16; ++shift) check(8, 49, 33, false, true, shift);
}

TEST(Gemm, ShapesOfTheModel) {
  check(96, 384, 3328, true, false, 0);  // recurrent weight gradient
  check(12, 384, 3360, true, false, 0);  // input weight gradient
  check(32, 96, 384, false, false, 0);   // hidden gradient
  check(32, 64, 192, false, false, 0);   // projection
}

TEST(Gemm, EmptyDepthGivesZerosOrLeavesC) {
  float c[4] = {1, 2, 3, 4};
  const float none = 0;
  gemm(2, 2, 0, &none, 1, 1, &none, 1, c, 2, true);
  EXPECT_EQ(c[3], 4);
  gemm(2, 2, 0, &none, 1, 1, &none, 1, c, 2, false);
  EXPECT_EQ(c[0], 0);
  EXPECT_EQ(c[3], 0);
}

TEST(Gemm, PartsHaveTheBitsOfTheWhole) {
  RandomStream stream(3, Purpose::parameter_init);
  constexpr int kM = 29, kN = 131, kK = 700;
  const Array a(kM * kK, 0, stream), b(kK * kN, 0, stream);
  Array whole(kM * kN, 0, stream), parts(kM * kN, 0, stream);
  gemm(kM, kN, kK, a.data(), kK, 1, b.data(), kN, whole.data(), kN, false);
  for (int m = 0; m < kM; m += 5) {
    for (int n = 0; n < kN; n += 37) {
      gemm(std::min(5, kM - m), std::min(37, kN - n), kK, a.data() + m * kK, kK, 1, b.data() + n,
           kN, parts.data() + m * kN + n, kN, false);
    }
  }
  EXPECT_EQ(std::memcmp(whole.data(), parts.data(), whole.size() * sizeof(float)), 0);
}

TEST(Gemm, ColumnSumsWithAFactorOfStrideZero) {
  RandomStream stream(4, Purpose::parameter_init);
  const Array b(300 * 40, 0, stream);
  float sums[40];
  const float one = 1;
  gemm(1, 40, 300, &one, 0, 0, b.data(), 40, sums, 40, false);
  for (int j = 0; j < 40; ++j) {
    double want = 0;
    for (int k = 0; k < 300; ++k) want += b.data()[k * 40 + j];
    EXPECT_NEAR(sums[j], want, 1e-5);
  }
}

}  // namespace
}  // namespace spanlab
