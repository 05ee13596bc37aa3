// watch commits what detect commits, and ends on Ctrl-C. What it prints: tests/commands.
#include <gtest/gtest.h>

#include <csignal>
#include <string>
#include <vector>

#include "cli/exit_status.h"
#include "tests/cli/small_detector.h"

namespace spanlab {
namespace {

using WatchCommands = DetectCommands;

TEST_F(WatchCommands, WatchCommitsWhatDetectCommits) {
  const std::string text = market().folder.read("short.csv");
  const std::vector<std::string> expected = committed_rows(detect(market().short_bars).out);
  ASSERT_GT(expected.size(), 2u);
  const RunResult all = watch(text);
  ASSERT_EQ(all.status, 0) << all.err;
  EXPECT_EQ(committed_events(all.out), expected);
  EXPECT_TRUE(contains(all.out, ",provisional,")) << all.out;
  EXPECT_TRUE(contains(all.err, "a span is committed 9 to 16 bars after its end")) << all.err;
  EXPECT_TRUE(contains(all.err, "the stream ended after 600 bars, with " +
                                    std::to_string(expected.size()) + " spans committed"))
      << all.err;
  const RunResult committed = watch(text, {"--committed-only"});
  EXPECT_EQ(committed_events(committed.out), expected);
  EXPECT_EQ(lines_of(committed.out).size(), expected.size() + 1);
}

TEST_F(WatchCommands, CtrlCEndsItWithItsClosingLine) {
  std::string text;
  const std::vector<std::string> lines = lines_of(market().folder.read("short.csv"));
  for (size_t i = 0; i <= 100; ++i) text += lines[i] + "\n";
  const auto stopped_on = [&](const std::string& input) {
    return run_program({"watch", market().detector, "--threads", "1"},
                       {.input = input,
                        .open_pipe = true,
                        .signal = SIGINT,
                        .signal_after = std::chrono::milliseconds(1500)});
  };
  const RunResult result = stopped_on(text + lines[101].substr(0, 5));  // within a line
  EXPECT_EQ(result.status, cli::kInterrupted) << result.err;
  EXPECT_TRUE(contains(result.err, "stopped after 100 bars, with ")) << result.err;
  EXPECT_FALSE(contains(result.err, "ended within")) << result.err;
  EXPECT_TRUE(result.out.starts_with("time,event,")) << result.out;
  const RunResult silent = stopped_on("");
  EXPECT_EQ(silent.status, cli::kInterrupted) << silent.err;
  EXPECT_TRUE(contains(silent.err, "stopped before the first bar")) << silent.err;
}

}  // namespace
}  // namespace spanlab
