// What every balancing method must do, one battery over all of them.
#include "spanlab/loss/balancer.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <set>
#include <string>

#include "tests/expect_error.h"
#include "tests/loss/batch_of_tasks.h"

namespace spanlab {
namespace {

using testing::BatchOfTasks;
using testing::dot;

constexpr int kTasks = 4;

class EveryMethod : public ::testing::TestWithParam<std::pair<Balancing, std::string>> {
 protected:
  static std::unique_ptr<Balancer> make(int tasks = kTasks) {
    return testing::balancer(GetParam().first, tasks);
  }
  static bool is(const std::set<std::string>& names) { return names.contains(GetParam().second); }
};

class MethodWithoutDraws : public EveryMethod {};
class MethodThatFollowsTasks : public EveryMethod {};

auto methods_without(const std::set<std::string>& names) {
  auto methods = testing::balancing_methods();
  std::erase_if(methods, [&](const auto& method) { return names.contains(method.second); });
  return ::testing::ValuesIn(methods);
}

std::string method_name(const ::testing::TestParamInfo<EveryMethod::ParamType>& test) {
  return test.param.second;
}

/// A step of training as the trainer does it; the losses then fall by 5 %.
BalancerStep train_on(Balancer& method, uint32_t number) {
  BatchOfTasks batch = BatchOfTasks::random(kTasks, number);
  const BalancerStep step = batch.step(method);
  for (double& loss : batch.loss) loss *= 0.95;
  if (method.needs_losses_after()) method.after_step(batch.loss);
  if (number % 3 == 2) method.end_epoch(batch.loss);
  return step;
}

void expect_finite(const BalancerStep& step) {
  EXPECT_TRUE(std::isfinite(step.total));
  for (const std::vector<double>* values : {&step.shared, &step.own, &step.dlog_scale}) {
    for (const double value : *values) EXPECT_TRUE(std::isfinite(value));
  }
}

void expect_same_bits(const BalancerStep& a, const BalancerStep& b) {
  EXPECT_EQ(a.total, b.total);
  EXPECT_EQ(a.shared, b.shared);
  EXPECT_EQ(a.own, b.own);
  EXPECT_EQ(a.dlog_scale, b.dlog_scale);
}

TEST_P(EveryMethod, AnswersOneFiniteWeightATask) {
  const auto method = make();
  for (uint32_t i = 0; i < 50; ++i) {
    const BalancerStep step = train_on(*method, i);
    EXPECT_EQ(step.shared.size(), size_t{kTasks});
    EXPECT_EQ(step.own.size(), size_t{kTasks});
    EXPECT_EQ(step.dlog_scale.size(), method->learns_log_scale() ? size_t{kTasks} : 0u);
    expect_finite(step);
  }
}

TEST_P(EveryMethod, GoesOnFromItsStateToTheSameBits) {
  const auto method = make();
  const size_t size = method->state().size();
  for (uint32_t i = 0; i < 8; ++i) train_on(*method, i);
  EXPECT_EQ(method->state().size(), size);
  const auto resumed = make();
  resumed->state() = method->state();
  for (uint32_t i = 8; i < 16; ++i) {
    expect_same_bits(train_on(*method, i), train_on(*resumed, i));
    EXPECT_EQ(method->state(), resumed->state());
  }
}

TEST_P(EveryMethod, AbsentTasksGetNothingAndDoNotMatter) {
  const auto method = make();
  const auto other = make();
  for (uint32_t i = 0; i < 8; ++i) {
    BatchOfTasks batch = BatchOfTasks::random(kTasks, i);
    batch.present[2] = 0;
    const BalancerStep step = batch.step(*method);
    EXPECT_EQ(step.shared[2], 0);
    EXPECT_EQ(step.own[2], 0);
    EXPECT_EQ(method->learns_log_scale() ? step.dlog_scale[2] : 0, 0);
    if (method->needs_losses_after()) method->after_step(batch.loss);
    // Whatever stands in the place of the absent task, even no number.
    const double nan = std::numeric_limits<double>::quiet_NaN();
    batch.scale(2, nan);
    expect_same_bits(batch.step(*other), step);
    if (other->needs_losses_after()) other->after_step(batch.loss);
    EXPECT_EQ(other->state(), method->state());
  }
}

TEST_P(MethodWithoutDraws, AbsenceDoesNotTouchTheStateOfATask) {
  // A method for three tasks and one for four, the last of which never comes, answer the same.
  const auto four = make(4);
  const auto three = make(3);
  for (uint32_t i = 0; i < 8; ++i) {
    BatchOfTasks batch = BatchOfTasks::random(4, i);
    batch.present[3] = 0;
    BatchOfTasks small = batch;
    small.loss.pop_back();
    small.log_scale.pop_back();
    small.present.pop_back();
    small.gradients.pop_back();
    const BalancerStep wide = batch.step(*four), narrow = small.step(*three);
    for (size_t t = 0; t < 3; ++t) EXPECT_NEAR(wide.shared[t], narrow.shared[t], 1e-12);
    EXPECT_NEAR(wide.total, narrow.total, 1e-12);
    if (four->needs_losses_after()) {
      for (double& loss : batch.loss) loss *= 0.9 + 0.02 * i;
      for (double& loss : small.loss) loss *= 0.9 + 0.02 * i;
      four->after_step(batch.loss);
      three->after_step(small.loss);
    }
  }
}

TEST_P(EveryMethod, NoTaskPresent) {
  const auto method = make();
  BatchOfTasks batch = BatchOfTasks::random(kTasks, 0);
  batch.present.assign(kTasks, 0);
  const std::vector<double> before = method->state();
  const BalancerStep step = batch.step(*method);
  if (method->needs_losses_after()) method->after_step(batch.loss);
  EXPECT_EQ(step.total, 0);
  EXPECT_EQ(step.shared, std::vector<double>(kTasks, 0.0));
  EXPECT_EQ(step.own, std::vector<double>(kTasks, 0.0));
  EXPECT_EQ(method->state(), before);
}

TEST_P(EveryMethod, OneTaskGetsPositiveWeight) {
  const auto method = make(1);
  for (uint32_t i = 0; i < 5; ++i) {
    BatchOfTasks batch = BatchOfTasks::random(1, i);
    const BalancerStep step = batch.step(*method);
    EXPECT_GT(step.shared[0], 0);
    EXPECT_GT(step.own[0], 0);
    if (method->needs_losses_after()) method->after_step(batch.loss);
  }
}

TEST_P(EveryMethod, GradientsOfZeroAndLossesOfZero) {
  const auto method = make();
  for (uint32_t i = 0; i < 4; ++i) {
    BatchOfTasks batch = BatchOfTasks::random(kTasks, i);
    for (size_t t = 0; t <= i; ++t) batch.scale(t, 0);  // one task, in the end all
    expect_finite(batch.step(*method));
    if (method->needs_losses_after()) method->after_step(batch.loss);
    method->end_epoch(batch.loss);
  }
}

TEST_P(MethodThatFollowsTasks, EqualTasksGetEqualWeights) {
  const auto method = make();
  for (uint32_t i = 0; i < 4; ++i) {
    BatchOfTasks batch = BatchOfTasks::random(kTasks, i);
    batch.loss.assign(kTasks, batch.loss[0]);
    batch.gradients.assign(kTasks, batch.gradients[0]);
    const BalancerStep step = batch.step(*method);
    expect_finite(step);
    // MGDA may choose any weights: all of them make the same direction.
    const double sum = dot(step.shared, std::vector<double>(kTasks, 1.0));
    EXPECT_GT(sum, 0);
    if (is({"mgda", "cagrad"})) continue;
    for (const double weight : step.shared) EXPECT_NEAR(weight, sum / kTasks, 1e-6 * sum);
    if (method->needs_losses_after()) method->after_step(batch.loss);
  }
}

TEST_P(EveryMethod, OpposedGradients) {
  BatchOfTasks batch = BatchOfTasks::of({{1, 0}, {-1, 0}, {0, 2}, {0, -2}});
  expect_finite(batch.step(*make()));
}

TEST_P(EveryMethod, ALossThatIsNoNumberShows) {
  const auto method = make();
  BatchOfTasks batch = BatchOfTasks::random(kTasks, 0);
  batch.scale(1, std::numeric_limits<double>::quiet_NaN());
  const BalancerStep step = batch.step(*method);
  if (method->needs_losses_after()) method->after_step(batch.loss);
  EXPECT_TRUE(std::isnan(step.total));
  // Either a weight is no number or the broken gradient enters with a weight.
  bool shows = step.shared[1] != 0;
  for (const double weight : step.shared) shows |= std::isnan(weight);
  EXPECT_TRUE(shows);
}

TEST_P(EveryMethod, ABrokenBatchDoesNotBreakTheNext) {
  for (const double broken : {std::numeric_limits<double>::quiet_NaN(), HUGE_VAL}) {
    const auto method = make();
    for (uint32_t i = 0; i < 3; ++i) {
      BatchOfTasks batch = BatchOfTasks::random(kTasks, i);
      if (i == 0) batch.scale(1, broken);
      const BalancerStep step = batch.step(*method);
      if (method->needs_losses_after()) method->after_step(batch.loss);
      method->end_epoch(batch.loss);
      if (i > 0) expect_finite(step);
    }
  }
}

TEST_P(EveryMethod, ScaleOfALossMattersExactlyAsDocumented) {
  // Direction on the shared parameters after a loss has been in another unit all along.
  const std::set<std::string> invariant{"initial_loss", "uncertainty_optimal", "imtl_g", "nash_mtl",
                                        "famo"};
  // Powers of two, so that not even rounding differs.
  const auto direction = [&](double c) {
    const auto method = make();
    std::vector<double> last;
    for (uint32_t i = 0; i < 4; ++i) {
      BatchOfTasks batch = BatchOfTasks::random(kTasks, i);
      batch.scale(1, c);
      last = batch.direction(batch.step(*method).shared);
      for (double& loss : batch.loss) loss *= 0.9 + 0.01 * i;
      if (method->needs_losses_after()) method->after_step(batch.loss);
      method->end_epoch(batch.loss);
    }
    const double length = std::sqrt(dot(last, last));
    for (double& value : last) value /= length;
    return last;
  };
  const double cosine = dot(direction(1), direction(1024));
  if (is(invariant)) {
    EXPECT_NEAR(cosine, 1, 1e-9);
  } else {
    EXPECT_LT(cosine, 0.99);
  }
}

INSTANTIATE_TEST_SUITE_P(Balancing, EveryMethod, methods_without({}), method_name);
INSTANTIATE_TEST_SUITE_P(Balancing, MethodWithoutDraws, methods_without({"rlw", "pcgrad"}),
                         method_name);
INSTANTIATE_TEST_SUITE_P(Balancing, MethodThatFollowsTasks, methods_without({"fixed", "rlw"}),
                         method_name);

TEST(MakeBalancer, FixedWeightsMustBeInRange) {
  const BalancingConfig config{.method = Balancing::fixed};
  expect_error(
      [&] {
        make_balancer(config, {1, -2, 3}, 0);
      },
      {"the loss weight -2 is out of range"});
  const double nan = std::numeric_limits<double>::quiet_NaN();
  expect_error([&] { make_balancer(config, {1, nan, 3}, 0); }, {"out of range"});
}

}  // namespace
}  // namespace spanlab
