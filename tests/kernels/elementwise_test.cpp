// Per-bar heads, dropout masks and AdamW: fast kernels against their references.
#include <gtest/gtest.h>

#include "spanlab/kernels/adamw.h"
#include "spanlab/kernels/bar_head.h"
#include "spanlab/kernels/dropout.h"
#include "spanlab/kernels/reference.h"
#include "tests/kernels/compare.h"

namespace spanlab {
namespace {

TEST(BarHead, EveryWidthAndMisalignment) {
  RandomStream stream(1, Purpose::parameter_init);
  for (int width = 1; width <= 70; ++width) {
    const auto w = static_cast<size_t>(width);
    constexpr int kRows = 5;
    const Array x(kRows * w, w % 16, stream), weight(w, w % 7, stream), dout(kRows, 1, stream);
    std::vector<uint8_t> keep(kRows * w);
    for (uint8_t& k : keep) k = static_cast<uint8_t>(stream.below(2));
    for (const bool masked : {false, true}) {
      const uint8_t* mask = masked ? keep.data() : nullptr;
      Array out(kRows, 3, stream), dx(kRows * w, 2, stream), dweight(w, 5, stream);
      Array want_out = out, want_dx = dx, want_dweight = dweight;
      bar_head_forward(kRows, width, x.data(), mask, 2.5f, weight.data(), 0.25f, out.data());
      bar_head_backward(kRows, width, x.data(), mask, 2.5f, weight.data(), dout.data(), dx.data(),
                        dweight.data());
      reference::bar_head_forward(kRows, width, x.data(), mask, 2.5f, weight.data(), 0.25f,
                                  want_out.data());
      reference::bar_head_backward(kRows, width, x.data(), mask, 2.5f, weight.data(), dout.data(),
                                   want_dx.data(), want_dweight.data());
      EXPECT_LT(relative_difference(out, want_out), 2e-6) << width;
      EXPECT_LT(relative_difference(dx, want_dx), 2e-6) << width;
      EXPECT_LT(relative_difference(dweight, want_dweight), 2e-6) << width;
      EXPECT_TRUE(out.guards_intact() && dx.guards_intact() && dweight.guards_intact());
    }
  }
}

TEST(Dropout, SameBitsAsTheReferenceAtEveryLength) {
  for (size_t count = 0; count < 300; ++count) {
    std::vector<uint8_t> got(count + 1, 9), want(count + 1, 9);
    dropout_keep(0x123456789ABCDEFull, {1, 2, 3}, 0.6, count, got.data());
    reference::dropout_keep(0x123456789ABCDEFull, {1, 2, 3}, 0.6, count, want.data());
    EXPECT_EQ(got, want) << count;
    EXPECT_EQ(got[count], 9);
  }
}

TEST(Dropout, DropsTheAskedFraction) {
  constexpr size_t kCount = 1 << 20;
  for (const double drop : {0.0, 0.1, 0.3, 0.5, 0.6, 0.95}) {
    std::vector<uint8_t> keep(kCount);
    dropout_keep(5, {0, 1, 6}, drop, kCount, keep.data());
    const double kept = static_cast<double>(std::count(keep.begin(), keep.end(), 1)) / kCount;
    EXPECT_NEAR(kept, 1 - drop, 5 * std::sqrt(drop * (1 - drop) / kCount) + 1e-5) << drop;
  }
}

TEST(Dropout, NeighboursAndStreamsAreUncorrelated) {
  constexpr size_t kCount = 1 << 18;
  std::vector<uint8_t> a(kCount), b(kCount);
  dropout_keep(5, {0, 1, 6}, 0.5, kCount, a.data());
  for (const auto& other : {std::array<uint32_t, 3>{1, 1, 6}, {0, 2, 6}, {0, 1, 7}}) {
    dropout_keep(5, other, 0.5, kCount, b.data());
    size_t equal = 0;
    for (size_t i = 0; i < kCount; ++i) equal += a[i] == b[i];
    EXPECT_NEAR(static_cast<double>(equal) / kCount, 0.5, 0.005);
  }
  for (const size_t lag : {1u, 2u, 16u, 128u}) {
    size_t equal = 0;
    for (size_t i = lag; i < kCount; ++i) equal += a[i] == a[i - lag];
    EXPECT_NEAR(static_cast<double>(equal) / static_cast<double>(kCount - lag), 0.5, 0.005) << lag;
  }
}

TEST(AdamW, EveryLength) {
  RandomStream stream(2, Purpose::parameter_init);
  for (size_t count = 1; count <= 70; ++count) {
    const Array gradient(count, count % 5, stream);
    Array parameter(count, 1, stream), mean(count, 2, stream, 0.1), square(count, 3, stream, 0.1);
    for (size_t i = 0; i < count; ++i) square.data()[i] = std::abs(square.data()[i]);
    Array p = parameter, m = mean, v = square;
    adamw(count, gradient.data(), 0.99f, 0.9f, 0.999f, 0.01f, 0.5f, 1e-8f, parameter.data(),
          mean.data(), square.data());
    reference::adamw(count, gradient.data(), 0.99f, 0.9f, 0.999f, 0.01f, 0.5f, 1e-8f, p.data(),
                     m.data(), v.data());
    EXPECT_LT(relative_difference(parameter, p), 1e-6);
    EXPECT_LT(relative_difference(mean, m), 1e-6);
    EXPECT_LT(relative_difference(square, v), 1e-6);
    EXPECT_TRUE(parameter.guards_intact() && mean.guards_intact() && square.guards_intact());
  }
}

TEST(AdamW, FirstStepMovesByTheLearningRate) {
  double parameter = 1, mean = 0, square = 0;
  const double gradient = 0.3;
  adamw(1, &gradient, 1 - 1e-3 * 0.01, 0.9, 0.999, 1e-3 / (1 - 0.9), std::sqrt(1 - 0.999), 1e-8,
        &parameter, &mean, &square);
  EXPECT_NEAR(parameter, 1 * (1 - 1e-5) - 1e-3, 1e-10);
}

}  // namespace
}  // namespace spanlab
