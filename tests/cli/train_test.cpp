// The program's train, resume and demo: what a user sees, stops, breaks.
#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>
#include <string>
#include <vector>

#include "spanlab/base/file.h"
#include "tests/cli/run_program.h"
#include "tests/cli/small_files.h"

namespace spanlab {
namespace {

namespace fs = std::filesystem;
using testing::run_program;
using testing::RunResult;

/// Arguments of a run on small data that takes a moment.
std::vector<std::string> train_arguments(const SmallFiles& data, const std::string& out,
                                         int epochs = 6) {
  return {"train",     "recipes/baseline.toml",
          "--bars",    data.bars_file,
          "--windows", data.windows_file,
          "--out",     data.out(out).string(),
          "--set",     "data.window=30",
          "--set",     "model.hidden=16",
          "--set",     "train.epochs=" + std::to_string(epochs)};
}

RunResult train(const SmallFiles& data, const std::string& out, int epochs = 6,
                const testing::RunOptions& options = {}) {
  return run_program(train_arguments(data, out, epochs), options);
}

TEST(TrainCommand, PrintsALineAnEpochAndASummary) {
  const SmallFiles data;
  const RunResult run = train(data, "run");
  ASSERT_EQ(run.status, 0) << run.err;
  EXPECT_NE(run.err.find("epoch    6/6"), std::string::npos) << run.err;
  EXPECT_EQ(run.err.find('\r'), std::string::npos);  // no live line into a pipe
  EXPECT_NE(run.out.find("countdown"), std::string::npos);
  EXPECT_NE(run.out.find(data.out("run").string()), std::string::npos);
}

TEST(TrainCommand, QuietPrintsTheSummaryOnly) {
  const SmallFiles data;
  auto arguments = train_arguments(data, "run");
  arguments.push_back("--quiet");
  const RunResult run = run_program(arguments);
  EXPECT_EQ(run.status, 0);
  EXPECT_EQ(run.err, "");
  EXPECT_NE(run.out.find("run folder"), std::string::npos);
}

TEST(TrainCommand, InterruptStopsCleanlyAndResumeGoesOn) {
  const SmallFiles data;
  testing::RunOptions options;
  options.signal = SIGINT;
  options.signal_after = std::chrono::milliseconds(400);
  const RunResult stopped = train(data, "run", 20000, options);
  ASSERT_EQ(stopped.status, 130) << stopped.err;
  EXPECT_NE(stopped.err.find("spanlab resume " + data.out("run").string()), std::string::npos);
  EXPECT_TRUE(fs::exists(data.out("run") / "resume_state.safetensors"));
  const RunResult again = run_program({"resume", data.out("run").string(), "--quiet"}, options);
  EXPECT_EQ(again.status, 130) << again.err;
}

TEST(TrainCommand, KilledAtAnEpochAndResumedItEndsWithTheSameWeights) {
  const SmallFiles data;
  ASSERT_EQ(train(data, "whole", 14).status, 0);
  for (const char* place : {"epoch=kill@1", "epoch=kill@13", "append=kill@30", "append=kill@31",
                            "write.rename=kill@2", "write.rename=kill@3", "write.data=kill@4"}) {
    fs::remove_all(data.out("run"));
    testing::RunOptions options;
    options.environment = {std::string("SPANLAB_FAILPOINTS=") + place};
    const RunResult killed = train(data, "run", 14, options);
    EXPECT_LT(killed.status, 0) << place << killed.err;
    // Killed before it became a run, it starts anew; otherwise it goes on.
    const bool is_run = fs::exists(data.out("run") / "metadata.json");
    const RunResult resumed =
        is_run ? run_program({"resume", data.out("run").string()}) : train(data, "run", 14);
    ASSERT_EQ(resumed.status, 0) << place << ": " << resumed.err;
    EXPECT_EQ(resumed.out.find(" s, from epoch ") != std::string::npos, is_run) << resumed.out;
    for (const char* file : {"best_model.safetensors", "checkpoint_epoch_14.safetensors",
                             "loss_components.csv", "gradient_stats.csv"}) {
      EXPECT_EQ(read_file(data.out("run") / file), read_file(data.out("whole") / file))
          << place << " " << file;
    }
  }
}

TEST(TrainCommand, AFullDiskIsAnErrorAndTheRunGoesOnLater) {
  const SmallFiles data;
  testing::RunOptions options;
  options.environment = {"SPANLAB_FAILPOINTS=write.data=error@5"};
  const RunResult full = train(data, "run", 30, options);
  EXPECT_EQ(full.status, 1);
  EXPECT_NE(full.err.find("error: "), std::string::npos);
  EXPECT_NE(full.err.find("hint: "), std::string::npos);
  EXPECT_EQ(run_program({"resume", data.out("run").string(), "--quiet"}).status, 0);
}

TEST(TrainCommand, BadInputIsOneAndSaysWhatToDo) {
  const SmallFiles data;
  struct Case {
    size_t place;
    std::string value;
    const char* part;
  };
  const std::vector<Case> cases{
      {1, "recipes/none.toml", "none.toml"},      {3, "none.csv", "none.csv"},
      {3, data.folder.path().string(), "folder"}, {5, data.bars_file, "window_id"},
      {7, data.folder.path().string(), "run"},    {9, "data.windw=30", "data.window"},
      {9, "data.window=many", "data.window"},     {11, "model.hidden=17", "16"},
      {13, "train.epochs=0", "train.epochs"},
  };
  for (const Case& c : cases) {
    auto arguments = train_arguments(data, "bad");
    arguments[c.place] = c.value;
    const RunResult run = run_program(arguments);
    EXPECT_EQ(run.status, 1) << c.value;
    EXPECT_EQ(run.err.rfind("error: ", 0), 0u) << run.err;
    EXPECT_NE(run.err.find("\nhint: "), std::string::npos) << run.err;
    EXPECT_NE(run.err.find(c.part), std::string::npos) << run.err;
    EXPECT_FALSE(fs::exists(data.out("bad"))) << c.value;
  }
}

TEST(TrainCommand, ForcedKernelsAreWrittenDownAndResumeAsksForThem) {
  const SmallFiles data;
  testing::RunOptions options;
  options.environment = {"SPANLAB_ISA=portable", "SPANLAB_FAILPOINTS=epoch=kill@2"};
  EXPECT_LT(train(data, "run", 6, options).status, 0);
  EXPECT_NE(read_file(data.out("run") / "metadata.json").find("\"portable\""), std::string::npos);
  options.environment = {"SPANLAB_ISA=portable"};
  EXPECT_EQ(run_program({"resume", data.out("run").string()}, options).status, 0);
  options.environment = {"SPANLAB_ISA=mmx"};
  EXPECT_EQ(train(data, "other", 6, options).status, 1);
}

TEST(ResumeCommand, RefusesWhatIsNoRun) {
  const SmallFiles data;
  EXPECT_EQ(run_program({"resume", data.out("none").string()}).status, 1);
  EXPECT_EQ(run_program({"resume", data.folder.path().string()}).status, 1);
}

TEST(DemoCommand, TrainsOnItsOwnMarket) {
  const TemporaryFolder folder;
  testing::RunOptions options;
  options.signal = SIGINT;
  options.signal_after = std::chrono::milliseconds(1500);
  const RunResult run = run_program({"demo", "--out", (folder / "demo").string()}, options);
  EXPECT_TRUE(run.status == 130 || run.status == 0) << run.err;
  if (run.status == 130) {
    const std::string demo = (folder / "demo").string();
    EXPECT_NE(run.err.find("delete " + demo + " and start again with: spanlab demo --out " + demo),
              std::string::npos)
        << run.err;
  }
  EXPECT_NE(run.out.find("Simulated 40000 bars"), std::string::npos) << run.out;
  EXPECT_TRUE(fs::exists(folder / "demo" / "data" / "windows.csv"));
  EXPECT_EQ(run_program({"demo", "--bars", "x.csv"}).status, 2);
}

}  // namespace
}  // namespace spanlab
