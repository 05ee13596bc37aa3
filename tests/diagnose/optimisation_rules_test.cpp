// Family O and P1: each rule finds its fault, and nothing in a healthy run or without tables.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "tests/diagnose/check_rule.h"
#include "tests/diagnose/make_evidence.h"

namespace spanlab::test {
namespace {

constexpr const char* kFamily[] = {"O1", "O2", "O3", "O4", "O5", "O6", "O7", "O8", "O10", "P1"};

// Sets a column of update_stats.csv for the tensors whose name holds `part`.
void set_ratios(RunRecord& record, const std::string& part, double value) {
  for (UpdateStatsRow& row : record.update_stats) {
    for (size_t i = 0; i < record.tensors.size(); ++i) {
      if (record.tensors[i].find(part) != std::string::npos) row.ratios[i] = value;
    }
  }
}

// Multiplies the training losses of every epoch.
template <class F>
void scale_losses(RunRecord& record, F factor) {
  for (LossComponentsRow& row : record.loss_components) {
    for (Cell& cell : row.loss) *cell *= factor(row.epoch);
  }
}

TEST(OptimisationRules, AreSilentOnAHealthyRun) {
  const RunEvidence e = healthy_evidence();
  for (const char* id : kFamily) {
    EXPECT_FALSE(check(id, e)) << id << ": " << check(id, e)->explanation;
  }
}

TEST(OptimisationRules, AreSilentWithoutTablesAndOnOneEpoch) {
  RunEvidence nothing, one;
  one.record = healthy_record(2);
  one.record.epoch_metrics.resize(1);
  one.record.loss_components.resize(2);
  for (const char* id : kFamily) {
    EXPECT_FALSE(check(id, nothing)) << id;
    EXPECT_FALSE(check(id, one)) << id;
  }
}

TEST(Gradients, Vanish) {
  RunEvidence small = healthy_evidence(), uneven = healthy_evidence();
  for (GradientStatsRow& row : small.record.gradient_stats) row.total_grad_norm = 1e-6;
  const auto found = check("O1", small);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->severity, Severity::high);
  for (GradientStatsRow& row : uneven.record.gradient_stats) {
    for (size_t i = 0; i < row.norms.size(); ++i) {
      if (uneven.record.tensors[i].starts_with("lstm")) row.norms[i] = 1e-6;
    }
  }
  const auto ratio = check("O1", uneven);
  ASSERT_TRUE(ratio);
  EXPECT_LT(value_of(*ratio, "first layer over heads"), 1e-4);
}

TEST(Gradients, OfAStructuredHeadCountAlsoWithoutARecipe) {
  RunEvidence e = healthy_evidence();
  for (GradientStatsRow& row : e.record.gradient_stats) row.norms.push_back(row.total_grad_norm);
  e.record.tensors.emplace_back("expansion_span_shared");
  e.recipe->model.span_head = SpanHead::semi_markov;
  for (GradientStatsRow& row : e.record.gradient_stats) {
    for (size_t i = 0; i < row.norms.size(); ++i) {
      if (e.record.tensors[i].starts_with("lstm")) row.norms[i] = 1e-6;
    }
  }
  const auto with = check("O1", e);
  e.recipe.reset();
  const auto without = check("O1", e);
  ASSERT_TRUE(with && without);
  EXPECT_EQ(value_of(*with, "first layer over heads"),
            value_of(*without, "first layer over heads"));
}

TEST(Gradients, VanishOnlyIfTheyDoSoInHalfOfTheRows) {
  RunEvidence e = healthy_evidence();
  for (size_t i = 0; i < 3; ++i) e.record.gradient_stats[i].total_grad_norm = 1e-6;
  EXPECT_FALSE(check("O1", e)) << "3 of 8";
  e.record.gradient_stats[3].total_grad_norm = 1e-6;
  EXPECT_TRUE(check("O1", e)) << "4 of 8";
}

TEST(Gradients, Explode) {
  RunEvidence e = healthy_evidence();
  e.record.gradient_stats[5].total_grad_norm *= 9;
  EXPECT_FALSE(check("O2", e));
  e.record.gradient_stats[5].total_grad_norm *= 2;
  const auto found = check("O2", e);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->severity, Severity::medium);
  EXPECT_EQ(found->evidence.front().epoch, 30);
  e.record.gradient_stats[6].total_grad_norm = std::numeric_limits<double>::infinity();
  EXPECT_EQ(check("O2", e)->severity, Severity::high);
}

TEST(Gradients, ThatStartLargeAndFallDoNotExplode) {
  RunEvidence e = healthy_evidence();
  double norm = 100;
  for (GradientStatsRow& row : e.record.gradient_stats) row.total_grad_norm = norm /= 4;
  EXPECT_FALSE(check("O2", e));
}

TEST(Updates, OutsideTheUsualRange) {
  RunEvidence e = healthy_evidence();
  set_ratios(e.record, "", 1e-6);
  const auto small = check("O3", e);
  ASSERT_TRUE(small);
  EXPECT_EQ(small->title, "Update-to-weight ratio is too small");
  EXPECT_EQ(small->remedies.front().patch.front(), "train.learning_rate=0.01") << "at most 1e-2";
  set_ratios(e.record, "", 0.5);
  const auto large = check("O3", e);
  ASSERT_TRUE(large);
  EXPECT_EQ(large->title, "Update-to-weight ratio is too large");
  // 1e-3 at a ratio of 0.5; 1e-2 wanted.
  EXPECT_EQ(large->remedies.front().patch.front(), "train.learning_rate=0.00002");
}

TEST(Updates, OfBiasesAndOtherTasksHeadsDoNotCount) {
  RunEvidence e = healthy_evidence();
  set_ratios(e.record, "bias", 100);
  set_ratios(e.record, "log_sigma", 100);
  EXPECT_FALSE(check("O3", e));
}

TEST(Gates, Saturated) {
  RunEvidence e = healthy_evidence();
  for (GateStatsRow& row : e.record.gate_stats) {
    if (row.gate == 'f' && row.direction == 1) row.high = 0.6;
  }
  const auto found = check("O4", e);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->severity, Severity::medium);
  EXPECT_NE(found->explanation.find("gate f of layer 0, reverse"), std::string::npos);
  for (GateStatsRow& row : e.record.gate_stats) row.low = 0.95, row.high = 0;
  EXPECT_EQ(check("O4", e)->severity, Severity::high);
  for (GateStatsRow& row : e.record.gate_stats) {
    if (row.epoch == 40) row.low = 0.1;
  }
  EXPECT_FALSE(check("O4", e)) << "open again in the end";
}

TEST(Frozen, TensorsAtRest) {
  RunEvidence e = healthy_evidence();
  set_ratios(e.record, "lstm.weight_hh_l0", 0);
  const auto found = check("O5", e);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->severity, Severity::high);
  EXPECT_EQ(found->evidence.size(), 2u) << "forward and reverse";
}

TEST(Frozen, HeadsOfOtherTasksAndSigmasMayRest) {
  RunEvidence e = healthy_evidence();
  e.recipe->loss.tasks = {Task::span};
  set_ratios(e.record, "classifier", 0);
  set_ratios(e.record, "pointer_head", 0);
  set_ratios(e.record, "countdown", 0);
  set_ratios(e.record, "projection", 0);
  set_ratios(e.record, "log_sigma", 0);
  EXPECT_FALSE(check("O5", e));
  set_ratios(e.record, "", 0);
  EXPECT_FALSE(check("O5", e)) << "nothing moves: the learning rate, not a tensor";
}

TEST(Progress, NoneAtAll) {
  RunEvidence e = healthy_evidence();
  const TaskCells first = e.record.loss_components.front().loss;
  for (LossComponentsRow& row : e.record.loss_components) row.loss = first;
  const auto found = check("O6", e);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->severity, Severity::medium);
  EXPECT_NEAR(value_of(*found, "fall of the training loss"), 0, 1e-9);
}

TEST(Progress, NoneInTheSecondHalfIsANote) {
  RunEvidence e = healthy_evidence();
  const TaskCells last = e.record.loss_components.back().loss;
  for (LossComponentsRow& row : e.record.loss_components) {
    if (row.epoch > 20) row.loss = last;
  }
  const auto found = check("O6", e);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->severity, Severity::note);
}

TEST(Divergence, OfTheSum) {
  RunEvidence e = healthy_evidence();
  scale_losses(e.record, [](int epoch) { return 1 + std::max(0, epoch - 15) * 0.1; });
  const auto found = check("O7", e);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->severity, Severity::high);
  EXPECT_GT(value_of(*found, "unweighted sum"), 1.5);
}

TEST(Divergence, OfOneTaskWithAWrongSign) {
  RunEvidence e = healthy_evidence();
  for (LossComponentsRow& row : e.record.loss_components) {
    row.loss[at(Task::ptr)] = 0.03 * (1 + 0.1 * row.epoch);
  }
  const auto found = check("O7", e);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->severity, Severity::high) << "worse than at the start";
  EXPECT_GT(value_of(*found, "training loss of ptr"), 1.5);
}

TEST(Divergence, SpikesAreANote) {
  RunEvidence e = healthy_evidence();
  scale_losses(e.record, [](int epoch) { return epoch == 25 ? 3.0 : 1.0; });
  const auto found = check("O7", e);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->severity, Severity::note);
  EXPECT_EQ(found->evidence.front().epoch, 25);
}

TEST(Oscillation, FromEpochToEpoch) {
  RunEvidence e = healthy_evidence();
  scale_losses(e.record, [](int epoch) { return epoch % 2 == 0 ? 1.3 : 1.0; });
  EXPECT_TRUE(check("O8", e));
  scale_losses(e.record, [](int epoch) { return epoch % 2 == 0 ? 1.05 / 1.3 : 1.0; });
  EXPECT_FALSE(check("O8", e)) << "5 % is dropout's noise";
}

TEST(Oscillation, TellsHowOftenTheLossTurns) {
  RunEvidence e = healthy_evidence();
  scale_losses(e.record, [](int epoch) { return 1.0 + 0.3 * (epoch % 3); });  // up, up, down
  const auto found = check("O8", e);
  ASSERT_TRUE(found);
  const double turning = value_of(*found, "epochs in which it reverses direction");
  EXPECT_NEAR(turning, 200.0 / 3, 7);
  const std::string text = std::to_string(std::lround(turning)) + " % of them";
  EXPECT_NE(found->explanation.find(text), std::string::npos) << found->explanation;
}

TEST(ScheduleRule, RatesThatDoNotFit) {
  const auto severity = [](auto change) {
    RunEvidence e = healthy_evidence();
    change(*e.recipe);
    const auto found = check("O10", e);
    return found ? std::optional(found->severity) : std::nullopt;
  };
  EXPECT_EQ(severity([](Recipe& r) { r.train.rate.peak = 1e-2; }), std::nullopt);
  EXPECT_EQ(severity([](Recipe& r) { r.train.rate.peak = 0.05; }), Severity::medium);
  EXPECT_EQ(severity([](Recipe& r) { r.train.rate.peak = 1; }), Severity::high);
  // 240 steps.
  EXPECT_EQ(severity([](Recipe& r) { r.train.rate.peak = 1e-4; }), std::nullopt);
  EXPECT_EQ(severity([](Recipe& r) { r.train.rate.peak = 1e-5; }), Severity::medium);
  EXPECT_EQ(severity([](Recipe& r) { r.train.rate.peak = 1e-7; }), Severity::high);
  EXPECT_EQ(severity([](Recipe& r) { r.train.rate.schedule = Schedule::cosine; }), std::nullopt);
  EXPECT_EQ(severity([](Recipe& r) { r.train.rate.schedule = Schedule::one_cycle; }), std::nullopt);
  const auto exponential = [](double decay) {
    return [decay](Recipe& r) {
      r.train.rate.schedule = Schedule::exponential;
      r.train.rate.decay = decay;
    };
  };
  EXPECT_EQ(severity(exponential(0.95)), std::nullopt);
  EXPECT_EQ(severity(exponential(0.5)), Severity::medium);
}

TEST(ScheduleRule, TheRemedySaysWhatItsPatchDoes) {
  const auto remedy = [](auto change) {
    RunEvidence e = healthy_evidence();
    change(e);
    const auto found = check("O10", e);
    return found ? found->remedies.front() : Remedy{};
  };
  const Remedy rate = remedy([](RunEvidence& e) { e.recipe->train.rate.peak = 1e-5; });
  EXPECT_EQ(rate.patch, std::vector<std::string>{"train.learning_rate=0.001"});
  EXPECT_NE(rate.action.find("learning rate that"), std::string::npos) << rate.action;
  for (const double same_or_higher : {1e-3, 2e-3}) {
    // One step.
    const Remedy steps = remedy([&](RunEvidence& e) {
      e.recipe->train.rate.peak = same_or_higher;
      e.recipe->train.epochs = 1;
      e.recipe->train.batch = 1000;
    });
    EXPECT_EQ(steps.patch, std::vector<std::string>{"train.epochs=10"});
    EXPECT_NE(steps.action.find("enough steps"), std::string::npos) << steps.action;
  }
}

TEST(ScheduleRule, RecordedRatesOfZero) {
  RunEvidence e = healthy_evidence();
  for (UpdateStatsRow& row : e.record.update_stats) {
    if (row.epoch > 5) row.learning_rate = 0;
  }
  const auto found = check("O10", e);
  ASSERT_TRUE(found);
  EXPECT_NEAR(value_of(*found, "near 0"), 87.5, 1e-9);
}

TEST(Pace, SlowEpochs) {
  RunEvidence e = healthy_evidence();
  e.record.epoch_metrics[7].epoch_time = 3.5;
  const auto found = check("P1", e);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->severity, Severity::note);
  EXPECT_EQ(found->evidence.front().epoch, 8);
  e.record.epoch_metrics[7].epoch_time = 2000;
  EXPECT_EQ(check("P1", e)->severity, Severity::medium);
  for (EpochMetricsRow& row : e.record.epoch_metrics) row.epoch_time = 0.001;
  e.record.epoch_metrics[7].epoch_time = 0.5;
  EXPECT_FALSE(check("P1", e)) << "half a second is nothing";
}

}  // namespace
}  // namespace spanlab::test
