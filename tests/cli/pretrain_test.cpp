// Pre-training with any number of threads, and stopped. What it prints: tests/commands.
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

}  // namespace
}  // namespace spanlab
