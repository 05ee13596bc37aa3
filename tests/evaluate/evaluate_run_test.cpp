// A run of a tiny recipe tested from its folder, each figure computed a second time by plain code.
#include "spanlab/evaluate/evaluate_run.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "spanlab/market/simulate.h"
#include "tests/evaluate/plain_scores.h"
#include "tests/expect_error.h"
#include "tests/train/small_run.h"

namespace spanlab::test {
namespace {

constexpr int kLength = 30;

/// The run of the tests, and the market that its windows come from.
struct SmallRun {
  SmallData data;
  SimulatedMarket market = simulate_market(6000, 3, MarketModel{});
  Recipe recipe = small_recipe(4);
  RunEvidence evidence;

  SmallRun() {
    recipe.split.kind = SplitKind::grouped;
    train_run(recipe, data.inputs, data.out("run"), with_threads(1));
    evidence = gather_run(data.out("run"), 1);
  }
};

const RunEvidence& small_run() {
  static const SmallRun run;
  return run.evidence;
}

/// A run is tested on every span of the market from `first_row` on, or where the stretch begins.
struct Tested {
  Evaluation evaluation;
  MetricDraws draws;
};

Tested test_run(const RunEvidence& run, bool held_out, std::optional<int64_t> first_row = {}) {
  std::optional<HeldOut> inputs;
  if (held_out) {
    inputs = HeldOut{simulate_market(6000, 3, MarketModel{}).spans, first_row};
  }
  return {evaluate_run(run, inputs, 1), draw_run(run, inputs, kEvaluationSeed, 1)};
}

/// What the run's last model says of windows of its own data.
std::vector<float> probabilities(const RunEvidence& run, const std::vector<int>& windows) {
  const auto parameters = load_model(run.folder / "checkpoint_epoch_4.safetensors",
                                     run.recipe->model, run.data->dataset);
  return predict(run.recipe->model, run.recipe->train.batch, run.data->dataset, parameters, windows,
                 1)
      .output.span;
}

void expect_model(const Tested& tested, const std::vector<float>& probability,
                  const std::vector<float>& mask, double threshold) {
  const Evaluation& e = tested.evaluation;
  EXPECT_EQ(e.model.test_scores, probability);
  EXPECT_EQ(e.mask, mask);
  EXPECT_NEAR(e.model.threshold, threshold, 1e-6);
  const BarCounts counts = plain_counts(probability, mask, e.model.threshold);
  const auto value = [&](Metric metric) {
    return e.model.metrics.at(static_cast<size_t>(metric)).value;
  };
  EXPECT_NEAR(value(Metric::f1), counts.f1(), 1e-9);
  EXPECT_NEAR(value(Metric::recall), counts.recall(), 1e-9);
  EXPECT_NEAR(value(Metric::average_precision), plain_average_precision(probability, mask), 1e-9);
  for (size_t m = 0; m < kMetricCount; ++m) {
    const double drawn = tested.draws.value.at(m), evaluated = e.model.metrics.at(m).value;
    EXPECT_TRUE(drawn == evaluated || (drawn != drawn && evaluated != evaluated)) << m;
  }
}

TEST(EvaluateRun, OnValidationWindowsWithTheThresholdOfTrainingWindows) {
  const RunEvidence& run = small_run();
  const RunData& data = *run.data;
  const Tested tested = test_run(run, false);
  const std::vector<int>& chosen = data.split.validation;
  EXPECT_EQ(tested.evaluation.threshold_from, "its training windows");
  EXPECT_EQ(tested.evaluation.tested_on, "the run's validation windows");
  expect_model(tested, probabilities(run, chosen), plain_mask(data.windows, chosen, kLength),
               plain_threshold(probabilities(run, data.split.train),
                               plain_mask(data.windows, data.split.train, kLength)));
  EXPECT_EQ(tested.evaluation.spans, plain_spans(data.windows, chosen));
}

TEST(EvaluateRun, OnAHeldOutStretchWithTheThresholdOfValidationWindows) {
  const RunEvidence& run = small_run();
  const RunData& data = *run.data;
  const int64_t first = 6000 - 5 * kLength - 7;
  const Tested tested = test_run(run, true, first);
  EXPECT_EQ(tested.evaluation.threshold_from, "the run's validation windows");
  ASSERT_EQ(tested.evaluation.windows, 5);

  // The windows once more, from the market's spans.
  std::vector<Window> windows;
  std::vector<int> chosen;
  for (int w = 0; w < 5; ++w) {
    const std::string id = std::to_string(w);
    const int64_t row = first + w * kLength;
    windows.push_back({id, id, 0, row, 0.0, {}, true});
    chosen.push_back(w);
    for (const Span& span : simulate_market(6000, 3, MarketModel{}).spans) {
      const auto start = static_cast<int>(std::max(span.start_row, row) - row);
      const auto end = static_cast<int>(std::min(span.end_row, row + kLength - 1) - row);
      if (start <= end && end >= 0 && start < kLength)
        windows.back().spans.push_back({start, end, span.type});
    }
  }
  const Dataset dataset =
      build_dataset(data.series(), windows, run.recipe->data, run.recipe->loss.countdown_target);
  const auto parameters =
      load_model(run.folder / "checkpoint_epoch_4.safetensors", run.recipe->model, data.dataset);
  expect_model(tested,
               predict(run.recipe->model, run.recipe->train.batch, dataset, parameters, chosen, 1)
                   .output.span,
               plain_mask(windows, chosen, kLength),
               plain_threshold(probabilities(run, data.split.validation),
                               plain_mask(data.windows, data.split.validation, kLength)));
  EXPECT_EQ(tested.evaluation.spans, plain_spans(windows, chosen));
}

TEST(EvaluateRun, OfGatheredEvidenceIsThatOfTheValidationWindows) {
  const RunEvidence& run = small_run();
  const RunEvidence gathered = gather_evidence(run.folder, 1);
  ASSERT_TRUE(gathered.evaluation);
  const Evaluation again = test_run(run, false).evaluation;
  EXPECT_EQ(gathered.evaluation->model.threshold, again.model.threshold);
  EXPECT_EQ(gathered.evaluation->positives, again.positives);
  ASSERT_EQ(gathered.evaluation->trivial.size(), again.trivial.size());
  for (size_t k = 0; k < again.trivial.size(); ++k) {
    EXPECT_EQ(gathered.evaluation->trivial[k].gain[0].low, again.trivial[k].gain[0].low);
  }
  EXPECT_EQ(run.model->train.output.span, probabilities(run, run.data->split.train));
  EXPECT_EQ(run.model->validation.output.span, probabilities(run, run.data->split.validation));
}

TEST(EvaluateRun, SaysWhyItCannot) {
  RunEvidence run = small_run();
  run.recipe->loss.tasks = {Task::type};
  expect_error([&] { test_run(run, false); }, {"trained without the span task"});
  run = small_run();
  run.model->validation = Predictions{};
  expect_error([&] { test_run(run, false); }, {"there are no validation windows"});
  EXPECT_EQ(test_run(run, true).evaluation.threshold_from, "its training windows");
  run.model.reset();
  run.notes = {"one thing"};
  run.obstacle = Error("another thing", "do something else");
  expect_error([&] { test_run(run, false); },
               {"cannot be tested: another thing", "do something else"});
}

}  // namespace
}  // namespace spanlab::test
