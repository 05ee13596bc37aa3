// Regularisation: averaged parameters, early stopping, shifted windows.
#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <set>

#include "spanlab/base/safetensors.h"
#include "spanlab/evaluate/predict.h"
#include "spanlab/runs/run_record.h"
#include "spanlab/train/run.h"
#include "tests/expect_error.h"
#include "tests/train/same_run.h"
#include "tests/train/small_run.h"

namespace spanlab {
namespace {

namespace fs = std::filesystem;

TEST(Average, IsTheWeightedMeanOfAllSteps) {
  AdamWState state(1);
  EXPECT_EQ(state.model(), state.parameters);
  double expected = 0;
  for (int step = 1; step <= 40; ++step) {
    state.step = step;
    state.parameters[0] = static_cast<float>(step * step);
    state.add_to_average(0.7);
    // (1 + step) / (10 + step) reaches 0.7 at step 20. The first step starts the mean.
    const double d = step >= 20 ? 0.7 : (1.0 + step) / (10.0 + step);
    expected = step == 1 ? 1 : d * expected + (1 - d) * step * step;
    EXPECT_NEAR(state.model()[0], expected, 1e-5 * expected) << step;
  }
}

TEST(Average, LeavesTheTrainedParametersAndIsTheModelOfTheRun) {
  const SmallData data;
  Recipe recipe = small_recipe(4);
  const auto plain = train_run(recipe, data.inputs, data.out("plain"), with_threads(1));
  recipe.train.average = 0.9;
  const auto averaged = train_run(recipe, data.inputs, data.out("averaged"), with_threads(1));
  const char* const last = "checkpoint_epoch_4.safetensors";
  const TensorFile raw = read_safetensors(plain.folder / last);
  const TensorFile both = read_safetensors(averaged.folder / last);
  for (const Tensor& tensor : raw.tensors) {
    if (tensor.name.starts_with("adamw_")) {
      EXPECT_EQ(both.get(tensor.name, tensor.shape).bytes, tensor.bytes) << tensor.name;
      continue;
    }
    EXPECT_EQ(both.get("adamw_parameters." + tensor.name, tensor.shape).bytes, tensor.bytes);
    EXPECT_EQ(raw.find("adamw_parameters." + tensor.name), nullptr);
  }
  EXPECT_NE(averaged.weights_hash, plain.weights_hash);
  // The table's last validation loss is that of the model that readers of the checkpoint get.
  const RunData run = prepare(recipe, data.inputs);
  Learner learner(recipe, run.dataset, run.split.train, 1);
  learner.state().parameters = load_model(averaged.folder / last, recipe.model, run.dataset);
  const double loss = *read_run_record(averaged.folder).epoch_metrics.back().val_loss;
  const BatchLosses again = learner.evaluate_batch(run.split.validation);
  EXPECT_NEAR(loss, std::accumulate(again.tasks.loss.begin(), again.tasks.loss.end(), 0.0), 1e-9);
}

TEST(Average, StoppedAnywhereAndResumedItEndsWithTheSameBits) {
  const SmallData data;
  Recipe recipe = small_recipe(6);
  recipe.train.average = 0.95;
  const auto whole = train_run(recipe, data.inputs, data.out("whole"), with_threads(1));
  for (const int batches : {1, 6, 22}) {  // 4 batches an epoch
    const fs::path out = data.out("stopped" + std::to_string(batches));
    ASSERT_TRUE(train_run(recipe, data.inputs, out, stopping_after(batches)).loop.stopped);
    EXPECT_EQ(resume_run(out, with_threads(2)).weights_hash, whole.weights_hash) << batches;
    expect_same_run(data.out("whole"), out);
  }
}

/// Learns training windows by heart in a few epochs.
Recipe overfitting_recipe() {
  Recipe recipe = small_recipe(40);
  recipe.model.input_dropout = recipe.model.head_dropout = 0;
  recipe.train.rate.peak = 0.02;
  recipe.loss.tasks = {Task::span};
  recipe.balancing.method = Balancing::sum;
  return recipe;
}

TEST(Patience, EndsWhereTheUnendingRunHadNoBetterEpochForSoLong) {
  const SmallData data;
  Recipe recipe = overfitting_recipe();
  train_run(recipe, data.inputs, data.out("unending"), with_threads(1));
  double best = HUGE_VAL;
  int best_epoch = 0, end = 0;
  for (const EpochMetricsRow& row : read_run_record(data.out("unending")).epoch_metrics) {
    if (*row.val_loss < best) best = *row.val_loss, best_epoch = row.epoch;
    end = row.epoch;
    if (row.epoch - best_epoch == 3) break;
  }
  ASSERT_LT(end, 40);
  recipe.train.patience = 3;
  const fs::path out = data.out("patient");
  const auto patient = train_run(recipe, data.inputs, out, with_threads(1));
  EXPECT_FALSE(patient.loop.stopped);
  EXPECT_EQ(patient.loop.progress.epoch, end);
  EXPECT_EQ(patient.loop.progress.best_epoch, best_epoch);
  const Metadata metadata = read_metadata(out / "metadata.json");
  EXPECT_EQ(metadata.status, RunStatus::completed);
  EXPECT_EQ(metadata.epochs_completed, end);
  const std::string last = "checkpoint_epoch_" + std::to_string(end) + ".safetensors";
  EXPECT_TRUE(fs::exists(out / last));
  EXPECT_EQ(lines(out / "epoch_metrics.csv"), 1 + end);
  EXPECT_EQ(read_run_record(out).ranking_stats.back().epoch, end);
}

TEST(Patience, ResumedItEndsAtTheSameEpoch) {
  const SmallData data;
  Recipe recipe = overfitting_recipe();
  recipe.train.patience = 3;
  const auto whole = train_run(recipe, data.inputs, data.out("whole"), with_threads(1));
  const fs::path out = data.out("resumed");
  ASSERT_TRUE(train_run(recipe, data.inputs, out, stopping_after(14)).loop.stopped);
  EXPECT_EQ(resume_run(out, with_threads(1)).weights_hash, whole.weights_hash);
  expect_same_run(data.out("whole"), out);
  EXPECT_TRUE(resume_run(out, with_threads(1)).was_complete);
  // Killed between the last checkpoint and the note that it was the last.
  Metadata metadata = read_metadata(out / "metadata.json");
  metadata.status = RunStatus::running;
  write_metadata(out / "metadata.json", metadata);
  EXPECT_EQ(resume_run(out, with_threads(1)).weights_hash, whole.weights_hash);
  expect_same_run(data.out("whole"), out);
}

TEST(Patience, NeedsWindowsThatValidate) {
  const SmallData data;
  Recipe recipe = small_recipe(3);
  recipe.train.patience = 2;
  recipe.split.validation = 0;
  expect_error([&] { train_run(recipe, data.inputs, data.out("run"), with_threads(1)); },
               {"train.patience", "split.validation"});
}

Recipe shifting_recipe(int epochs) {
  Recipe recipe = small_recipe(epochs);
  recipe.data.feature_mode = FeatureMode::continuous;
  recipe.loss.tasks = {Task::span};
  recipe.balancing.method = Balancing::sum;
  recipe.train.shift = 6;
  recipe.train.mirror = true;
  return recipe;
}

TEST(Shift, EachEpochDrawsAnewForEachWindow) {
  const SmallData data;
  const Recipe recipe = shifting_recipe(1);
  const RunData run = prepare(recipe, data.inputs);
  Learner learner(recipe, run.dataset, run.split.train, 1);
  std::set<int> drawn;
  std::vector<int> first, again;
  for (int epoch = 1; epoch <= 40; ++epoch) {
    learner.train_batch(run.split.train, epoch, 0);
    std::vector<int> shifts;
    for (const WindowView& view : learner.views()) shifts.push_back(view.shift);
    drawn.insert(shifts.begin(), shifts.end());
    if (epoch == 1) first = shifts;
    if (epoch == 2) again = shifts;
  }
  EXPECT_EQ(drawn.size(), 13u);  // -6 .. 6
  EXPECT_EQ(*drawn.begin(), -6);
  EXPECT_NE(first, again);
  learner.evaluate_batch(run.split.train);
  for (const WindowView& view : learner.views()) EXPECT_EQ(view.shift, 0);
}

TEST(Shift, SameBitsForAnyNumberOfThreadsAndResumed) {
  const SmallData data;
  for (const SpanHead head : {SpanHead::bar, SpanHead::semi_markov}) {
    Recipe recipe = shifting_recipe(6);
    recipe.model.span_head = head;
    const std::string name = head == SpanHead::bar ? "bar" : "semi_markov";
    const auto whole = train_run(recipe, data.inputs, data.out(name), with_threads(1));
    const fs::path out = data.out(name + "_resumed");
    ASSERT_TRUE(train_run(recipe, data.inputs, out, stopping_after(10)).loop.stopped);
    EXPECT_EQ(resume_run(out, with_threads(2)).weights_hash, whole.weights_hash);
    expect_same_run(data.out(name), out);
    recipe.train.shift = 0;
    const auto still = train_run(recipe, data.inputs, data.out(name + "_still"), with_threads(1));
    EXPECT_NE(still.weights_hash, whole.weights_hash);
  }
}

TEST(Shift, RefusesWhatCannotLeaveBarsOut) {
  const SmallData data;
  const auto refused = [&](const char* word, const auto& change) {
    Recipe recipe = shifting_recipe(1);
    change(recipe);
    expect_error([&] { train_run(recipe, data.inputs, data.out("run"), with_threads(1)); },
                 {"train.shift", word});
    EXPECT_FALSE(fs::exists(data.out("run")));
  };
  refused("loss.tasks", [](Recipe& r) { r.loss.tasks.push_back(Task::type); });
  refused("data.feature_mode", [](Recipe& r) { r.data.feature_mode = FeatureMode::per_window; });
  refused("one_span", [](Recipe& r) { r.model.span_head = SpanHead::one_span; });
  refused("positive_unlabelled",
          [](Recipe& r) { r.loss.unlabelled = Unlabelled::positive_unlabelled; });
  refused("cross_entropy", [](Recipe& r) { r.loss.span_loss = SpanLoss::focal; });
  refused("data.window", [](Recipe& r) { r.train.shift = r.data.window; });
}

}  // namespace
}  // namespace spanlab
