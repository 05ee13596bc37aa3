// Whole runs on small data: what they leave, the same bits however they are run, odd data.
#include "spanlab/train/run.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <sstream>

#include "spanlab/base/file.h"
#include "spanlab/base/safetensors.h"
#include "spanlab/kernels/isa.h"
#include "spanlab/runs/metadata.h"
#include "spanlab/windows/window_file.h"
#include "tests/expect_error.h"
#include "tests/train/same_run.h"
#include "tests/train/small_run.h"

namespace spanlab {
namespace {

namespace fs = std::filesystem;

TEST(Run, LeavesACompleteFolder) {
  const SmallData data;
  const fs::path out = data.out("run");
  const RunResult result = train_run(small_recipe(), data.inputs, out, with_threads(2));
  EXPECT_FALSE(result.loop.stopped);
  EXPECT_EQ(result.loop.progress.epoch, 12);
  EXPECT_EQ(lines(out / "epoch_metrics.csv"), 1 + 12);
  EXPECT_EQ(lines(out / "loss_components.csv"), 1 + 12 * 2);
  EXPECT_EQ(lines(out / "probability_stats.csv"), 1 + 12 * 2);
  EXPECT_EQ(lines(out / "uncertainty_params.csv"), 1 + 2);
  EXPECT_EQ(lines(out / "feature_stats.csv"), 1 + 2 * 2 * 12);
  EXPECT_EQ(lines(out / "gradient_stats.csv"), 1 + 1);
  for (const char* file : {"checkpoint_epoch_5.safetensors", "checkpoint_epoch_10.safetensors",
                           "checkpoint_epoch_12.safetensors", "best_model.safetensors",
                           "recipe.toml", "metadata.json"}) {
    EXPECT_TRUE(fs::exists(out / file)) << file;
  }
  const Metadata metadata = read_metadata(out / "metadata.json");
  EXPECT_EQ(metadata.status, RunStatus::completed);
  EXPECT_EQ(metadata.dataset_size, 24);
  EXPECT_EQ(metadata.val_size, 5);
  EXPECT_EQ(metadata.weights_hash, result.weights_hash);
  EXPECT_EQ(metadata.best_epoch, result.loop.progress.best_epoch);
}

TEST(Run, TheFirstRowIsWhatTheFormulasSay) {
  const SmallData data;
  Recipe recipe = small_recipe(5);
  train_run(recipe, data.inputs, data.out("run"), with_threads(1));
  // At the start sigma_ptr = exp(-0.3), the others 1; five epochs move log sigma by at most
  // steps x learning rate.
  std::istringstream in(contents(data.out("run") / "uncertainty_params.csv"));
  std::string header, row;
  std::getline(in, header);
  std::getline(in, row);
  double epoch = 0, sigma_ptr = 0;
  char comma = 0;
  std::istringstream(row) >> epoch >> comma >> sigma_ptr;
  EXPECT_EQ(epoch, 5);
  EXPECT_NEAR(std::log(sigma_ptr), -0.3, 5 * 3 * 1e-3 + 1e-4);
  EXPECT_NE(std::log(sigma_ptr), -0.3);
}

TEST(Run, SameBitsForAnyNumberOfThreadsAndAgain) {
  const SmallData data;
  const RunResult one = train_run(small_recipe(), data.inputs, data.out("one"), with_threads(1));
  for (const int threads : {1, 2, 4}) {
    const fs::path out = data.out("threads" + std::to_string(threads));
    const RunResult many = train_run(small_recipe(), data.inputs, out, with_threads(threads));
    EXPECT_EQ(one.weights_hash, many.weights_hash) << threads;
    expect_same_run(data.out("one"), out);
  }
}

TEST(Run, TheSeedMatters) {
  const SmallData data;
  Recipe recipe = small_recipe(2);
  const auto first = train_run(recipe, data.inputs, data.out("a"), with_threads(1)).weights_hash;
  recipe.train.seed = 1;
  EXPECT_NE(first, train_run(recipe, data.inputs, data.out("b"), with_threads(1)).weights_hash);
}

TEST(Run, StoppedAnywhereAndResumedItEndsWithTheSameBits) {
  const SmallData data;
  const RunResult whole =
      train_run(small_recipe(), data.inputs, data.out("whole"), with_threads(1));
  for (const int batches : {1, 2, 3, 4, 5, 17, 18, 19, 40, 47}) {  // 4 batches an epoch
    const fs::path out = data.out("stopped" + std::to_string(batches));
    const RunResult stopped = train_run(small_recipe(), data.inputs, out, stopping_after(batches));
    ASSERT_TRUE(stopped.loop.stopped) << batches;
    EXPECT_EQ(read_metadata(out / "metadata.json").status, RunStatus::stopped);
    const RunResult resumed = resume_run(out, with_threads(2));
    EXPECT_EQ(resumed.weights_hash, whole.weights_hash) << batches;
    expect_same_run(data.out("whole"), out);
    EXPECT_FALSE(fs::exists(out / "resume_state.safetensors"));
  }
}

TEST(Run, StoppedTwice) {
  const SmallData data;
  const auto whole = train_run(small_recipe(), data.inputs, data.out("whole"), with_threads(1));
  const fs::path out = data.out("twice");
  train_run(small_recipe(), data.inputs, out, stopping_after(9));
  EXPECT_TRUE(resume_run(out, stopping_after(22)).loop.stopped);
  EXPECT_EQ(resume_run(out, with_threads(1)).weights_hash, whole.weights_hash);
  expect_same_run(data.out("whole"), out);
}

TEST(Run, ResumingACompletedRunChangesNothing) {
  const SmallData data;
  const auto whole = train_run(small_recipe(5), data.inputs, data.out("run"), with_threads(1));
  const std::string before = contents(data.out("run") / "metadata.json");
  EXPECT_EQ(resume_run(data.out("run"), with_threads(1)).weights_hash, whole.weights_hash);
  EXPECT_EQ(contents(data.out("run") / "metadata.json"), before);
}

TEST(Run, ResumingNeedsTheSameData) {
  SmallData data;
  train_run(small_recipe(), data.inputs, data.out("run"), stopping_after(9));
  data.windows[3].first_row += 1;
  data.rewrite();
  expect_error([&] { resume_run(data.out("run"), with_threads(1), &data.inputs); },
               {"data", "started"});
  write_windows(data.out("run") / "data" / "windows.csv", data.windows);
  expect_error([&] { resume_run(data.out("run"), with_threads(1)); }, {"data", "started"});
}

TEST(Run, AFolderThatWasMovedIsResumedFromItsOwnCopyOfTheData) {
  const SmallData data;
  const RunResult whole =
      train_run(small_recipe(), data.inputs, data.out("whole"), with_threads(1));
  train_run(small_recipe(), data.inputs, data.out("run"), stopping_after(9));
  fs::create_directory(data.out("elsewhere"));
  fs::rename(data.out("run"), data.out("elsewhere") / "moved");
  EXPECT_EQ(resume_run(data.out("elsewhere") / "moved", with_threads(1)).weights_hash,
            whole.weights_hash);
}

TEST(Run, ResumingNeedsTheSameRecipe) {
  const SmallData data;
  train_run(small_recipe(), data.inputs, data.out("run"), stopping_after(9));
  const fs::path recipe = data.out("run") / "recipe.toml";
  std::string text = contents(recipe);
  text.replace(text.find("epochs = 12"), 11, "epochs = 13");
  write_file_atomically(recipe, text);
  expect_error([&] { resume_run(data.out("run"), with_threads(1)); }, {"train.epochs", "13"});
}

TEST(Run, ResumingNeedsTheSameKernels) {
  if (active_isa() == Isa::portable) GTEST_SKIP() << "only one instruction set to run on";
  const SmallData data;
  train_run(small_recipe(), data.inputs, data.out("run"), stopping_after(9));
  const Isa before = active_isa();
  select_isa(Isa::portable);
  expect_error([&] { resume_run(data.out("run"), with_threads(1)); },
               {"SPANLAB_ISA=", std::string(name_of(before)).c_str()});
  select_isa(before);
  EXPECT_FALSE(resume_run(data.out("run"), with_threads(1)).loop.stopped);
}

TEST(Run, ResumingRefusesADamagedCheckpoint) {
  const SmallData data;
  train_run(small_recipe(), data.inputs, data.out("run"), stopping_after(30));
  const fs::path state = data.out("run") / "resume_state.safetensors";
  const std::string bytes = contents(state);
  write_file_atomically(state, bytes.substr(0, bytes.size() / 2));
  expect_error([&] { resume_run(data.out("run"), with_threads(1)); }, {"resume_state.safetensors"});
}

TEST(Run, ResumingRefusesACheckpointOfAnotherShape) {
  const SmallData data;
  train_run(small_recipe(), data.inputs, data.out("run"), stopping_after(9));
  Recipe other = small_recipe();
  other.model.hidden = 32;
  train_run(other, data.inputs, data.out("other"), stopping_after(9));
  fs::copy_file(data.out("other") / "resume_state.safetensors",
                data.out("run") / "resume_state.safetensors", fs::copy_options::overwrite_existing);
  expect_error([&] { resume_run(data.out("run"), with_threads(1)); },
               {"resume_state.safetensors", "lstm.weight_ih_l0", "64", "128"});
}

TEST(Run, RefusesAFolderThatHoldsSomethingElse) {
  const SmallData data;
  data.folder.write("notes.txt", "mine");
  expect_error([&] { train_run(small_recipe(), data.inputs, data.folder.path(), {}); },
               {data.folder.path().c_str()});
  EXPECT_FALSE(fs::exists(data.folder.path() / "metadata.json"));
  // A project with a folder of the name that a run gives to its copy.
  fs::create_directories(data.out("project") / "data");
  std::ofstream(data.out("project") / "data" / "windows.csv") << "mine";
  expect_error([&] { train_run(small_recipe(), data.inputs, data.out("project"), {}); },
               {"neither empty nor a run", "data"});
  EXPECT_EQ(contents(data.out("project") / "data" / "windows.csv"), "mine");
  train_run(small_recipe(2), data.inputs, data.out("run"), with_threads(1));
  expect_error([&] { train_run(small_recipe(), data.inputs, data.out("run"), {}); }, {"run"});
}

TEST(Run, BadInputLeavesNoFolder) {
  SmallData data;
  data.windows[5].first_row = 1'000'000;
  data.rewrite();
  expect_error([&] { train_run(small_recipe(), data.inputs, data.out("run"), {}); }, {"window"});
  EXPECT_FALSE(fs::exists(data.out("run")));
}

TEST(Run, OneWindowTrainsWithoutValidation) {
  const SmallData data(1);
  const RunResult result =
      train_run(small_recipe(5), data.inputs, data.out("run"), with_threads(2));
  EXPECT_GT(result.loop.progress.best_epoch, 0);
  EXPECT_EQ(lines(data.out("run") / "loss_components.csv"), 1 + 5);
  const std::string metrics = contents(data.out("run") / "epoch_metrics.csv");
  EXPECT_NE(metrics.find(",,,,"), std::string::npos);  // no validation: empty cells
}

TEST(Run, WindowsWithoutSpansTrainTheSpanTaskAlone) {
  SmallData data(6);
  for (Window& window : data.windows) {
    window.spans.clear();
    window.visible_fraction = 0;
  }
  data.rewrite();
  RunStart start{};
  RunOptions options = with_threads(1);
  options.on_start = [&](const RunStart& s) { start = s; };
  const RunResult result = train_run(small_recipe(3), data.inputs, data.out("run"), options);
  EXPECT_EQ(result.loop.progress.first_bad_epoch, 0);
  EXPECT_EQ(start.unlabelled_train, 5);
  EXPECT_EQ(start.unlabelled_validation, 1);
  // The other tasks have nothing to say: empty cells.
  const std::string losses = contents(data.out("run") / "loss_components.csv");
  EXPECT_NE(losses.find("3,val,,,0."), std::string::npos) << losses;
  EXPECT_EQ(start.types_in_training, 0);
}

TEST(Run, OneClassTrainsAndIsSaid) {
  SmallData data(8);
  for (Window& window : data.windows) window.spans[0].type = SpanType::consolidation;
  data.rewrite();
  RunStart start{};
  RunOptions options = with_threads(1);
  options.on_start = [&](const RunStart& s) { start = s; };
  train_run(small_recipe(2), data.inputs, data.out("run"), options);
  EXPECT_EQ(start.types_in_training, 1);
}

TEST(Run, FurtherSpansReachTheSpanTask) {
  SmallData data(10);
  const int64_t row = data.windows[0].first_row;
  const bool early = data.windows[0].spans[0].start > 6;
  const int64_t from = row + (early ? 0 : 25);
  const TrainingData inputs =
      data.with_spans({{from, from + 3, Direction::up, SpanType::consolidation, 1}});
  const auto plain = train_run(small_recipe(2), data.inputs, data.out("a"), with_threads(1));
  const auto more = train_run(small_recipe(2), inputs, data.out("b"), with_threads(1));
  EXPECT_NE(plain.weights_hash, more.weights_hash);
}

TEST(Run, TasksThatAreOffLeaveEmptyCellsAndUntouchedHeads) {
  const SmallData data(12);
  Recipe recipe = small_recipe(5);
  recipe.loss.tasks = {Task::span};
  recipe.loss.balancing = Balancing::sum;
  train_run(recipe, data.inputs, data.out("run"), with_threads(1));
  const std::string losses = contents(data.out("run") / "loss_components.csv");
  EXPECT_NE(losses.find("1,train,,,0."), std::string::npos) << losses;
  const TensorFile file = read_safetensors(data.out("run") / "checkpoint_epoch_5.safetensors");
  const Tensor* moment = file.find("adamw_square.classifier.1.weight");
  ASSERT_NE(moment, nullptr);
  for (const float v : moment->floats()) EXPECT_EQ(v, 0);
  const Metadata metadata = read_metadata(data.out("run") / "metadata.json");
  EXPECT_LT(metadata.trainable_parameters, metadata.total_parameters);
}

}  // namespace
}  // namespace spanlab
