// Jade against an independent implementation: outputs, losses, every gradient, AdamW steps.
#include <gtest/gtest.h>

#include "spanlab/kernels/adamw.h"
#include "spanlab/loss/balancer.h"
#include "spanlab/loss/task_losses.h"
#include "tests/model/golden.h"

namespace spanlab {
namespace {

// Relative to each tensor's largest magnitude.
template <class Real>
constexpr double kTolerance = sizeof(Real) == 4 ? 5e-6 : 1e-9;

constexpr DropoutKey kTrainingPass{};  // with nothing to drop

template <class Real>
class JadeGolden : public ::testing::Test {
 protected:
  static std::array<double, kTaskCount> losses(Golden<Real>& g, const JadeOutput<Real>& out,
                                               JadeOutput<Real>& d, double pos_weight = 1) {
    d.resize(kGoldenBatch, g.model.config());
    const TaskTargets<Real> target{g.counted.data(), g.type.data(), g.pointers.data(),
                                   g.mask.data(), g.countdown.data()};
    return task_losses(kGoldenBatch, 105, kTypeClasses, {.span_pos_weight = pos_weight}, target,
                       out, d)
        .loss;
  }

  static BalancerStep balance(const Golden<Real>& g, const std::array<double, kTaskCount>& loss) {
    constexpr std::array<uint8_t, kTaskCount> kPresent{1, 1, 1, 1};
    std::array<double, kTaskCount> log_sigma{};
    for (size_t t = 0; t < kTaskCount; ++t) {
      log_sigma[t] = g.block[g.model.log_sigma(static_cast<Task>(t))];
    }
    return make_balancer({.method = Balancing::uncertainty}, {1, 1, 1, 1}, 0)
        ->step({.loss = loss, .present = kPresent, .gram = {}, .log_scale = log_sigma});
  }

  /// Gradient of the training total, sigmas included.
  static std::vector<Real> total_gradient(Golden<Real>& g) {
    JadeOutput<Real> d;
    const auto& out =
        g.model.forward(g.pool, g.block.data(), kGoldenBatch, g.input.data(), kTrainingPass);
    const BalancerStep b = balance(g, losses(g, out, d));
    std::array<double, kTaskCount> weight{};
    std::copy(b.shared.begin(), b.shared.end(), weight.begin());
    scale_gradients(weight, d);
    std::vector<Real> gradient(g.block.size(), Real(0));
    g.model.backward(g.pool, g.block.data(), d, gradient.data());
    for (size_t t = 0; t < kTaskCount; ++t) {
      gradient[g.model.log_sigma(static_cast<Task>(t))] += static_cast<Real>(b.dlog_scale[t]);
    }
    return gradient;
  }
};

using Reals = ::testing::Types<float, double>;
TYPED_TEST_SUITE(JadeGolden, Reals);

TYPED_TEST(JadeGolden, ParameterCountIsThatOfTheReportedRun) {
  EXPECT_EQ(Jade<TypeParam>(JadeConfig{}).table().size(), 97547u);
}

TYPED_TEST(JadeGolden, OutputsAndLosses) {
  for (const std::string& path : golden_files()) {
    SCOPED_TRACE(path);
    Golden<TypeParam> g(path);
    const auto& out =
        g.model.forward(g.pool, g.block.data(), kGoldenBatch, g.input.data(), kTrainingPass);
    const double tolerance = kTolerance<TypeParam>;
    EXPECT_LT(golden_difference(out.logits.data(), g.file.find("out.logits")->doubles()),
              tolerance);
    EXPECT_LT(golden_difference(out.pointers.data(), g.file.find("out.pointers")->doubles()),
              tolerance);
    EXPECT_LT(golden_difference(out.span.data(), g.file.find("out.span_prob")->doubles()),
              tolerance);
    EXPECT_LT(golden_difference(out.countdown.data(), g.file.find("out.countdown")->doubles()),
              tolerance);
    JadeOutput<TypeParam> d;
    const auto loss = this->losses(g, out, d);
    for (size_t t = 0; t < kTaskCount; ++t) {
      const double want = g.file.find("loss." + std::string(kTaskNames[t]))->doubles()[0];
      EXPECT_LT(std::abs(loss[t] - want) / want, tolerance) << kTaskNames[t];
    }
    const double weighted = g.file.find("loss.span_pos_weight_13.1")->doubles()[0];
    EXPECT_LT(std::abs(this->losses(g, out, d, 13.1)[2] - weighted) / weighted, tolerance);
    const double total = g.file.find("loss.total")->doubles()[0];
    EXPECT_LT(std::abs(this->balance(g, loss).total - total) / total, tolerance);
  }
}

TYPED_TEST(JadeGolden, GradientsOfEveryTask) {
  for (const std::string& path : golden_files()) {
    SCOPED_TRACE(path);
    Golden<TypeParam> g(path);
    int compared = 0;
    for (size_t task = 0; task < kTaskCount; ++task) {
      JadeOutput<TypeParam> d;
      const auto& out =
          g.model.forward(g.pool, g.block.data(), kGoldenBatch, g.input.data(), kTrainingPass);
      this->losses(g, out, d);
      std::array<double, kTaskCount> only{};
      only[task] = 1;
      scale_gradients(only, d);
      std::vector<TypeParam> gradient(g.block.size(), TypeParam(0));
      g.model.backward(g.pool, g.block.data(), d, gradient.data());
      for (const Parameter& p : g.model.table().entries()) {
        const Tensor* want =
            g.file.find("grad_task." + std::string(kTaskNames[task]) + "." + p.name);
        if (want == nullptr) continue;
        ++compared;
        EXPECT_LT(golden_difference(gradient.data() + p.offset, want->doubles()),
                  kTolerance<TypeParam>)
            << kTaskNames[task] << " " << p.name;
      }
    }
    EXPECT_GE(compared, 4 * 10);
  }
}

TYPED_TEST(JadeGolden, GradientOfTheTrainingTotal) {
  for (const std::string& path : golden_files()) {
    SCOPED_TRACE(path);
    Golden<TypeParam> g(path);
    const std::vector<TypeParam> gradient = this->total_gradient(g);
    for (const Parameter& p : g.model.table().entries()) {
      EXPECT_LT(golden_difference(gradient.data() + p.offset,
                                  g.file.find("grad_total." + p.name)->doubles()),
                kTolerance<TypeParam>)
          << p.name;
    }
  }
}

TYPED_TEST(JadeGolden, WeightsAfterAdamWSteps) {
  for (const std::string& path : golden_files()) {
    SCOPED_TRACE(path);
    Golden<TypeParam> g(path);
    std::vector<TypeParam> mean(g.block.size(), TypeParam(0)), square(mean);
    for (int step = 1; step <= 3; ++step) {
      const std::vector<TypeParam> gradient = this->total_gradient(g);
      using R = TypeParam;
      adamw(g.block.size(), gradient.data(), R(1 - 1e-3 * 0.01), R(0.9), R(0.999),
            R(1e-3 / (1 - std::pow(0.9, step))), R(std::sqrt(1 - std::pow(0.999, step))), R(1e-8),
            g.block.data(), mean.data(), square.data());
      g.model.prepare(g.pool, g.block.data());
      if (step == 2) continue;
      size_t close = 0;
      double worst = 0;
      for (const Parameter& p : g.model.table().entries()) {
        const auto want =
            g.file.find("param_after_" + std::to_string(step) + "." + p.name)->doubles();
        for (size_t i = 0; i < p.size; ++i) {
          const double gap = std::abs(static_cast<double>(g.block[p.offset + i]) - want[i]);
          worst = std::max(worst, gap);
          close += gap < (sizeof(R) == 4 ? 1e-6 : 1e-9);
        }
      }
      EXPECT_LT(worst, sizeof(R) == 4 ? 1e-5 : 1e-7) << step;
      EXPECT_GT(static_cast<double>(close) / static_cast<double>(g.block.size()), 0.999) << step;
    }
  }
}

}  // namespace
}  // namespace spanlab
