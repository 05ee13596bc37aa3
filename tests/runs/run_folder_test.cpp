// The run folder: when a new run may use it, when a run goes on, and its lock.
#include "spanlab/runs/run_folder.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>

#include "spanlab/runs/metadata.h"
#include "tests/expect_error.h"
#include "tests/temporary_folder.h"

namespace spanlab {
namespace {

namespace fs = std::filesystem;

Metadata with_status(RunStatus status) {
  Metadata metadata;
  metadata.status = status;
  return metadata;
}

TEST(RunFolder, NamesItsFiles) {
  const TemporaryFolder folder;
  const RunFolder run = RunFolder::create(folder / "run");
  EXPECT_EQ(run.path(), folder / "run");
  EXPECT_EQ(run.recipe(), folder / "run" / "recipe.toml");
  EXPECT_EQ(run.metadata(), folder / "run" / "metadata.json");
  EXPECT_EQ(run.table("epoch_metrics"), folder / "run" / "epoch_metrics.csv");
  EXPECT_EQ(run.checkpoint(10), folder / "run" / "checkpoint_epoch_10.safetensors");
  EXPECT_EQ(run.best_model(), folder / "run" / "best_model.safetensors");
}

TEST(RunFolder, MakesParentsAndTakesAnEmptyFolder) {
  const TemporaryFolder folder;
  RunFolder::create(folder / "a/b/c");
  EXPECT_TRUE(fs::is_directory(folder / "a/b/c"));
  fs::create_directory(folder / "empty");
  RunFolder::create(folder / "empty");
}

TEST(RunFolder, TakesWhatAKilledStartLeft) {
  const TemporaryFolder folder;
  RunFolder::create(folder / "run");
  folder.write("run/recipe.toml", "");
  folder.write("run/metadata.json.spanlab-tmp-1", "half of");
  const RunFolder run = RunFolder::create(folder / "run");
  EXPECT_FALSE(fs::exists(folder / "run/metadata.json.spanlab-tmp-1"));
}

TEST(RunFolder, RefusesFilesOfOthersAndLeavesThemAlone) {
  const TemporaryFolder folder;
  fs::create_directory(folder / "mine");
  folder.write("mine/thesis.tex", "years of work");
  expect_error(
      [&] { RunFolder::create(folder / "mine"); },
      {"mine is neither empty nor a run: it contains thesis.tex", "choose another folder"});
  EXPECT_EQ(std::distance(fs::directory_iterator(folder / "mine"), {}), 1);
  EXPECT_EQ(folder.read("mine/thesis.tex"), "years of work");
}

TEST(RunFolder, RefusesAFileAndAPlaceThatCannotBe) {
  const TemporaryFolder folder;
  folder.write("file", "");
  expect_error([&] { RunFolder::create(folder / "file"); }, {"is a file"});
  expect_error([&] { RunFolder::create(folder / "file/run"); }, {"cannot use the folder"});
  expect_error([&] { RunFolder::create(folder / std::string(300, 'x')); }, {"cannot access"});
}

TEST(RunFolder, RefusesAnotherRun) {
  const TemporaryFolder folder;
  for (const RunStatus status : {RunStatus::running, RunStatus::stopped, RunStatus::completed}) {
    const fs::path path = folder / name_of(status);
    write_metadata(RunFolder::create(path).metadata(), with_status(status));
    expect_error(
        [&] { RunFolder::create(path); },
        {"already contains a run", name_of(status).c_str(),
         status == RunStatus::completed ? "choose another folder" : "the command `resume "});
  }
  fs::create_directory(folder / "damaged");
  folder.write("damaged/metadata.json", "{");
  expect_error([&] { RunFolder::create(folder / "damaged"); }, {"metadata.json"});
}

TEST(RunFolder, OpensARunAndTidiesUp) {
  const TemporaryFolder folder;
  write_metadata(RunFolder::create(folder / "run").metadata(), with_status(RunStatus::stopped));
  folder.write("run/best_model.safetensors.spanlab-tmp-77", "half of");
  const RunFolder run = RunFolder::open(folder / "run");
  EXPECT_EQ(read_metadata(run.metadata()).status, RunStatus::stopped);
  EXPECT_FALSE(fs::exists(folder / "run/best_model.safetensors.spanlab-tmp-77"));
}

TEST(RunFolder, OpenNeedsARun) {
  const TemporaryFolder folder;
  fs::create_directory(folder / "empty");
  folder.write("file", "");
  for (const char* name : {"none", "empty", "file"}) {
    expect_error([&] { RunFolder::open(folder / name); }, {name, "the command `train`"});
  }
  EXPECT_TRUE(fs::is_empty(folder / "empty"));
}

TEST(RunFolder, OneProcessAtATime) {
  const TemporaryFolder folder;
  {
    const RunFolder run = RunFolder::create(folder / "run");
    expect_error([&] { RunFolder::create(folder / "run"); }, {"another process is training into"});
    write_metadata(run.metadata(), with_status(RunStatus::running));
    expect_error([&] { RunFolder::open(folder / "run"); }, {"another process is training into"});
  }
  RunFolder::open(folder / "run");
}

TEST(RunFolder, AKilledProcessLeavesNoLock) {
  const TemporaryFolder folder;
  const pid_t child = ::fork();
  if (child == 0) {
    const RunFolder run = RunFolder::create(folder / "run");
    write_metadata(run.metadata(), with_status(RunStatus::running));
    ::_exit(0);  // no destructor runs
  }
  int status = -1;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_EQ(status, 0);
  RunFolder::open(folder / "run");
}

}  // namespace
}  // namespace spanlab
