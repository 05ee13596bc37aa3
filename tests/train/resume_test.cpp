// Runs that are stopped, moved or damaged, and continued.
#include "spanlab/train/run.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <sstream>

#include "spanlab/bars/bars_file.h"
#include "spanlab/base/file.h"
#include "spanlab/kernels/isa.h"
#include "spanlab/runs/metadata.h"
#include "spanlab/windows/window.h"
#include "tests/expect_error.h"
#include "tests/recipe/former_names.h"
#include "tests/train/same_run.h"
#include "tests/train/small_run.h"

namespace spanlab {
namespace {

namespace fs = std::filesystem;
TEST(Resume, StoppedAnywhereAndResumedItEndsWithTheSameBits) {
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

TEST(Resume, StoppedTwice) {
  const SmallData data;
  const auto whole = train_run(small_recipe(), data.inputs, data.out("whole"), with_threads(1));
  const fs::path out = data.out("twice");
  train_run(small_recipe(), data.inputs, out, stopping_after(9));
  EXPECT_TRUE(resume_run(out, stopping_after(22)).loop.stopped);
  EXPECT_EQ(resume_run(out, with_threads(1)).weights_hash, whole.weights_hash);
  expect_same_run(data.out("whole"), out);
}

TEST(Resume, ResumingACompletedRunChangesNothing) {
  const SmallData data;
  const auto whole = train_run(small_recipe(5), data.inputs, data.out("run"), with_threads(1));
  const std::string before = contents(data.out("run") / "metadata.json");
  EXPECT_EQ(resume_run(data.out("run"), with_threads(1)).weights_hash, whole.weights_hash);
  EXPECT_EQ(contents(data.out("run") / "metadata.json"), before);
}

TEST(Resume, ResumingNeedsTheSameData) {
  SmallData data;
  train_run(small_recipe(), data.inputs, data.out("run"), stopping_after(9));
  data.windows[3].first_row += 1;
  data.rewrite();
  expect_error([&] { resume_run(data.out("run"), with_threads(1), &data.inputs); },
               {"data", "started"});
  write_windows(data.out("run") / "data" / "windows.csv", data.windows);
  expect_error([&] { resume_run(data.out("run"), with_threads(1)); }, {"data", "started"});
}

/// A stopped run with further spans and given weights, and its copy of the data.
struct StoppedRun {
  SmallData data;
  TrainingData inputs;
  fs::path run, copy;

  StoppedRun() {
    train_run(small_recipe(2), data.inputs, data.out("before"), with_threads(1));
    Labelled labelled = data.labelled();
    labelled.spans = {{5990, 5992, Direction::down, SpanType::retracement, 1.0 / 3}};
    inputs = {labelled, read_start_weights(data.out("before") / "best_model.safetensors")};
    run = data.out("run");
    copy = run / "data";
    train_run(small_recipe(), inputs, run, stopping_after(9));
  }
  void expect_told(const char* file, const char* what) const {
    expect_error([&] { resume_run(run, with_threads(1)); }, {file, what, "data/"});
  }
};

TEST(Resume, DamageOfItsCopyIsToldWhereverItIs) {
  const StoppedRun stopped;
  Bars bars = stopped.data.bars;
  bars.close[5999] += 0.25;  // no window comes near
  write_bars_file(stopped.copy / "bars.safetensors", bars);
  stopped.expect_told("bars.safetensors", "changed since the run started");
  stopped.inputs.store_in(stopped.copy);
  write_file_atomically(stopped.copy / "start.safetensors",
                        read_file(stopped.run / "best_model.safetensors"));
  stopped.expect_told("start.safetensors", "changed since the run started");
  fs::remove(stopped.copy / "start.safetensors");
  stopped.expect_told("start.safetensors", "is missing or empty");
  stopped.inputs.store_in(stopped.copy);
  fs::remove(stopped.copy / "spans.csv");
  stopped.expect_told("spans.csv", "is missing or empty");
  stopped.inputs.store_in(stopped.copy);
  EXPECT_FALSE(resume_run(stopped.run, with_threads(1)).loop.stopped);
}

TEST(Resume, AFileThatIsNoneOfItsCopyIsTold) {
  const SmallData data;
  train_run(small_recipe(), data.inputs, data.out("run"), stopping_after(9));
  write_spans(data.out("run") / "data" / "spans.csv", {});
  expect_error([&] { resume_run(data.out("run"), with_threads(1)); },
               {"spans.csv", "does not belong to the run", "remove"});
}

TEST(Resume, OfAnOlderVersionNeedsNoHashOfItsSource) {
  const StoppedRun stopped;
  Metadata metadata = read_metadata(stopped.run / "metadata.json");
  EXPECT_EQ(metadata.source_hash.size(), 3u);
  metadata.source_hash.clear();
  write_metadata(stopped.run / "metadata.json", metadata);
  EXPECT_FALSE(resume_run(stopped.run, with_threads(1)).loop.stopped);
}

TEST(Resume, GivenItsSourceItRepairsItsCopy) {
  for (const bool completed : {false, true}) {
    const StoppedRun stopped;
    if (completed) resume_run(stopped.run, with_threads(1));
    write_file_atomically(stopped.copy / "bars.safetensors", "damaged");
    resume_run(stopped.run, with_threads(1), &stopped.inputs);
    EXPECT_EQ(read_training_data(stopped.copy, 30).hash(), stopped.inputs.hash()) << completed;
  }
}

TEST(Resume, ResumingWithAnotherSourceLeavesTheCopyAlone) {
  const StoppedRun stopped;
  Labelled labelled = stopped.inputs.labelled();
  labelled.bars.close[5999] += 0.25;
  const TrainingData other(labelled, stopped.inputs.start());
  expect_error([&] { resume_run(stopped.run, with_threads(1), &other); },
               {"the data differ from those that the run started with", "bars.csv"});
  EXPECT_EQ(read_training_data(stopped.copy, 30).hash(), stopped.inputs.hash());
}

TEST(Resume, ResumedFromItsCopyWithSeveralSpansAWindowItHasTheSameBits) {
  SmallData data(12);
  for (Window& window : data.windows) {
    const int end = window.spans[0].end;
    if (end < 27) window.spans.push_back({end + 2, 29, SpanType::retracement});
    window.visible_fraction = 1.0 / 3;
  }
  data.rewrite();
  const RunResult whole =
      train_run(small_recipe(6), data.inputs, data.out("whole"), with_threads(1));
  train_run(small_recipe(6), data.inputs, data.out("run"), stopping_after(4));
  EXPECT_EQ(resume_run(data.out("run"), with_threads(1)).weights_hash, whole.weights_hash);
}

TEST(Resume, AFolderThatWasMovedIsResumedFromItsOwnCopyOfTheData) {
  const SmallData data;
  const RunResult whole =
      train_run(small_recipe(), data.inputs, data.out("whole"), with_threads(1));
  train_run(small_recipe(), data.inputs, data.out("run"), stopping_after(9));
  fs::create_directory(data.out("elsewhere"));
  fs::rename(data.out("run"), data.out("elsewhere") / "moved");
  EXPECT_EQ(resume_run(data.out("elsewhere") / "moved", with_threads(1)).weights_hash,
            whole.weights_hash);
}

TEST(Resume, ResumingNeedsTheSameRecipe) {
  const SmallData data;
  train_run(small_recipe(), data.inputs, data.out("run"), stopping_after(9));
  const fs::path recipe = data.out("run") / "recipe.toml";
  std::string text = contents(recipe);
  text.replace(text.find("epochs = 12"), 11, "epochs = 13");
  write_file_atomically(recipe, text);
  expect_error([&] { resume_run(data.out("run"), with_threads(1)); }, {"train.epochs", "13"});
}

TEST(Resume, AFolderOfAnEarlierVersionIsResumed) {
  const SmallData data;
  Recipe recipe = small_recipe();
  recipe.balancing.method = Balancing::gradnorm;
  recipe.balancing.rate = 0.5;
  const RunResult whole = train_run(recipe, data.inputs, data.out("whole"), with_threads(1));
  train_run(recipe, data.inputs, data.out("run"), stopping_after(9));
  const fs::path toml = data.out("run") / "recipe.toml", json = data.out("run") / "metadata.json";
  const std::string text = former_text(contents(toml));
  EXPECT_NE(text.find("\nbalancing_rate = 0.5\n"), std::string::npos);
  write_file_atomically(toml, text);
  std::string metadata = contents(json);
  for (const Setting& setting : settings_of(recipe)) {
    metadata =
        replaced(metadata, "\"" + setting.name + "\"", "\"" + former_name(setting.name) + "\"");
  }
  EXPECT_NE(metadata.find("\"loss.balancing\": \"gradnorm\""), std::string::npos);
  write_file_atomically(json, metadata);
  EXPECT_EQ(resume_run(data.out("run"), with_threads(1)).weights_hash, whole.weights_hash);
}

TEST(Resume, ResumingNeedsTheSameKernels) {
  const Isa before = active_isa();
  const std::vector<Isa> available = available_isas();
  const auto other =
      std::find_if(available.begin(), available.end(), [&](Isa isa) { return isa != before; });
  if (other == available.end()) GTEST_SKIP() << "only one instruction set to run on";
  const SmallData data;
  train_run(small_recipe(), data.inputs, data.out("run"), stopping_after(9));
  select_isa(*other);
  expect_error([&] { resume_run(data.out("run"), with_threads(1)); },
               {std::string(name_of(before)).c_str(), "SPANLAB_ISA="});
  select_isa(before);
  EXPECT_FALSE(resume_run(data.out("run"), with_threads(1)).loop.stopped);
}

TEST(Resume, ResumingRefusesADamagedCheckpoint) {
  const SmallData data;
  train_run(small_recipe(), data.inputs, data.out("run"), stopping_after(30));
  const fs::path state = data.out("run") / "resume_state.safetensors";
  const std::string bytes = contents(state);
  write_file_atomically(state, bytes.substr(0, bytes.size() / 2));
  expect_error([&] { resume_run(data.out("run"), with_threads(1)); }, {"resume_state.safetensors"});
}

TEST(Resume, ResumingRefusesACheckpointOfAnotherShape) {
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

}  // namespace
}  // namespace spanlab
