// Losses: closed forms, and every gradient against finite differences.
#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "spanlab/loss/task_losses.h"
#include "tests/loss/slopes.h"

namespace spanlab {
namespace {

using testing::expect_gradient;
using testing::random_values;

TEST(CrossEntropy, ClosedForms) {
  const double even[3] = {2, 2, 2};
  const int32_t target = 1;
  const uint8_t counted = 1, not_counted = 0;
  double d[3];
  EXPECT_NEAR(cross_entropy(1, 3, even, &target, &counted, d), std::log(3.0), 1e-12);
  EXPECT_NEAR(d[0], 1.0 / 3, 1e-12);
  EXPECT_NEAR(d[1], -2.0 / 3, 1e-12);
  const double sure[3] = {-1000, 1000, -1000};  // no overflow
  EXPECT_NEAR(cross_entropy(1, 3, sure, &target, &counted, d), 0, 1e-12);
  EXPECT_EQ(cross_entropy(1, 3, even, &target, &not_counted, d), 0);
  EXPECT_EQ(d[0], 0);
}

TEST(CrossEntropy, Gradient) {
  const std::vector<int32_t> target{0, 2, 1, 1};
  const std::vector<uint8_t> counted{1, 1, 0, 1};
  expect_gradient(random_values(12, -3, 3), [&](const double* z, double* d) {
    return cross_entropy(4, 3, z, target.data(), counted.data(), d);
  });
}

TEST(Huber, ClosedForms) {
  const float zero[2] = {0, 0};
  const uint8_t counted = 1;
  double d[2];
  const double values[2] = {0.5, -3};
  EXPECT_NEAR(huber(1, 2, values, zero, &counted, 1.0, d), (0.125 + 2.5) / 2, 1e-12);
  EXPECT_NEAR(d[0], 0.25, 1e-12);
  EXPECT_NEAR(d[1], -0.5, 1e-12);
}

TEST(Huber, PredictingZeroOnAClippedCountdown) {
  // Mean over a target of +-20: 20 - 1/2.
  std::vector<float> target(105, 20.0f);
  const std::vector<double> zero(105, 0.0);
  const uint8_t counted = 1;
  std::vector<double> d(105);
  EXPECT_NEAR(huber(1, 105, zero.data(), target.data(), &counted, 1.0, d.data()), 19.5, 1e-12);
}

TEST(Huber, NotANumberIsNotHidden) {
  const double prediction = std::nan("");
  const float target = 0;
  const uint8_t counted = 1;
  double d = 0;
  EXPECT_TRUE(std::isnan(huber(1, 1, &prediction, &target, &counted, 1.0, &d)));
  EXPECT_TRUE(std::isnan(d));
}

TEST(Huber, Gradient) {
  const std::vector<float> target(10, 0.25f);
  const std::vector<uint8_t> counted{1, 0, 1, 1, 1};
  expect_gradient(random_values(10, -2, 2), [&](const double* p, double* d) {
    return huber(5, 2, p, target.data(), counted.data(), 0.8, d);
  });
}

TEST(BinaryCrossEntropy, ClosedForms) {
  const double p[2] = {0.25, 0.25};
  const float y[2] = {1, 0};
  double d[2];
  EXPECT_NEAR(binary_cross_entropy(2, p, y, 3.0, d), (-3 * std::log(0.25) - std::log(0.75)) / 2,
              1e-12);
  EXPECT_NEAR(d[0], -3 / 0.25 / 2, 1e-12);
  EXPECT_NEAR(d[1], 1 / 0.75 / 2, 1e-12);
}

TEST(BinaryCrossEntropy, ClampedProbabilities) {
  const double p[2] = {0, 1};
  const float y[2] = {1, 0};
  double d[2];
  EXPECT_NEAR(binary_cross_entropy(2, p, y, 1.0, d), -std::log(1e-7), 1e-6);
  EXPECT_EQ(d[0], 0);
  EXPECT_EQ(d[1], 0);
}

TEST(BinaryCrossEntropy, NotANumberIsNotHidden) {
  const double p = std::nan("");
  const float y = 1;
  double d = 0;
  EXPECT_TRUE(std::isnan(binary_cross_entropy(1, &p, &y, 1.0, &d)));
  EXPECT_TRUE(std::isnan(d));
}

TEST(BinaryCrossEntropy, Gradient) {
  const std::vector<float> y{1, 0, 1, 0, 0, 1};
  expect_gradient(random_values(6, 0.05, 0.95), [&](const double* p, double* d) {
    return binary_cross_entropy(6, p, y.data(), 13.1, d);
  });
}

TEST(TaskLosses, ABatchWithoutLabelsSpeaksOfTheSpanTaskAlone) {
  struct Output {
    std::vector<double> logits{1, 2, 3}, pointers{0.5, 0.6}, span{0.2, 0.7}, countdown{1, -2};
  };
  Output d;
  const uint8_t labelled = 0;
  const int32_t type = 0;
  const float none[2] = {0, 0};
  const auto loss = task_losses(
      1, 2, 3, LossConfig{}, TaskTargets<float>{&labelled, &type, none, none, none}, Output{}, d);
  EXPECT_EQ(loss.present, (std::array<bool, 4>{false, false, true, false}));
  EXPECT_GT(loss.loss[2], 0);
  EXPECT_EQ(d.countdown[0], 0);
}

// Two windows of three bars, the second without label.
struct TwoWindows {
  struct Output {
    std::vector<double> logits{1, 2, 3, 0, 0, 0}, pointers{0.5, 0.6, 0.1, 0.2},
        span{0.2, 0.7, 0.5, 0.1, 0.1, 0.1}, countdown{1, -2, 0.5, 3, 3, 3};
  };
  TaskLosses losses(const Output& out, const uint8_t* counted, Output& d) const {
    return task_losses(2, 3, 3, LossConfig{},
                       TaskTargets<double>{labelled.data(), type.data(), pointers.data(),
                                           mask.data(), countdown.data(), counted},
                       out, d);
  }
  std::vector<uint8_t> labelled{1, 0};
  std::vector<int32_t> type{0, 0};
  std::vector<double> pointers{0.1, 0.2, 0, 0}, mask{0, 1, 1, 0, 0, 0},
      countdown{0.5, 0.25, 1, 0, 0, 0};
};

TEST(MaskedCountdown, IsTheMeanOverTheBarsThatCount) {
  const TwoWindows batch;
  const TwoWindows::Output out;
  TwoWindows::Output d, all;
  const std::vector<uint8_t> counted{1, 0, 1, 0, 0, 0};
  const TaskLosses loss = batch.losses(out, counted.data(), d);
  // Errors 0.5 and -0.5: squares over two.
  EXPECT_NEAR(loss.loss[3], 0.125, 1e-12);
  EXPECT_TRUE(loss.present[3]);
  EXPECT_EQ(d.countdown, (std::vector<double>{0.25, 0, -0.25, 0, 0, 0}));
  const TaskLosses unmasked = batch.losses(out, nullptr, all);
  EXPECT_NEAR(unmasked.loss[3], (0.125 + 1.75 + 0.125) / 3, 1e-12);
  for (size_t task = 0; task < 3; ++task) EXPECT_EQ(loss.loss[task], unmasked.loss[task]);
}

TEST(MaskedCountdown, OfAllBarsOfLabelledWindowsIsTheOtherLossToTheBit) {
  const TwoWindows batch;
  const TwoWindows::Output out;
  TwoWindows::Output masked, all;
  const std::vector<uint8_t> counted{1, 1, 1, 0, 0, 0};
  EXPECT_EQ(batch.losses(out, counted.data(), masked).loss, batch.losses(out, nullptr, all).loss);
  EXPECT_EQ(masked.countdown, all.countdown);
}

TEST(MaskedCountdown, WithoutABarThatCountsIsAbsent) {
  TwoWindows::Output d;
  const std::vector<uint8_t> counted(6, 0);
  const TaskLosses loss = TwoWindows().losses({}, counted.data(), d);
  EXPECT_EQ(loss.present, (std::array<bool, 4>{true, true, true, false}));
  EXPECT_EQ(loss.loss[3], 0);
  EXPECT_EQ(d.countdown, std::vector<double>(6, 0.0));
}

TEST(MaskedCountdown, Gradient) {
  const TwoWindows batch;
  const std::vector<uint8_t> counted{1, 0, 1, 0, 0, 0};
  expect_gradient(random_values(6, -3, 3), [&](const double* countdown, double* gradient) {
    TwoWindows::Output out, d;
    out.countdown.assign(countdown, countdown + 6);
    const double loss = batch.losses(out, counted.data(), d).loss[3];
    std::copy(d.countdown.begin(), d.countdown.end(), gradient);
    return loss;
  });
}

TEST(TaskLosses, EachTaskScalesItsOwnGradient) {
  struct Output {
    std::vector<double> logits{1, 2, 3}, pointers{0.5, 0.6}, span{0.2, 0.7}, countdown{1, -2};
  };
  const Output out;
  Output d;
  const uint8_t labelled = 1;
  const int32_t type = 0;
  const float pointers[2] = {0.1f, 0.2f}, mask[2] = {0, 1}, countdown[2] = {5, 4};
  const auto loss =
      task_losses(1, 2, 3, LossConfig{},
                  TaskTargets<float>{&labelled, &type, pointers, mask, countdown}, out, d);
  EXPECT_NEAR(loss.loss[3], (3.5 + 5.5) / 2, 1e-12);
  for (const bool present : loss.present) EXPECT_TRUE(present);
  const Output before = d;
  scale_gradients({0, 1, 2, -1}, d);
  EXPECT_EQ(d.logits[0], 0);
  EXPECT_EQ(d.pointers[0], before.pointers[0]);
  EXPECT_EQ(d.span[1], 2 * before.span[1]);
  EXPECT_EQ(d.countdown[0], -before.countdown[0]);
}

}  // namespace
}  // namespace spanlab
