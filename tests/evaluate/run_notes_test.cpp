// What is said about a run folder that is not whole: every note, and which model is judged.
#include <gtest/gtest.h>

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "spanlab/evaluate/run_evidence.h"
#include "spanlab/runs/metadata.h"
#include "tests/train/small_run.h"

namespace spanlab::test {
namespace {

namespace fs = std::filesystem;

/// A run of 6 epochs with checkpoints at 5 and 6.
const SmallData& small_data() {
  static const SmallData data;
  static const bool trained = [] {
    Recipe recipe = small_recipe(6);
    recipe.split.kind = SplitKind::grouped;
    train_run(recipe, data.inputs, data.out("run"), with_threads(1));
    return true;
  }();
  EXPECT_TRUE(trained);
  return data;
}

/// Evidence of a copy of the run, after a change to its folder.
RunEvidence evidence_after(const std::function<void(const fs::path&)>& change) {
  const TemporaryFolder folder;
  const fs::path run = folder / "run";
  fs::copy(small_data().out("run"), run, fs::copy_options::recursive);
  change(run);
  return gather_run(run, 1);
}

void set_status(const fs::path& run, RunStatus status, int epochs) {
  Metadata metadata = read_metadata(run / "metadata.json");
  metadata.status = status;
  metadata.epochs_completed = epochs;
  write_metadata(run / "metadata.json", metadata);
}

using Notes = std::vector<std::string>;

TEST(RunNotes, OfAWholeRunThereAreNone) {
  const RunEvidence whole = evidence_after([](const fs::path&) {});
  EXPECT_EQ(whole.notes, Notes{});
  EXPECT_EQ(whole.model->file, "checkpoint_epoch_6.safetensors");
  EXPECT_EQ(whole.model->train.windows, whole.data->split.train);
  EXPECT_EQ(whole.model->validation.windows, whole.data->split.validation);
}

TEST(RunNotes, OfARunThatIsNotAtItsEnd) {
  const auto notes = [](RunStatus status) {
    return evidence_after([&](const fs::path& run) { set_status(run, status, 6); }).notes;
  };
  EXPECT_EQ(notes(RunStatus::stopped), Notes{"the run was stopped at epoch 6 of 6"});
  EXPECT_EQ(notes(RunStatus::running),
            Notes{"the run is still running or was killed: it is at epoch 6 of 6"});
}

TEST(RunNotes, OfAnEarlierCheckpoint) {
  const RunEvidence evidence = evidence_after(
      [](const fs::path& run) { fs::remove(run / "checkpoint_epoch_6.safetensors"); });
  EXPECT_EQ(evidence.notes, Notes{"the last checkpoint is of epoch 5; the run reached epoch 6"});
  EXPECT_EQ(evidence.model->file, "checkpoint_epoch_5.safetensors");
}

TEST(RunNotes, FilesThatAreOnlyNamedLikeCheckpointsAreNone) {
  const RunEvidence evidence = evidence_after([](const fs::path& run) {
    fs::rename(run / "checkpoint_epoch_5.safetensors", run / "checkpoint_epoch_7x.safetensors");
    fs::rename(run / "checkpoint_epoch_6.safetensors", run / "checkpoint_epoch_x.safetensors");
  });
  EXPECT_EQ(evidence.model->file, "best_model.safetensors");
}

TEST(RunNotes, OfTheBestModelOrNone) {
  const auto remove_checkpoints = [](const fs::path& run) {
    fs::remove(run / "checkpoint_epoch_5.safetensors");
    fs::remove(run / "checkpoint_epoch_6.safetensors");
  };
  const RunEvidence best = evidence_after(remove_checkpoints);
  EXPECT_EQ(best.notes, Notes{"there is no checkpoint: the model is that of the best epoch"});
  EXPECT_EQ(best.model->file, "best_model.safetensors");
  const RunEvidence none = evidence_after([&](const fs::path& run) {
    remove_checkpoints(run);
    fs::remove(run / "best_model.safetensors");
  });
  EXPECT_EQ(none.notes, Notes{"there is no checkpoint: the model is not analysed"});
  EXPECT_FALSE(none.model);
}

TEST(RunNotes, OfFilesThatAreMissing) {
  const RunEvidence evidence = evidence_after([](const fs::path& run) {
    fs::remove(run / "metadata.json");
    fs::remove(run / "recipe.toml");
    fs::remove(run / "feature_stats.csv");
  });
  EXPECT_EQ(
      evidence.notes,
      (Notes{"there is no feature_stats.csv",
             "there is no metadata.json: data and model are unknown, and only tables are analysed",
             "there is no recipe.toml: the settings of the run are unknown"}));
}

RunEvidence evidence_of_another_hash(bool older_version) {
  return evidence_after([&](const fs::path& run) {
    Metadata metadata = read_metadata(run / "metadata.json");
    metadata.data_hash = "another";
    if (older_version) metadata.source_hash.clear();
    write_metadata(run / "metadata.json", metadata);
  });
}

TEST(RunNotes, OfOtherInputsOfTheSameData) {
  const RunEvidence evidence = evidence_of_another_hash(false);
  ASSERT_EQ(evidence.notes.size(), 1u);
  EXPECT_NE(evidence.notes[0].find("recipe.toml changed since the run, or version"),
            std::string::npos)
      << evidence.notes[0];
}

TEST(RunNotes, OfDataThatChanged) {
  const RunEvidence evidence = evidence_of_another_hash(true);
  ASSERT_EQ(evidence.notes.size(), 1u);
  const std::string& note = evidence.notes.front();
  EXPECT_TRUE(note.starts_with("the data are not used: ")) << note;
  for (const char* part :
       {"data/bars.safetensors or ", "data/windows.csv changed since the run, or its "}) {
    EXPECT_NE(note.find(part), std::string::npos) << note;
  }
  EXPECT_FALSE(evidence.data || evidence.model);
}

}  // namespace
}  // namespace spanlab::test
