// What a lab reports, recomputed by plain code from the folders of its runs.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <memory>

#include "spanlab/diagnose/diagnose.h"
#include "spanlab/evaluate/evaluate_run.h"
#include "spanlab/evaluate/evaluation_sets.h"
#include "spanlab/lab/experiment.h"
#include "spanlab/lab/lab_runs.h"
#include "spanlab/lab/path.h"
#include "spanlab/metrics/metric_draws.h"
#include "tests/evaluate/run_values.h"
#include "tests/train/small_run.h"

namespace spanlab {
namespace {

constexpr size_t kRepetitions = 2;
constexpr auto kAveragePrecision = static_cast<size_t>(Metric::average_precision);
constexpr auto kF1 = static_cast<size_t>(Metric::f1);

/// Baseline and span-only, one remedy, a recipe that learns well and one that learns nothing.
LabConfig config_of(const SmallData& data) {
  LabConfig config;
  config.base = small_recipe(2);
  config.base.loss.tasks = {Task::type, Task::span};
  config.base.train.seed = 3;
  config.base.split.seed = 8;
  config.folder = data.out("lab");
  config.repetitions = kRepetitions;
  config.proposals = 1;
  config.also = {{"good",
                  {"loss.tasks=[\"span\"]", "balancing.method=sum", "train.learning_rate=0.02",
                   "train.epochs=40", "model.input_dropout=0", "model.head_dropout=0"},
                  "learns"},
                 {"bad", {"train.learning_rate=1e-9"}, "learns nothing"}};
  return config;
}

/// Plain values of one run on its validation windows, or on the held-out stretch.
std::vector<double> values_of(const RunEvidence& run, const std::optional<HeldOut>& held_out) {
  const Predictions& train = run.model->train;
  const Predictions& validation = run.model->validation;
  const Dataset& dataset = run.data->dataset;
  const ScoredBars validated = bars_of(dataset, validation.windows, validation.output.span);
  if (!held_out) {
    const ScoredBars trained = bars_of(dataset, train.windows, train.output.span);
    return metric_values(validated.scored(), best_f1_threshold(trained.scored()));
  }
  const HeldOutWindows stretch = held_out_data(*run.recipe, *run.data, *held_out);
  const std::vector<float> said = predict(run.recipe->model, run.recipe->train.batch,
                                          stretch.dataset, run.model->parameters, stretch.chosen, 1)
                                      .output.span;
  return metric_values(bars_of(stretch.dataset, stretch.chosen, said).scored(),
                       best_f1_threshold(validated.scored()));
}

/// Means over the repetitions where the metric is defined.
std::vector<double> mean_of(const std::vector<std::vector<double>>& repetitions) {
  std::vector<double> mean(kMetricCount);
  for (size_t m = 0; m < kMetricCount; ++m) {
    double count = 0;
    for (const std::vector<double>& values : repetitions) {
      if (std::isnan(values[m])) continue;
      mean[m] += values[m];
      ++count;
    }
    mean[m] = count > 0 ? mean[m] / count : NAN;
  }
  return mean;
}

void expect_values(const std::vector<Interval>& metrics, const std::vector<double>& values,
                   const std::string& what) {
  ASSERT_EQ(metrics.size(), values.size());
  for (size_t m = 0; m < values.size(); ++m) {
    if (std::isnan(values[m])) {
      EXPECT_TRUE(std::isnan(metrics[m].value)) << what << ", " << name_of_metric(m);
    } else {
      EXPECT_NEAR(metrics[m].value, values[m], 1e-12) << what << ", " << name_of_metric(m);
    }
  }
}

/// A lab tested on validation windows, and on a held-out stretch: the runs are the same.
class LabValues : public ::testing::TestWithParam<bool> {
 protected:
  static void SetUpTestSuite() {
    data_ = std::make_unique<SmallData>();
    plain_ = run_lab(config_of(*data_), data_->inputs, {});
    held_out_ = run_lab(config(true), data_->inputs, Job{.threads = 2});
    ASSERT_TRUE(plain_ && held_out_);
  }
  static void TearDownTestSuite() {
    plain_.reset();
    held_out_.reset();
    data_.reset();
  }

  static LabConfig config(bool held_out) {
    LabConfig config = config_of(*data_);
    if (!held_out) return config;
    constexpr int64_t kBegin = 5000;
    EXPECT_LT(data_->windows.back().first_row + 30, kBegin);
    std::vector<Span> spans;
    for (const Span& e : simulate_market(6000, 3, MarketModel{}).spans) {
      if (e.start_row < kBegin || e.end_row >= 6000) continue;
      spans.push_back({e.start_row, e.end_row, Direction::up, SpanType::consolidation, 1});
    }
    EXPECT_GE(spans.size(), 3u);
    config.held_out = HeldOut{spans, kBegin};
    return config;
  }

  const LabResult& result() const { return GetParam() ? *held_out_ : *plain_; }
  std::optional<HeldOut> held_out() const { return config(GetParam()).held_out; }

  /// [repetitions, metrics] of a recipe.
  std::vector<std::vector<double>> values(size_t recipe) const {
    std::vector<std::vector<double>> all;
    for (const std::filesystem::path& run : result().recipes[recipe].runs) {
      all.push_back(values_of(gather_run(run, 1), held_out()));
    }
    return all;
  }

  /// As the lab draws them: runs on the same windows share their draws.
  std::vector<MetricDraws> draws(size_t recipe) const {
    std::vector<MetricDraws> all;
    for (size_t r = 0; r < kRepetitions; ++r) {
      all.push_back(draw_run(gather_run(result().recipes[recipe].runs[r], 1), held_out(),
                             kEvaluationSeed + (GetParam() ? 0 : r), 1));
    }
    return all;
  }

  static inline std::unique_ptr<SmallData> data_;
  static inline std::optional<LabResult> plain_, held_out_;
};

TEST_P(LabValues, RecipesAreThoseTriedInOrder) {
  const LabConfig of = config(GetParam());
  std::vector<Experiment> expected = reported_options(of.base);
  ASSERT_EQ(expected.size(), 2u);
  ASSERT_EQ(result().path.leading, kSpanOnly);  // the other option is the baseline
  const std::vector<Experiment> proposed =
      proposed_experiments(of.base, result().findings, expected, expected[1], of.proposals);
  ASSERT_EQ(proposed.size(), 1u);
  expected.push_back(proposed[0]);
  expected.insert(expected.end(), of.also.begin(), of.also.end());

  ASSERT_EQ(result().recipes.size(), expected.size());
  for (size_t i = 0; i < expected.size(); ++i) {
    const RecipeResult& recipe = result().recipes[i];
    const std::string& name = expected[i].name;
    EXPECT_EQ(recipe.experiment.name, name);
    EXPECT_EQ(recipe.experiment.patch, expected[i].patch) << name;
    EXPECT_EQ(recipe.experiment.reason, expected[i].reason) << name;
    ASSERT_EQ(recipe.runs.size(), kRepetitions);
    for (size_t r = 0; r < kRepetitions; ++r) {
      EXPECT_TRUE(
          recipe.runs[r].filename().string().starts_with(name + "-" + std::to_string(r + 1) + "-"));
    }
    EXPECT_EQ(recipe_text(recipe.recipe), recipe_text(*gather_run(recipe.runs[0], 1).recipe));
  }
  EXPECT_EQ(result().held_out, GetParam());
}

TEST_P(LabValues, MetricsAreMeansOverTheRuns) {
  for (size_t i = 0; i < result().recipes.size(); ++i) {
    const RecipeResult& recipe = result().recipes[i];
    expect_values(recipe.metrics, mean_of(values(i)), recipe.experiment.name);
    expect_same_intervals(recipe.metrics,
                          intervals_of(mean_over_repetitions(draws(i), kEvaluationSeed)));
  }
}

TEST_P(LabValues, DifferencesAreTheRecipeMinusTheBaselineRunByRun) {
  const std::vector<std::vector<double>> baseline = values(0);
  const std::vector<MetricDraws> baseline_draws = draws(0);
  EXPECT_TRUE(result().recipes[0].difference.empty());
  for (size_t i = 1; i < result().recipes.size(); ++i) {
    const RecipeResult& recipe = result().recipes[i];
    std::vector<std::vector<double>> differences = values(i);
    const std::vector<MetricDraws> own = draws(i);
    std::vector<MetricDraws> drawn;
    for (size_t r = 0; r < kRepetitions; ++r) {
      for (size_t m = 0; m < kMetricCount; ++m) differences[r][m] -= baseline[r][m];
      drawn.push_back(difference_of(own[r], baseline_draws[r]));
    }
    expect_values(recipe.difference, mean_of(differences), recipe.experiment.name);
    expect_same_intervals(recipe.difference,
                          intervals_of(mean_over_repetitions(drawn, kEvaluationSeed)));
    const Interval& verdict = recipe.difference[kAveragePrecision];
    EXPECT_EQ(recipe.verdict, verdict.low > 0    ? Verdict::helps
                              : verdict.high < 0 ? Verdict::hurts
                                                 : Verdict::no_evidence);
  }
}

TEST_P(LabValues, BestHasTheHighestAveragePrecision) {
  std::vector<double> reached;
  for (size_t i = 0; i < result().recipes.size(); ++i) {
    reached.push_back(mean_of(values(i))[kAveragePrecision]);
  }
  const auto best = std::max_element(reached.begin(), reached.end());
  EXPECT_EQ(result().best, static_cast<size_t>(best - reached.begin()));
  EXPECT_EQ(result().recipes[result().best].experiment.name, "good");
}

TEST_P(LabValues, PathIsWalkedWithTheMeanF1) {
  const LabResult& lab = result();
  ASSERT_EQ(lab.path.steps.size(), 1u);
  EXPECT_EQ(lab.path.steps[0].experiment, "span-only");
  EXPECT_NEAR(lab.path.steps[0].f1, mean_of(values(1))[kF1], 1e-12);
  // All bars positive: precision is the share r of bars inside spans, recall 1.
  const double r = lab.baseline.base_rate();
  const DecisionPath path = decide_path({{"span-only", lab.path.steps[0].f1}}, 2 * r / (1 + r));
  EXPECT_EQ(lab.path.steps[0].decision, path.steps[0].decision);
  EXPECT_EQ(lab.path.leading, path.leading);
}

TEST_P(LabValues, FindingsAndBaselineAreOfTheFirstRun) {
  const LabResult& lab = result();
  const RunEvidence first = gather_evidence(lab.recipes[0].runs[0], 1);
  std::vector<std::string> rules, expected;
  for (const Finding& finding : lab.findings) rules.push_back(finding.rule);
  for (const Finding& finding : diagnose(first)) expected.push_back(finding.rule);
  EXPECT_FALSE(rules.empty());
  EXPECT_EQ(rules, expected);
  const Evaluation tested = evaluate_run(first, held_out(), 1);
  expect_same_intervals(lab.baseline.model.metrics, tested.model.metrics);
  EXPECT_EQ(lab.baseline.model.test_scores, tested.model.test_scores);
  EXPECT_EQ(lab.baseline.tested_on, tested.tested_on);
  expect_values(lab.baseline.model.metrics, values(0)[0], "the baseline's first run");
}

INSTANTIATE_TEST_SUITE_P(ValidationAndHeldOut, LabValues, ::testing::Bool());

}  // namespace
}  // namespace spanlab
