// Metrics against scikit-learn, MS-TCN's eval.py and ActivityNet's eval_detection.py, and what must
// hold whatever the scores.
#include "spanlab/metrics/metrics.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>
#include <string>

#include "scored_cases.h"
#include "spanlab/base/error.h"

namespace spanlab {
namespace {

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();

double value_of(const std::vector<double>& values, Metric metric) {
  return values[static_cast<size_t>(metric)];
}

void expect_all_near(const std::vector<double>& a, const std::vector<double>& b, double bound) {
  ASSERT_EQ(a.size(), b.size());
  for (size_t m = 0; m < a.size(); ++m) {
    const std::string name(metric_table()[m].name);
    if (std::isnan(b[m])) {
      EXPECT_TRUE(std::isnan(a[m])) << name;
    } else {
      EXPECT_NEAR(a[m], b[m], bound) << name;
    }
  }
}

// Golden numbers: scikit-learn 1.9.1 on the flattened bars (average_precision_score, roc_auc_score,
// f1_score, precision_score, recall_score, log_loss, brier_score_loss, sample_weight = the window's
// weight); f_score and edit_score of MS-TCN's eval.py summed over windows, the window without label
// apart; compute_average_precision_detection of ActivityNet, detections = runs >= threshold with
// their mean probability, weights as copies of the window; the rest in numpy by its definition.
TEST(Metrics, AgreeWithThePublishedImplementations) {
  const ScoredCase scored = golden_case();
  expect_all_near(
      metric_values(scored.view(), 0.55),
      {0.7600974843555488, 0.8797979797979798, 0.6666666666666666, 0.6111111111111112,
       0.7333333333333333, 0.6285714285714286, 0.6666666666666665, 0.6666666666666665,
       0.4444444444444445, 0.5, 0.3, 0.5, 1.75, 2.0, 0.38537878032886624, 0.4336089331703487,
       0.14362304938336226, 0.33149998832471383, 0.12477430928084579},
      1e-12);
}

TEST(Metrics, WeightedAgreeWithThePublishedImplementations) {
  const ScoredCase scored = golden_case();
  const std::vector<double> weight{1, 2, 0, 3};
  expect_all_near(
      metric_values(scored.view(), 0.55, weight),
      {0.8030627431485861, 0.8286713286713286, 0.7058823529411765, 0.6857142857142857,
       0.7272727272727273, 0.6666666666666666, 0.75, 0.75, 0.375, 0.6666666666666666, 0.2,
       0.3333333333333333, 2.2222222222222223, 2.4444444444444446, 0.3109848385368472,
       0.5118766149444611, 0.17491536795265164, 0.29544579062428444, 0.15096065416656143},
      1e-12);
}

TEST(Metrics, AWeightIsACopyOfTheWindow) {
  for (const uint64_t seed : {1u, 2u, 3u}) {
    const ScoredCase scored = random_case(17, 40, seed);
    ScoredCase copies = scored;
    std::vector<double> weight(17, 1.0);
    for (const int window : {0, 3, 3, 16}) {
      repeat_window(copies, window);
      weight[static_cast<size_t>(window)] += 1;
    }
    expect_all_near(metric_values(scored.view(), 0.3, weight), metric_values(copies.view(), 0.3),
                    1e-12);
  }
}

TEST(Metrics, OnlyTheRatioOfWeightsMatters) {
  const ScoredCase scored = random_case(10, 30, 4);
  expect_all_near(metric_values(scored.view(), 0.3, std::vector<double>(10, 0.25)),
                  metric_values(scored.view(), 0.3), 1e-12);
}

TEST(Metrics, MonotoneTransformsKeepTheRanking) {
  const ScoredCase scored = random_case(20, 50, 5);
  ScoredCase squeezed = scored;
  for (float& p : squeezed.probability) p = 0.25f * p * p;  // rounding may join, never swap
  const std::vector<double> a = metric_values(scored.view(), 0.5);
  const std::vector<double> b = metric_values(squeezed.view(), 0.0625);
  for (const Metric metric : {Metric::average_precision, Metric::auroc, Metric::f1, Metric::recall,
                              Metric::segment_f1_50, Metric::hit3}) {
    EXPECT_NEAR(value_of(a, metric), value_of(b, metric), 1e-6) << info_of(metric).name;
  }
  EXPECT_GT(std::abs(value_of(a, Metric::brier) - value_of(b, Metric::brier)), 0.001);
}

TEST(Metrics, TheLabelsThemselvesAreBest) {
  ScoredCase scored = random_case(20, 50, 6);
  scored.probability = scored.mask;
  const std::vector<double> values = metric_values(scored.view(), 0.5);
  for (size_t m = 0; m < kMetricCount; ++m) {
    const double best = metric_table()[m].higher_is_better ? 1 : 0;
    EXPECT_NEAR(values[m], best, 1.1e-7) << metric_table()[m].name;  // the log loss is clamped
  }
}

TEST(Metrics, ABaseRateHasNoSkill) {
  ScoredCase scored = random_case(16, 64, 7);
  const auto labelled = std::count(scored.mask.begin(), scored.mask.end(), 1.0f);
  const double rate = static_cast<double>(labelled) / (16 * 64);
  scored.probability.assign(16 * 64, static_cast<float>(rate));
  const std::vector<double> values = metric_values(scored.view(), 0.5);
  EXPECT_NEAR(value_of(values, Metric::average_precision), rate, 1e-12);
  EXPECT_EQ(value_of(values, Metric::auroc), 0.5);
  EXPECT_NEAR(value_of(values, Metric::brier_skill), 0, 1e-7);
  EXPECT_NEAR(value_of(values, Metric::calibration_error), 0, 1e-7);
  EXPECT_NEAR(value_of(values, Metric::log_loss),
              -rate * std::log(rate) - (1 - rate) * std::log(1 - rate), 1e-7);
  EXPECT_EQ(value_of(values, Metric::precision), 0);  // nothing is predicted
  EXPECT_EQ(value_of(values, Metric::recall), 0);
  EXPECT_EQ(value_of(values, Metric::tiou_map), 0);
  EXPECT_TRUE(std::isnan(value_of(values, Metric::start_error)));
}

TEST(Metrics, WithoutALabelledBarOnlyProbabilitiesAreJudged) {
  ScoredCase scored = random_case(6, 20, 8);
  scored.mask.assign(6 * 20, 0.0f);
  const std::vector<double> values = metric_values(scored.view(), 0.3);
  const std::set<Metric> defined{Metric::edit, Metric::log_loss, Metric::brier,
                                 Metric::calibration_error};
  for (int m = 0; m < kMetricCount; ++m) {
    const auto metric = static_cast<Metric>(m);
    EXPECT_EQ(std::isnan(value_of(values, metric)), !defined.contains(metric))
        << info_of(metric).name;
  }
}

TEST(Metrics, AllBarsLabelled) {
  ScoredCase scored = random_case(6, 20, 9);
  scored.mask.assign(6 * 20, 1.0f);
  const std::vector<double> values = metric_values(scored.view(), 0.0);
  EXPECT_EQ(value_of(values, Metric::average_precision), 1);
  EXPECT_EQ(value_of(values, Metric::f1), 1);
  EXPECT_EQ(value_of(values, Metric::tiou_map), 1);
  for (const Metric metric : {Metric::auroc, Metric::separation, Metric::brier_skill}) {
    EXPECT_TRUE(std::isnan(value_of(values, metric))) << info_of(metric).name;
  }
}

TEST(Metrics, ScoresThatAreNoProbabilitiesAreOnlyRanked) {
  ScoredCase scored = random_case(6, 20, 10);
  const std::vector<double> before = metric_values(scored.view(), 0.3);
  for (float& p : scored.probability) p = 8 * p - 4;
  const std::vector<double> values = metric_values(scored.view(), 8 * 0.3 - 4);
  EXPECT_NEAR(value_of(values, Metric::average_precision),
              value_of(before, Metric::average_precision), 1e-6);
  for (const Metric metric :
       {Metric::log_loss, Metric::brier, Metric::brier_skill, Metric::calibration_error}) {
    EXPECT_TRUE(std::isnan(value_of(values, metric))) << info_of(metric).name;
  }
}

TEST(Metrics, NothingToMeasureIsNan) {
  ScoredCase broken = random_case(4, 10, 11);
  broken.probability[17] = kNan;
  const ScoredCase empty{0, 10, {}, {}, {}}, no_bars{2, 0, {}, {}, {0, 1}};
  for (const ScoredCase& scored : {broken, empty, no_bars}) {
    const std::vector<double> none(kMetricCount, kNan);
    expect_all_near(metric_values(scored.view(), 0.5), none, 0);
    EXPECT_TRUE(std::isnan(best_f1_threshold(scored.view())));
    for (const Interval& i : metric_intervals(scored.view(), 0.5, 1, 20)) {
      EXPECT_TRUE(std::isnan(i.value) && std::isnan(i.low) && std::isnan(i.high));
    }
  }
}

TEST(Metrics, SizesThatDoNotFitAreErrors) {
  const ScoredCase good = random_case(4, 10, 12);
  std::vector<ScoredCase> bad(5, good);
  bad[0].probability.pop_back();
  bad[1].mask.push_back(0);
  bad[2].group.pop_back();
  bad[3].windows = -4;
  bad[4].length = 11;
  for (const ScoredCase& scored : bad) {
    EXPECT_THROW(metric_values(scored.view(), 0.5), Error);
    EXPECT_THROW(best_f1_threshold(scored.view()), Error);
    EXPECT_THROW(metric_intervals(scored.view(), 0.5, 1, 10), Error);
    EXPECT_THROW(metric_differences(scored.view(), 0.5, scored.view(), 0.5, 1, 10), Error);
  }
  EXPECT_THROW(metric_values(good.view(), 0.5, std::vector<double>(3, 1.0)), Error);
  EXPECT_THROW(metric_values(good.view(), 0.5, std::vector<double>{1, -1, 1, 1}), Error);
  EXPECT_THROW(metric_values(good.view(), 0.5, std::vector<double>{1, kNan, 1, 1}), Error);
}

TEST(Metrics, TheTableNamesEachOnce) {
  std::set<std::string_view> names, labels;
  for (const MetricInfo& info : metric_table()) {
    names.insert(info.name);
    labels.insert(info.label);
    EXPECT_FALSE(info.help.empty());
  }
  EXPECT_EQ(metric_table().size(), size_t{kMetricCount});
  EXPECT_EQ(names.size(), size_t{kMetricCount});
  EXPECT_EQ(labels.size(), size_t{kMetricCount});
  EXPECT_EQ(info_of(Metric::average_precision).name, "average_precision");
  EXPECT_EQ(info_of(Metric::calibration_error).name, "calibration_error");
  EXPECT_FALSE(info_of(Metric::brier).higher_is_better);
}

}  // namespace
}  // namespace spanlab
