// Comparison of tiny runs: settings, figures, and differences from the first run.
#include "spanlab/evaluate/compare.h"

#include <gtest/gtest.h>

#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include "spanlab/evaluate/evaluate_run.h"
#include "spanlab/market/simulate.h"
#include "tests/train/small_run.h"

namespace spanlab {
namespace {

/// Four runs: two seeds on one split, another split, and one that validates on no window.
struct SmallRuns {
  SmallData data;

  SmallRuns() {
    Recipe recipe = small_recipe(3);
    recipe.split.kind = SplitKind::grouped;
    train("first", recipe);
    recipe.train.seed = 7;
    recipe.train.epochs = 4;
    train("second", recipe);
    recipe.split.seed = 5;
    train("third", recipe);
    recipe.split.validation = 0;
    train("blind", recipe);
  }
  void train(const std::string& name, const Recipe& recipe) const {
    train_run(recipe, data.inputs, data.out(name), with_threads(1));
  }
};

const SmallRuns& small_runs() {
  static const SmallRuns runs;
  return runs;
}

/// Compares runs by their names, held out on every span of the market or on their own windows.
RunComparison compare(const std::vector<std::string>& names, bool held_out) {
  const SmallRuns& runs = small_runs();
  std::optional<HeldOut> inputs;
  if (held_out) {
    inputs = HeldOut{simulate_market(6000, 3, MarketModel{}).spans, 5000};
  }
  std::vector<std::filesystem::path> folders;
  for (const std::string& name : names) folders.push_back(runs.data.out(name));
  return compare_runs(folders, inputs, 1);
}

/// The evaluation of one run on the same windows.
Evaluation evaluation_of(const RunEvidence& run, bool held_out) {
  std::optional<HeldOut> inputs;
  if (held_out) {
    inputs = HeldOut{simulate_market(6000, 3, MarketModel{}).spans, 5000};
  }
  return evaluate_run(run, inputs, 1);
}

bool same(double a, double b) {
  return std::isnan(a) ? std::isnan(b) : std::abs(a - b) < 1e-12;
}

void expect_same(const std::vector<Interval>& found, const std::vector<Interval>& wanted) {
  ASSERT_EQ(found.size(), wanted.size());
  for (size_t m = 0; m < found.size(); ++m) {
    EXPECT_TRUE(same(found[m].value, wanted[m].value)) << metric_table()[m].name;
    EXPECT_TRUE(same(found[m].low, wanted[m].low)) << metric_table()[m].name;
    EXPECT_TRUE(same(found[m].high, wanted[m].high)) << metric_table()[m].name;
  }
}

/// Each run's own figures, and each difference that run less the first one, drawn in pairs.
void expect_figures(const RunComparison& comparison, bool held_out) {
  std::vector<Evaluation> evaluations;
  for (const RunEvidence& run : comparison.runs)
    evaluations.push_back(evaluation_of(run, held_out));
  const auto scored = [](const Evaluation& e) {
    return ScoredWindows{e.windows, e.length, e.model.test_scores, e.mask, e.group};
  };
  ASSERT_EQ(comparison.metrics.size(), evaluations.size());
  ASSERT_EQ(comparison.difference.size(), evaluations.size());
  EXPECT_TRUE(comparison.difference[0].empty());
  const Evaluation& first = evaluations[0];
  for (size_t r = 0; r < evaluations.size(); ++r) {
    expect_same(comparison.metrics[r], evaluations[r].model.metrics);
    if (comparison.difference[r].empty()) continue;
    const Evaluation& run = evaluations[r];
    expect_same(comparison.difference[r],
                metric_differences(scored(run), run.model.threshold, scored(first),
                                   first.model.threshold, kEvaluationSeed, kEvaluationDraws));
    bool differs = false;
    for (size_t m = 0; m < kMetricCount; ++m) {
      const double difference = run.model.metrics[m].value - first.model.metrics[m].value;
      EXPECT_TRUE(same(comparison.difference[r][m].value, difference)) << m;
      differs = differs || std::abs(difference) > 1e-6;
    }
    EXPECT_TRUE(differs) << "the runs are alike: nothing was shown";
  }
}

TEST(CompareRuns, PairsRunsThatValidateOnTheSameWindows) {
  const RunComparison comparison = compare({"first", "second", "third"}, false);
  EXPECT_EQ(comparison.tested_on, "each run's validation windows");
  expect_figures(comparison, false);
  EXPECT_FALSE(comparison.difference[1].empty());
  EXPECT_TRUE(comparison.difference[2].empty());
  ASSERT_EQ(comparison.warnings.size(), 1U);
  EXPECT_NE(
      comparison.warnings[0].find(comparison.runs[0].folder.string() + " and " +
                                  comparison.runs[2].folder.string() + " validate on different"),
      std::string::npos)
      << comparison.warnings[0];
}

TEST(CompareRuns, OnAHeldOutStretchPairsAll) {
  const RunComparison comparison = compare({"second", "first", "third"}, true);
  EXPECT_EQ(comparison.tested_on, "the held-out stretch");
  EXPECT_TRUE(comparison.warnings.empty());
  expect_figures(comparison, true);
  EXPECT_FALSE(comparison.difference[1].empty());
  EXPECT_FALSE(comparison.difference[2].empty());
}

TEST(CompareRuns, OnStretchesOfTheirOwnEachHasItsFiguresAndNoneIsPaired) {
  // Two runs of one recipe whose windows end at other rows: without a first row each is tested
  // behind its own.
  const SmallData long_data(24), short_data(12);
  Recipe recipe = small_recipe(3);
  recipe.split.kind = SplitKind::grouped;
  const std::vector<std::filesystem::path> folders{long_data.out("run"), short_data.out("run")};
  train_run(recipe, long_data.inputs, folders[0], with_threads(1));
  train_run(recipe, short_data.inputs, folders[1], with_threads(1));
  const HeldOut stretch{simulate_market(6000, 3, MarketModel{}).spans, std::nullopt};
  for (const bool turned : {false, true}) {
    const size_t one = turned ? 1 : 0;
    const RunComparison comparison = compare_runs({folders[one], folders[1 - one]}, stretch, 1);
    ASSERT_EQ(comparison.metrics.size(), 2U);
    for (size_t r = 0; r < 2; ++r) {
      const RunEvidence run = gather_run(comparison.runs[r].folder, 1);
      expect_same(comparison.metrics[r], evaluate_run(run, stretch, 1).model.metrics);
    }
    EXPECT_TRUE(comparison.difference[1].empty());
    ASSERT_EQ(comparison.warnings.size(), 1U);
    EXPECT_NE(comparison.warnings[0].find("are tested on different windows"), std::string::npos);
  }
}

TEST(CompareRuns, ListsTheSettingsThatDiffer) {
  const RunComparison comparison = compare({"first", "second", "third"}, false);
  std::vector<std::string> lines;
  for (const SettingDifference& setting : comparison.settings) {
    std::string line = setting.name + ":";
    for (const std::string& value : setting.value) line += " " + value;
    lines.push_back(line);
  }
  EXPECT_EQ(lines, (std::vector<std::string>{"split.seed: 42 42 5", "train.epochs: 3 4 4",
                                             "train.seed: 0 7 7"}));
}

TEST(CompareRuns, ThatCannotBeTestedAreWarnedOf) {
  const RunComparison comparison = compare({"first", "blind", "second"}, false);
  EXPECT_TRUE(comparison.metrics[1].empty());
  EXPECT_TRUE(comparison.difference[1].empty());
  EXPECT_FALSE(comparison.difference[2].empty());
  ASSERT_EQ(comparison.warnings.size(), 1U);
  EXPECT_NE(comparison.warnings[0].find("blind"), std::string::npos);
  // Without figures of the first run there is nothing to compare with.
  const RunComparison without = compare({"blind", "first"}, false);
  EXPECT_FALSE(without.metrics[1].empty());
  EXPECT_TRUE(without.difference[1].empty());
}

TEST(CompareRuns, WithoutAnyFiguresIsAnErrorThatSaysWhyOnce) {
  try {
    compare({"blind", "blind"}, false);
    ADD_FAILURE() << "no error";
  } catch (const Error& error) {
    const std::string what = error.what();
    EXPECT_NE(what.find("none of the runs has metrics to compare"), std::string::npos) << what;
    EXPECT_EQ(what.find("there are no validation windows"),
              what.rfind("there are no validation windows"))
        << what;
    EXPECT_NE(error.hint().find("split.validation"), std::string::npos) << error.hint();
  }
}

}  // namespace
}  // namespace spanlab
