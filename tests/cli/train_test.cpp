// Training and the demo stopped and killed. What they print: tests/commands.
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
}

}  // namespace
}  // namespace spanlab
