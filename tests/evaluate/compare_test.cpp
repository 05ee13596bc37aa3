// What a comparison reports of two runs, recomputed by plain code from their folders.
#include <gtest/gtest.h>

#include "spanlab/evaluate/compare.h"
#include "spanlab/evaluate/evaluation_sets.h"
#include "tests/evaluate/run_values.h"
#include "tests/train/small_run.h"

namespace spanlab {
namespace {

class CompareValues : public ::testing::Test {
 protected:
  CompareValues() {
    Recipe recipe = small_recipe(3);
    recipe.split.kind = SplitKind::grouped;
    train_run(recipe, data_.inputs, data_.out("first"), with_threads(1));
    recipe.train.rate.peak = 0.01;
    recipe.split.seed += 1;
    train_run(recipe, data_.inputs, data_.out("second"), with_threads(1));
    int64_t end = 0;
    for (const Window& window : data_.windows) end = std::max(end, window.first_row + 30);
    std::vector<Span> spans;
    for (int64_t row = end + 40; row + 50 < 6000 && spans.size() < 30; row += 43) {
      spans.push_back({row, row + 6, Direction::up, SpanType::consolidation, 1});
    }
    held_out_ = HeldOut{spans, end + 7};
  }

  RunComparison compared(const std::optional<HeldOut>& held_out) const {
    return compare_runs({data_.out("first"), data_.out("second")}, held_out, 1);
  }

  const SmallData data_;
  HeldOut held_out_;
};

TEST_F(CompareValues, OnAHeldOutStretchAllRunsArePaired) {
  const RunComparison comparison = compared(held_out_);
  EXPECT_EQ(comparison.tested_on, "the held-out stretch");
  EXPECT_TRUE(comparison.warnings.empty());
  EXPECT_TRUE(comparison.difference[0].empty());
  std::vector<ScoredBars> bars;
  std::vector<double> threshold;
  for (const RunEvidence& run : comparison.runs) {
    const HeldOutWindows stretch = held_out_data(*run.recipe, *run.data, held_out_);
    const std::vector<float> said =
        predict(run.recipe->model, run.recipe->train.batch, stretch.dataset, run.model->parameters,
                stretch.chosen, 1)
            .output.span;
    bars.push_back(bars_of(stretch.dataset, stretch.chosen, said));
    const Predictions& own = run.model->validation;
    threshold.push_back(
        best_f1_threshold(bars_of(run.data->dataset, own.windows, own.output.span).scored()));
  }
  for (size_t r = 0; r < 2; ++r) {
    expect_same_intervals(comparison.metrics[r],
                          metric_intervals(bars[r].scored(), threshold[r], kEvaluationSeed));
  }
  expect_same_intervals(comparison.difference[1],
                        metric_differences(bars[1].scored(), threshold[1], bars[0].scored(),
                                           threshold[0], kEvaluationSeed));
}

TEST_F(CompareValues, OnTheirOwnWindowsTheyAreNot) {
  const RunComparison comparison = compared({});
  EXPECT_EQ(comparison.tested_on, "each run's validation windows");
  ASSERT_EQ(comparison.warnings.size(), 1u);
  EXPECT_EQ(comparison.warnings[0].find(data_.out("first").string() + " and " +
                                        data_.out("second").string()),
            0u);
  EXPECT_TRUE(comparison.difference[1].empty());
  for (size_t r = 0; r < 2; ++r) {
    const ModelEvidence& model = *comparison.runs[r].model;
    const Dataset& dataset = comparison.runs[r].data->dataset;
    const ScoredBars train = bars_of(dataset, model.train.windows, model.train.output.span);
    const ScoredBars own = bars_of(dataset, model.validation.windows, model.validation.output.span);
    const std::vector<double> values =
        metric_values(own.scored(), best_f1_threshold(train.scored()));
    for (size_t m = 0; m < kMetricCount; ++m) {
      expect_same_number(comparison.metrics[r][m].value, values[m], name_of_metric(m));
    }
  }
}

TEST_F(CompareValues, SettingsThatDifferAreListedRunByRun) {
  const RunComparison comparison = compared({});
  ASSERT_EQ(comparison.settings.size(), 2u);
  EXPECT_EQ(comparison.settings[0].name, "split.seed");
  EXPECT_EQ(comparison.settings[0].value, (std::vector<std::string>{"42", "43"}));
  EXPECT_EQ(comparison.settings[1].name, "train.learning_rate");
  EXPECT_EQ(comparison.settings[1].value, (std::vector<std::string>{"0.001", "0.01"}));
}

}  // namespace
}  // namespace spanlab
