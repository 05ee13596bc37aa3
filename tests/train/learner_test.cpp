// The learner: what it trains, what it leaves alone, that it learns at all.
#include "spanlab/train/learner.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "spanlab/windows/window.h"
#include "tests/expect_error.h"
#include "tests/train/learner_bench.h"

namespace spanlab {
namespace {

TEST(Learner, EvaluationChangesNothing) {
  LearnerBench s;
  Learner learner(s.recipe, s.dataset, s.all, 2);
  const std::vector<float> before = learner.state().parameters;
  const BatchLosses first = learner.evaluate_batch(s.all);
  const BatchLosses again = learner.evaluate_batch(s.all);
  EXPECT_EQ(first.total, again.total);
  EXPECT_EQ(learner.state().parameters, before);
}

TEST(Learner, FitsOneBatchWithoutDropout) {
  LearnerBench s;
  s.recipe.model.input_dropout = s.recipe.model.head_dropout = 0;
  s.recipe.loss.tasks = {Task::span};
  s.recipe.balancing.method = Balancing::sum;
  s.recipe.train.rate.peak = 0.01;
  Learner learner(s.recipe, s.dataset, s.all, 2);
  const std::vector<int> batch(s.all.begin(), s.all.begin() + 8);
  const double before = learner.evaluate_batch(batch).total;
  for (int step = 0; step < 400; ++step) learner.train_batch(batch, 1, step);
  EXPECT_LT(learner.evaluate_batch(batch).total, 0.02 * before);
}

TEST(Learner, TheGradientIsThatOfTheTrainingTotal) {
  // Directional derivative along the gradient itself, in float: coarse, but end to end.
  LearnerBench s;
  s.recipe.model.input_dropout = s.recipe.model.head_dropout = 0;
  s.recipe.train.rate.peak = 0;
  Learner learner(s.recipe, s.dataset, s.all, 1);
  learner.train_batch(s.all, 1, 0);
  const std::vector<float> gradient = learner.gradient();
  double squares = 0;
  for (const float g : gradient) squares += static_cast<double>(g) * static_cast<double>(g);
  const std::vector<float> start = learner.state().parameters;
  const auto total_at = [&](double step) {
    for (size_t i = 0; i < start.size(); ++i) {
      learner.state().parameters[i] = static_cast<float>(start[i] + step * gradient[i]);
    }
    return learner.evaluate_batch(s.all).total;
  };
  const double step = 1e-3 / std::sqrt(squares);
  EXPECT_NEAR((total_at(step) - total_at(-step)) / (2 * step), squares, 0.02 * squares);
}

TEST(Learner, ABatchWithoutLabelsMovesNoSigmaButTheSpans) {
  LearnerBench s;
  for (uint8_t& flag : s.dataset.labelled) flag = 0;
  s.recipe.train.adamw.weight_decay = 0;
  Learner learner(s.recipe, s.dataset, s.all, 1);
  const std::array<double, 4> before{learner.sigma(Task::type), learner.sigma(Task::ptr),
                                     learner.sigma(Task::span), learner.sigma(Task::countdown)};
  for (int step = 0; step < 5; ++step) learner.train_batch(s.all, 1, step);
  EXPECT_EQ(learner.sigma(Task::type), before[0]);
  EXPECT_EQ(learner.sigma(Task::ptr), before[1]);
  EXPECT_NE(learner.sigma(Task::span), before[2]);
  EXPECT_EQ(learner.sigma(Task::countdown), before[3]);
}

TEST(Learner, TaskWeightsAreSharesOfPrecision) {
  LearnerBench s;
  Learner learner(s.recipe, s.dataset, s.all, 1);
  const auto weights = learner.task_weights();
  const double pointers = std::exp(0.6);  // 1 / sigma^2 with log sigma = -0.3
  EXPECT_NEAR(weights[1], pointers / (pointers + 3), 1e-6);
  EXPECT_NEAR(weights[0] + weights[1] + weights[2] + weights[3], 1, 1e-9);
  s.recipe.balancing.method = Balancing::sum;
  s.recipe.loss.tasks = {Task::type, Task::span};
  EXPECT_EQ(Learner(s.recipe, s.dataset, s.all, 1).task_weights()[2], 0.5);
}

double length_of(std::span<const float> values) {
  double squares = 0;
  for (const float v : values) squares += static_cast<double>(v) * static_cast<double>(v);
  return std::sqrt(squares);
}

TEST(Learner, TheScheduleSetsTheStep) {
  LearnerBench s;
  s.recipe.train.adamw.weight_decay = 0;
  s.recipe.train.rate.schedule = Schedule::one_cycle;
  Learner rising(s.recipe, s.dataset, s.all, 1);
  s.recipe.train.rate.schedule = Schedule::constant;
  s.recipe.train.rate.peak /= 25;  // where one_cycle starts
  Learner constant(s.recipe, s.dataset, s.all, 1);
  rising.train_batch(s.all, 1, 0);
  constant.train_batch(s.all, 1, 0);
  EXPECT_EQ(rising.state().parameters, constant.state().parameters);
  rising.train_batch(s.all, 1, 1);
  constant.train_batch(s.all, 1, 1);
  EXPECT_NE(rising.state().parameters, constant.state().parameters);
}

TEST(Learner, ClippingShortensTheGradientOfTheStepAlone) {
  LearnerBench s;
  Learner plain(s.recipe, s.dataset, s.all, 1);
  plain.train_batch(s.all, 1, 0);
  const double length = length_of(plain.gradient());
  s.recipe.train.clip_norm = 2 * length;
  Learner loose(s.recipe, s.dataset, s.all, 1);
  loose.train_batch(s.all, 1, 0);
  EXPECT_EQ(loose.state().parameters, plain.state().parameters);
  s.recipe.train.clip_norm = length / 4;
  Learner tight(s.recipe, s.dataset, s.all, 1);
  tight.train_batch(s.all, 1, 0);
  EXPECT_EQ(tight.gradient(), plain.gradient());  // what is recorded
  // AdamW's first moment after a step is (1 - beta1) times the gradient that it was given.
  EXPECT_NEAR(length_of(tight.state().mean), 0.1 * length / 4, 1e-5 * length);
}

TEST(Learner, TheSpanHeadCanStartAtTheBaseRate) {
  LearnerBench s;
  s.recipe.model.span_start = SpanStart::prior;
  const std::vector<int> train(s.all.begin(), s.all.begin() + 10);
  double inside = 0;
  for (const int w : train) {
    for (int bar = 0; bar < 30; ++bar) inside += s.dataset.mask[static_cast<size_t>(w * 30 + bar)];
  }
  Learner learner(s.recipe, s.dataset, train, 1);
  learner.evaluate_batch(s.all);
  for (const float p : learner.span_probabilities()) EXPECT_NEAR(p, inside / 300, 1e-6);
  const std::vector<float> before = learner.state().parameters;
  learner.train_batch(s.all, 1, 0);
  const Parameter* weight = learner.table().find("expansion_span_emission.1.weight");
  ASSERT_NE(weight, nullptr);
  EXPECT_NE(learner.state().parameters[weight->offset], 0);  // it is not stuck there
}

TEST(Learner, ABaseRateOfNothingStaysFinite) {
  LearnerBench s;
  s.recipe.model.span_start = SpanStart::prior;
  std::fill(s.dataset.mask.begin(), s.dataset.mask.end(), 0.0f);
  Learner learner(s.recipe, s.dataset, s.all, 1);
  learner.evaluate_batch(s.all);
  EXPECT_NEAR(learner.span_probabilities()[0], 0.5 / (24 * 30), 1e-6);
}

TEST(Learner, AFrozenParameterKeepsItsValue) {
  LearnerBench s;
  Learner learner(s.recipe, s.dataset, s.all, 1);
  const size_t trainable = learner.trainable_parameters();
  const Parameter frozen = *learner.table().find("lstm.weight_hh_l0");
  learner.freeze(frozen.name);
  EXPECT_EQ(learner.trainable_parameters(), trainable - frozen.size);
  const std::vector<float> before = learner.state().parameters;
  learner.train_batch(s.all, 1, 0);
  for (size_t i = 0; i < before.size(); ++i) {
    const bool inside = i >= frozen.offset && i < frozen.offset + frozen.size;
    if (!inside) continue;
    ASSERT_EQ(learner.state().parameters[i], before[i]);
  }
  EXPECT_NE(learner.state().parameters[frozen.offset + frozen.size],
            before[frozen.offset + frozen.size]);
  expect_error([&] { learner.freeze("lstm.weight_hh_l00"); },
               {"lstm.weight_hh_l00", "did you mean lstm.weight_hh_l0?"});
}

TEST(Learner, HooksSeeAndChangeTheGradients) {
  LearnerBench s;
  Learner learner(s.recipe, s.dataset, s.all, 1);
  Learner flipped(s.recipe, s.dataset, s.all, 1);
  learner.train_batch(s.all, 1, 0);
  flipped.on_output_gradient = [](JadeOutput<float>& d) {
    for (auto* values : {&d.logits, &d.pointers, &d.span, &d.countdown}) {
      for (float& v : *values) v = -v;
    }
  };
  std::vector<int> calls;
  flipped.on_gradient = [&](std::span<float> gradient, int epoch, int batch) {
    calls = {epoch, batch};
    const Parameter& p = learner.table().entries()[0];
    EXPECT_EQ(gradient[p.offset], -learner.gradient()[p.offset]);
    std::fill(gradient.begin(), gradient.end(), 0.0f);
  };
  flipped.train_batch(s.all, 1, 0);
  EXPECT_EQ(calls, (std::vector<int>{1, 0}));
  EXPECT_EQ(length_of(flipped.gradient()), 0);
  EXPECT_EQ(length_of(flipped.state().mean), 0);
}

TEST(Learner, DiagnosisChangesNoBit) {
  for (const Balancing method : {Balancing::uncertainty, Balancing::pcgrad, Balancing::famo}) {
    LearnerBench s;
    s.recipe.balancing.method = method;
    Learner plain(s.recipe, s.dataset, s.all, 1), watched(s.recipe, s.dataset, s.all, 1);
    for (int batch = 0; batch < 3; ++batch) {
      BatchDiagnostics diagnostics;
      const BatchLosses a = plain.train_batch(s.all, 1, batch);
      const BatchLosses b = watched.train_batch(s.all, 1, batch, &diagnostics);
      EXPECT_EQ(a.total, b.total);
      EXPECT_EQ(plain.gradient(), watched.gradient());
      EXPECT_EQ(plain.span_probabilities(), watched.span_probabilities());
      EXPECT_EQ(plain.state().parameters, watched.state().parameters);
    }
  }
}

TEST(Learner, DiagnosisSaysWhatTheBatchDid) {
  LearnerBench s;
  s.recipe.loss.tasks = {Task::span, Task::countdown};
  s.recipe.train.rate.schedule = Schedule::cosine;
  Learner learner(s.recipe, s.dataset, s.all, 1);
  BatchDiagnostics seen;
  learner.train_batch(s.all, 10, 0, &seen);
  EXPECT_EQ(seen.task_gradients.epoch, 10);
  EXPECT_FALSE(seen.task_gradients.norm[0].has_value());
  EXPECT_GT(*seen.task_gradients.norm[2], 0);
  EXPECT_EQ(*seen.task_gradients.weight[3], 0.5);  // 1 / (2 sigma^2)
  EXPECT_LE(std::abs(*seen.task_gradients.cosine[5]), 1);
  // The encoder's gradient is half the sum of the two, by the law of cosines.
  double squares = 0;
  for (const Parameter& p : learner.table().entries()) {
    if (!p.name.starts_with("lstm.")) continue;
    const double norm = length_of(std::span(learner.gradient()).subspan(p.offset, p.size));
    squares += norm * norm;
  }
  const double a = *seen.task_gradients.norm[2], b = *seen.task_gradients.norm[3];
  EXPECT_NEAR(4 * squares, a * a + b * b + 2 * a * b * *seen.task_gradients.cosine[5],
              1e-4 * squares);
  EXPECT_EQ(seen.updates.learning_rate, s.recipe.train.rate.peak);
  EXPECT_EQ(seen.updates.ratios.size(), learner.table().entries().size());
  EXPECT_EQ(seen.gates.size(), 2u * 4u);
  EXPECT_EQ(seen.gates[5].direction, 1);
  EXPECT_EQ(seen.gates[5].gate, 'f');
}

const Balancing kMethods[] = {
    Balancing::sum,    Balancing::fixed,  Balancing::initial_loss, Balancing::uncertainty,
    Balancing::dwa,    Balancing::rlw,    Balancing::gradnorm,     Balancing::uncertainty_optimal,
    Balancing::pcgrad, Balancing::cagrad, Balancing::mgda,         Balancing::imtl_l,
    Balancing::imtl_g, Balancing::famo,   Balancing::nash_mtl,     Balancing::aligned_mtl};

TEST(Learner, EveryMethodTrainsTheSameWithAnyNumberOfThreads) {
  LearnerBench s;
  for (const Balancing method : kMethods) {
    s.recipe.balancing.method = method;
    Learner one(s.recipe, s.dataset, s.all, 1), three(s.recipe, s.dataset, s.all, 3);
    const double before = one.evaluate_batch(s.all).tasks.loss[3];
    for (int batch = 0; batch < 30; ++batch) {
      one.train_batch(s.all, 1, batch);
      if (batch < 2) three.train_batch(s.all, 1, batch);
      if (batch == 1) {
        EXPECT_EQ(one.state().parameters, three.state().parameters);
      }
    }
    const TaskLosses after = one.evaluate_batch(s.all).tasks;
    EXPECT_LT(after.loss[3], before) << static_cast<int>(method);
    for (const double loss : after.loss) EXPECT_TRUE(std::isfinite(loss));
  }
}

TEST(Learner, OneTaskIsTheSameUnderEveryMethodThatOnlyCombines) {
  // With one task there is nothing to join; up to rounding, as the weight is 1.
  LearnerBench s;
  s.recipe.loss.tasks = {Task::span};
  s.recipe.balancing.method = Balancing::sum;
  Learner plain(s.recipe, s.dataset, s.all, 1);
  plain.train_batch(s.all, 1, 0);
  for (const Balancing method : {Balancing::fixed, Balancing::pcgrad, Balancing::mgda,
                                 Balancing::dwa, Balancing::gradnorm, Balancing::aligned_mtl}) {
    s.recipe.balancing.method = method;
    Learner learner(s.recipe, s.dataset, s.all, 1);
    learner.train_batch(s.all, 1, 0);
    for (size_t i = 0; i < plain.gradient().size(); ++i) {
      ASSERT_NEAR(learner.gradient()[i], plain.gradient()[i], 1e-6) << static_cast<int>(method);
    }
  }
}

TEST(Learner, AWarmStartPutsTheLogScalesAtTheirOptimum) {
  LearnerBench s;
  s.recipe.balancing.sigma_start = SigmaStart::warm;
  s.recipe.balancing.sigma_rate = 0;
  Learner learner(s.recipe, s.dataset, s.all, 1);
  const BatchLosses first = learner.train_batch(s.all, 1, 0);
  for (int t = 0; t < kTaskCount; ++t) {  // sigma^2 = L
    const double sigma = learner.sigma(static_cast<Task>(t));
    const double loss = first.tasks.loss[static_cast<size_t>(t)];
    EXPECT_NEAR(sigma * sigma, loss, 1e-5 * loss);
    const Parameter& p = *learner.table().find("log_sigma_" + std::string(kTaskNames[t]));
    EXPECT_NEAR(learner.gradient()[p.offset], 0, 1e-5);
  }
  const double before = learner.sigma(Task::span);
  learner.train_batch(s.all, 1, 1);  // the first step alone is warm
  EXPECT_EQ(learner.sigma(Task::span), before);
}

TEST(Learner, LogScalesHaveTheirOwnRateAndDecay) {
  LearnerBench s;
  s.recipe.train.adamw.weight_decay = 0.5;
  const auto moved = [&](double rate, double decay) {
    s.recipe.balancing.sigma_rate = rate;
    s.recipe.balancing.sigma_decay = decay;
    Learner learner(s.recipe, s.dataset, s.all, 1);
    learner.train_batch(s.all, 1, 0);
    return std::log(learner.sigma(Task::ptr)) + 0.3;
  };
  // The first step of AdamW goes by the learning rate along the gradient's sign: here it falls.
  EXPECT_NEAR(moved(1, 0), -1e-3, 1e-6);
  EXPECT_NEAR(moved(20, 0), -20e-3, 1e-5);
  EXPECT_NEAR(moved(20, 3), -20e-3 + 20e-3 * 3 * 0.5 * 0.3, 1e-5);
  EXPECT_NEAR(moved(0, 1), 0, 1e-7);
}

TEST(Learner, LearnsWithEachStructuredHead) {
  for (const SpanHead head : {SpanHead::semi_markov, SpanHead::one_span, SpanHead::linear_chain}) {
    LearnerBench s;
    s.recipe.model.span_head = head;
    s.recipe.model.input_dropout = s.recipe.model.head_dropout = 0;
    s.recipe.loss.tasks = {Task::span};
    s.recipe.balancing.method = Balancing::sum;
    s.recipe.train.rate.peak = 0.01;
    Learner learner(s.recipe, s.dataset, s.all, 2);
    const std::vector<int> batch(s.all.begin(), s.all.begin() + 4);
    const double before = learner.evaluate_batch(batch).total;
    for (int step = 0; step < 150; ++step) learner.train_batch(batch, 1, step);
    EXPECT_LT(learner.evaluate_batch(batch).total, 0.2 * before) << static_cast<int>(head);
  }
}

}  // namespace
}  // namespace spanlab
