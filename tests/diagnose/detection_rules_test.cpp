// Rules of detection: each fires on its fault, with the right numbers, and on nothing else.
#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "tests/diagnose/fired.h"
#include "tests/reported_tables.h"

namespace spanlab::test {
namespace {

RunEvidence tables_only(RunRecord record) {
  RunEvidence evidence;
  evidence.record = std::move(record);
  return evidence;
}

double entropy(double p) {
  return -p * std::log(p) - (1 - p) * std::log(1 - p);
}

TEST(BaseRateCollapse, IsFoundInTheReportedTables) {
  const auto found = fired("C1", tables_only(reported_record()));
  ASSERT_TRUE(found);
  EXPECT_EQ(found->severity, Severity::high);
  EXPECT_NEAR(value_of(found, "separation"), 0.0036, 1e-9);
  // (0.28 + ln(1 - 0.0614)) / (ln(1 - 0.0614) - ln 0.0614): the rate that makes 0.0614 cost 0.28.
  EXPECT_NEAR(value_of(found, "base rate"), 0.0793, 5e-4);
}

TEST(BaseRateCollapse, ComparesTheLossWithTheEntropyOfTheBaseRate) {
  // 0.0705 of the bars inside spans: always answering that costs 0.2549 nats a bar.
  RunEvidence evidence = tables_only(healthy_record());
  answer_constantly(evidence.record, 0.0705, 0.0, 0.001, entropy(0.0705));
  evidence.record.ranking_stats.clear();
  const auto found = fired("C1", evidence);
  ASSERT_TRUE(found);
  EXPECT_NEAR(value_of(found, "base rate"), 0.0705, 1e-9);
  EXPECT_NEAR(value_of(found, "entropy of the base rate"), 0.2549, 5e-5);
}

TEST(BaseRateCollapse, IsNotFoundWhereBarsAreRanked) {
  RunEvidence evidence = tables_only(healthy_record());
  EXPECT_FALSE(fired("C1", evidence));
  answer_constantly(evidence.record, 0.0705, 0.0, 0.001, entropy(0.0705));
  evidence.record.ranking_stats.back().average_precision = 0.2;
  EXPECT_FALSE(fired("C1", evidence));
}

TEST(ThresholdOutOfReach, WithoutTheTableTheBestF1IsThatOfTheEvaluation) {
  RunEvidence evidence = whole_evidence();
  ASSERT_FALSE(fired("C2", evidence));
  for (ProbabilityStatsRow& row : evidence.record.probability_stats) {
    row.in_span.max = 0.3F;
    row.out_span.max = 0.2F;
  }
  evidence.record.ranking_stats.clear();
  evidence.evaluation->model.threshold = 0.125;
  evidence.evaluation->model.metrics[static_cast<size_t>(Metric::f1)].value = 0.375;
  const auto found = fired("C2", evidence);
  ASSERT_TRUE(found);
  EXPECT_NEAR(value_of(found, "highest span probability"), 0.3, 1e-7);
  EXPECT_EQ(value_of(found, "F1 at the best threshold"), 0.375);
  EXPECT_EQ(value_of(found, "best threshold"), 0.125);
}

TEST(BaseRateCollapse, IsFoundInAModelThatAnswersTheBaseRate) {
  RunEvidence evidence = whole_evidence();
  EXPECT_FALSE(fired("C1", evidence));
  const double pi = evidence.evaluation->base_rate();
  answer(evidence, [&](int, int) { return pi; });
  answer_constantly(evidence.record, pi, 0.0, 0.0, entropy(pi));
  const auto found = fired("C1", evidence);
  ASSERT_TRUE(found);
  EXPECT_NEAR(value_of(found, "average precision"), pi, 1e-9);
}

TEST(ThresholdOutOfReach, IsFoundWhereNoBarReachesIt) {
  const auto found = fired("C2", tables_only(reported_record()));
  ASSERT_TRUE(found);
  EXPECT_NEAR(value_of(found, "highest span probability"), 0.095, 1e-6);
  EXPECT_FALSE(fired("C2", tables_only(healthy_record())));
}

TEST(ThresholdOutOfReach, WeighsBySpansOfTheTrainingWindows) {
  RunEvidence evidence = whole_evidence();
  RunData& data = *evidence.data;
  const auto length = static_cast<size_t>(data.dataset.length);
  // 5 of 105 bars of the training windows, 3 of the others.
  for (size_t bar = 0; bar < data.dataset.mask.size(); ++bar) {
    const int window = static_cast<int>(bar / length);
    const auto& train = data.split.train;
    const bool trains = std::find(train.begin(), train.end(), window) != train.end();
    data.dataset.mask[bar] = bar % length < (trains ? 5U : 3U) ? 1.0F : 0.0F;
  }
  answer(evidence, [](int, int) { return 0.3; });
  answer_constantly(evidence.record, 0.3, 0.0, 0.01, 0.5);
  const auto found = fired("C2", evidence);
  ASSERT_TRUE(found);
  EXPECT_TRUE(proposes(found, "loss.span_pos_weight=20.0"));
  EXPECT_NEAR(value_of(fired("D4", evidence), "bars outside for each one inside"), 20.0, 1e-6);
}

TEST(FakeF1, IsFoundUpToThatOfMarkingEveryBar) {
  RunEvidence evidence = tables_only(healthy_record());
  answer_constantly(evidence.record, 0.0705, 0.0, 0.001, entropy(0.0705));
  evidence.record.epoch_metrics.back().span_f1 = 0.14;
  const auto found = fired("C3", evidence);
  ASSERT_TRUE(found);
  EXPECT_NEAR(value_of(found, "F1 of predicting every bar"), 0.1317, 5e-5);
  evidence.record.epoch_metrics.back().span_f1 = 0.15;
  EXPECT_FALSE(fired("C3", evidence));
  EXPECT_TRUE(fired("C3", tables_only(reported_record())));

  const auto says = [&](double f1) {
    evidence.record.epoch_metrics.back().span_f1 = f1;
    return fired("C3", evidence)->explanation;
  };
  const double trivial = 2 * 0.0705 / 1.0705;
  EXPECT_NE(says(trivial - 1e-6).find("the run is level with that."), std::string::npos);
  EXPECT_NE(says(trivial - 0.02).find("the run is 0.0200 below that."), std::string::npos);
  EXPECT_NE(says(trivial + 0.01).find("the run is 0.0100 above that."), std::string::npos);
}

TEST(FakeF1, IsHighOnlyAtAChosenThreshold) {
  RunEvidence evidence = whole_evidence();
  EXPECT_FALSE(fired("C3", evidence));
  answer(evidence, [](int, int) { return 0.3; });
  const auto found = fired("C3", evidence);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->severity, Severity::high);
  const double pi = evidence.evaluation->base_rate();
  EXPECT_NEAR(value_of(found, "span F1"), 2 * pi / (1 + pi), 1e-6);
}

TEST(LiftedProbabilities, AreComparedWithTheBestConstant) {
  RunEvidence evidence = whole_evidence();
  const double pi = 0.0705, w = 13.1;
  evidence.evaluation->length = 1000;
  evidence.evaluation->windows = 10;
  evidence.evaluation->positives = 705;
  evidence.recipe->loss.span_pos_weight = w;
  evidence.model.reset();
  answer_constantly(evidence.record, 0.07, 0.1, 0.05, 0.8);
  EXPECT_FALSE(fired("C4", evidence));
  answer_constantly(evidence.record, 0.45, 0.0, 0.01, 2.144);
  const auto found = fired("C4", evidence);
  ASSERT_TRUE(found);
  EXPECT_NEAR(value_of(found, "base rate"), pi, 1e-12);
  EXPECT_NEAR(value_of(found, "best constant prediction"), 0.498, 5e-4);
  EXPECT_NEAR(value_of(found, "loss of the best constant prediction"), 1.284, 5e-4);
  EXPECT_EQ(found->severity, Severity::high);  // 2.144 is worse than always answering 0.5
  EXPECT_TRUE(proposes(found, "loss.span_pos_weight=1"));
  answer_constantly(evidence.record, 0.45, 0.3, 0.2, 0.9);
  EXPECT_EQ(fired("C4", evidence)->severity, Severity::medium);
}

TEST(Calibration, IsFoundOffWhereProbabilitiesAreHalved) {
  RunEvidence evidence = whole_evidence();
  const Dataset& d = evidence.data->dataset;
  const auto inside = [&](int w, int t) {
    return d.mask[static_cast<size_t>(w * d.length + t)] > 0.0F;
  };
  answer(evidence, [&](int w, int t) { return inside(w, t) ? 0.99 : 0.01; });
  EXPECT_FALSE(fired("C6", evidence));
  answer(evidence, [&](int w, int t) { return inside(w, t) ? 0.8 : 0.4; });
  const auto found = fired("C6", evidence);
  ASSERT_TRUE(found);
  EXPECT_GT(value_of(found, "calibration error"), 0.3);
  EXPECT_LT(value_of(found, "Brier skill"), 0.0);
}

TEST(PositionShortcut, IsFoundInAModelThatCountsBars) {
  RunEvidence evidence = whole_evidence();
  EXPECT_FALSE(fired("C5", evidence));
  for (Window& w : evidence.data->windows) {
    const int length = w.spans[0].end - w.spans[0].start;
    w.spans[0].start = 50 + static_cast<int>(w.first_row % 5);
    w.spans[0].end = w.spans[0].start + length;
  }
  RunData& data = *evidence.data;
  data.dataset = build_dataset(data.series(), data.windows, evidence.recipe->data,
                               evidence.recipe->loss.countdown_target);
  answer(evidence, [](int, int t) { return std::exp(-0.02 * (t - 53) * (t - 53)); });
  const auto found = fired("C5", evidence);
  ASSERT_TRUE(found);
  EXPECT_GT(value_of(found, "correlation with the position scores"), 0.8);
  EXPECT_TRUE(fired("L2", evidence));
  EXPECT_TRUE(fired("G4", evidence));
}

TEST(Fragments, AreCounted) {
  RunEvidence evidence = whole_evidence();
  const Dataset& d = evidence.data->dataset;
  answer(evidence, [&](int w, int t) {
    return d.mask[static_cast<size_t>(w * d.length + t)] > 0.0F ? 0.9 : 0.1;
  });
  EXPECT_FALSE(fired("C7", evidence));
  answer(evidence, [](int, int t) { return t % 3 == 0 ? 0.9 : 0.1; });
  Evaluation& evaluation = *evidence.evaluation;
  evaluation.model.threshold = 0.5;
  evaluation.model.metrics =
      metric_intervals({evaluation.windows, evaluation.length, evaluation.model.test_scores,
                        evaluation.mask, evaluation.group},
                       0.5, 1, 20);
  const auto found = fired("C7", evidence);
  ASSERT_TRUE(found);
  EXPECT_DOUBLE_EQ(value_of(found, "bars per predicted segment"), 1.0);
  EXPECT_NEAR(value_of(found, "predicted segments for each labelled span"), 35.0, 1e-9);
}

TEST(Heads, AreFoundApart) {
  RunEvidence evidence = whole_evidence();
  const Dataset& d = evidence.data->dataset;
  answer(evidence, [&](int w, int t) {
    return d.mask[static_cast<size_t>(w * d.length + t)] > 0.0F ? 0.9 : 0.1;
  });
  Predictions& p = evidence.model->validation;
  const auto length = static_cast<size_t>(d.length);
  for (size_t i = 0; i < p.windows.size(); ++i) {
    const auto w = static_cast<size_t>(p.windows[i]);
    for (size_t k = 0; k < 2; ++k) p.output.pointers[2 * i + k] = d.pointers[2 * w + k];
    for (size_t t = 0; t < length; ++t) {
      p.output.countdown[i * length + t] = d.countdown[w * length + t];
    }
  }
  EXPECT_FALSE(fired("C8", evidence));
  for (float& value : p.output.countdown) value += 0.5F;  // 20 bars late
  const auto late = fired("C8", evidence);
  EXPECT_FALSE(late && late->evidence.empty());
  for (size_t i = 0; i < p.windows.size(); ++i) p.output.pointers[2 * i] = 0.0F;
  const auto found = fired("C8", evidence);
  ASSERT_TRUE(found);
  EXPECT_LT(value_of(found, "overlap of the pointers' span with the predicted span"), 10.0);
}

TEST(TrivialPredictors, AreNotBeatenByAConstant) {
  RunEvidence evidence = whole_evidence();
  const Dataset& d = evidence.data->dataset;
  answer(evidence, [&](int w, int t) {
    return d.mask[static_cast<size_t>(w * d.length + t)] > 0.0F ? 0.9 : 0.1;
  });
  EXPECT_FALSE(fired("T1", evidence));
  answer(evidence, [](int, int) { return 0.1; });
  const auto found = fired("T1", evidence);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->severity, Severity::high);
}

TEST(FeatureProbe, LosesToReturnsWhereFeaturesAreEmpty) {
  RunEvidence evidence = whole_evidence();
  // A feature that says nothing: the probe on it is a constant.
  for (float& value : evidence.data->dataset.input.own()) value = 0.0F;
  evaluate(evidence);
  const auto found = fired("T2", evidence);
  ASSERT_TRUE(found);
  EXPECT_NEAR(value_of(found, "average precision from the features"),
              evidence.evaluation->base_rate(), 1e-9);
  EXPECT_GT(value_of(found, "lower end of the difference"), 0.0);
}

}  // namespace
}  // namespace spanlab::test
