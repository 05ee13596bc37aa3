// Ctrl-C and a polite kill: they stop a run, unless the parent has it ignored.
#include <gtest/gtest.h>
#include <signal.h>

#include "cli/exit_status.h"
#include "tests/cli/run_program.h"
#include "tests/cli/small_files.h"

namespace spanlab {
namespace {

using testing::run_program;
using testing::RunOptions;
using testing::RunResult;

class Signals : public ::testing::Test {
 protected:
  // A run of some seconds that gets a signal near its beginning.
  RunResult run(int sent, std::optional<int> ignored = {}) const {
    RunOptions options;
    options.signal = sent;
    options.signal_after = std::chrono::milliseconds(300);
    options.ignored = ignored;
    return run_program({"train", "recipes/baseline.toml", "--bars", data_.bars_file, "--windows",
                        data_.windows_file, "--out", data_.out("run").string(), "--quiet", "--set",
                        "train.epochs=400", "--set", "data.window=30", "--set", "model.hidden=16"},
                       options);
  }

  SmallFiles data_;
};

TEST_F(Signals, StopARun) {
  EXPECT_EQ(run(SIGTERM).status, cli::kInterrupted);
}

TEST_F(Signals, ReachTheProgramUnderTestWhateverStartedTheTests) {
  const auto before = ::signal(SIGINT, SIG_IGN);
  EXPECT_EQ(run(SIGINT).status, cli::kInterrupted);
  ::signal(SIGINT, before);
}

TEST_F(Signals, StayIgnoredIfTheParentIgnoresThem) {
  const RunResult result = run(SIGINT, SIGINT);
  EXPECT_EQ(result.status, 0) << result.err;
  EXPECT_GT(result.seconds, 0.3) << "it ended before the signal";
}

}  // namespace
}  // namespace spanlab
