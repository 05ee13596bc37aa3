// The program's pretrain, and train from what it wrote.
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

const std::vector<std::string> kSmall{"--set", "data.window=30", "--set", "model.hidden=16"};

RunResult pretrain(const SmallFiles& data, const std::string& out,
                   const std::vector<std::string>& more = {},
                   const testing::RunOptions& options = {}) {
  std::vector<std::string> words{"pretrain",     "--recipe", "recipes/best.toml",   "--bars",
                                 data.bars_file, "--out",    data.out(out).string()};
  words.insert(words.end(), kSmall.begin(), kSmall.end());
  words.insert(words.end(), more.begin(), more.end());
  return run_program(words, options);
}

TEST(PretrainCommand, SaysWhatWasLearnedAndTrainStartsFromIt) {
  const SmallFiles data;
  const RunResult run = pretrain(data, "encoder", {"--epochs", "2", "--kind", "random"});
  ASSERT_EQ(run.status, 0) << run.err;
  EXPECT_EQ(run.err, "");
  for (const char* part : {"encoder at the start", "encoder at the end", "each feature's mean",
                           "copy of the nearest open bar", "--start-from"}) {
    EXPECT_NE(run.out.find(part), std::string::npos) << run.out;
  }
  std::vector<std::string> words{"train",        "recipes/best.toml",
                                 "--bars",       data.bars_file,
                                 "--windows",    data.windows_file,
                                 "--out",        data.out("run").string(),
                                 "--start-from", data.out("encoder").string(),
                                 "--set",        "train.epochs=2"};
  words.insert(words.end(), kSmall.begin(), kSmall.end());
  const RunResult started = run_program(words);
  ASSERT_EQ(started.status, 0) << started.err;
  EXPECT_NE(started.err.find("8 tensors start from a file"), std::string::npos) << started.err;
  words.back() = "model.hidden=32";
  words[7] = data.out("other").string();
  const RunResult refused = run_program(words);
  EXPECT_EQ(refused.status, 1);
  EXPECT_NE(refused.err.find("lstm.weight_ih_l0"), std::string::npos) << refused.err;
  EXPECT_FALSE(fs::exists(data.out("other")));
}

TEST(PretrainCommand, TheSameBytesForAnyNumberOfThreads) {
  const SmallFiles data;
  ASSERT_EQ(pretrain(data, "one", {"--steps", "5", "--threads", "1"}).status, 0);
  ASSERT_EQ(pretrain(data, "two", {"--steps", "5", "--threads", "2"}).status, 0);
  EXPECT_EQ(read_file(data.out("one")), read_file(data.out("two")));
}

TEST(PretrainCommand, InterruptWritesNothing) {
  const SmallFiles data;
  testing::RunOptions options;
  options.signal = SIGINT;
  options.signal_after = std::chrono::milliseconds(500);
  const RunResult run = pretrain(data, "encoder", {"--steps", "100000000"}, options);
  EXPECT_EQ(run.status, 130) << run.err;
  EXPECT_NE(run.err.find("nothing is written"), std::string::npos) << run.err;
  EXPECT_FALSE(fs::exists(data.out("encoder")));
}

TEST(PretrainCommand, RefusesSharesInTheWrongOrderAndItsOwnBars) {
  const SmallFiles data;
  EXPECT_EQ(pretrain(data, "encoder", {"--share", "0.4", "0.2"}).status, 2);
  EXPECT_EQ(pretrain(data, "bars.csv").status, 2);
  EXPECT_EQ(pretrain(data, "encoder", {"--epochs", "1", "--steps", "1"}).status, 2);
}

}  // namespace
}  // namespace spanlab
