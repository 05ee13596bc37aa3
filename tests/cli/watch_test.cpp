// watch and replay as a user types them: streams that are whole, odd or cut.
#include <gtest/gtest.h>

#include <csignal>
#include <string>
#include <vector>

#include "cli/exit_status.h"
#include "tests/cli/small_detector.h"
#include "tests/gzip_bytes.h"

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

TEST_F(WatchCommands, WatchStopsAtTheFirstEventThatCannotBeWritten) {
  const std::string input = "time,open,high,low,close\nno bar\n";
  const RunResult result =
      run_program({"watch", market().detector}, {.input = input, .output = "/dev/full"});
  EXPECT_EQ(result.status, cli::kBadInput);
  EXPECT_TRUE(contains(result.err, "not all of the output could be written")) << result.err;
  EXPECT_FALSE(contains(result.err, "is skipped")) << result.err;  // it did not come so far
}

TEST_F(WatchCommands, WatchSkipsWhatIsNoNewBarAndSaysSo) {
  std::vector<std::string> lines = lines_of(market().folder.read("short.csv"));
  const std::vector<std::string> expected = committed_rows(detect(market().short_bars).out);
  const std::string good = lines[100], time = cells_of(lines[101])[0];
  const std::vector<std::string> odd = {good,                  // line 102 repeats
                                        lines[50],             // 103 goes back
                                        time + ",,1,1,1",      // 104 has no open
                                        time + ",1,nan,1,1",   // 105 has no high
                                        time + ",1,2,much,1",  // 106 is no number at all
                                        time + ",1,2",         // 107 lacks fields
                                        "yesterday,1,2,1,1"};  // 108 has no time
  lines.insert(lines.begin() + 101, odd.begin(), odd.end());
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  const RunResult result = watch(text);
  ASSERT_EQ(result.status, 0) << result.err;
  EXPECT_EQ(committed_events(result.out), expected);
  EXPECT_TRUE(contains(result.err, "row 102 repeats the bar of ")) << result.err;
  EXPECT_TRUE(contains(result.err, "row 103 goes back in time to ")) << result.err;
  EXPECT_TRUE(contains(result.err, "row 104 has a price that is no number")) << result.err;
  EXPECT_TRUE(contains(result.err, "row 105 has a price that is no number")) << result.err;
  EXPECT_TRUE(
      contains(result.err, "row 106, column \"low\": \"much\" is not a number; it is skipped"))
      << result.err;
  EXPECT_TRUE(contains(result.err, "row 107: 3 fields, but the header has 5; it is skipped"))
      << result.err;
  EXPECT_TRUE(contains(result.err, "row 108, column \"timestamp\": \"yesterday\" is not a time"))
      << result.err;
  EXPECT_TRUE(contains(result.err, "the stream ended after 600 bars")) << result.err;
}

TEST_F(WatchCommands, WatchStartsAfreshBehindAGap) {
  Bars gaps = market().head;
  for (size_t i = 300; i < 600; ++i) gaps.time_ms[i] += 3'600'000;
  const std::string file = market().folder / "gap.csv";
  write_bars(file, gaps);
  const RunResult result = watch(market().folder.read("gap.csv"));
  ASSERT_EQ(result.status, 0) << result.err;
  EXPECT_TRUE(contains(result.err, "bars are missing before ")) << result.err;
  EXPECT_TRUE(
      contains(result.err, "(row 302); windows start afresh, so the next detection needs 40 bars"))
      << result.err;
  EXPECT_EQ(committed_events(result.out), committed_rows(detect(file).out));
}

TEST_F(WatchCommands, WatchLeavesAStreamThatEndsMidLine) {
  const std::string text = market().folder.read("short.csv");
  const std::string file = market().folder / "less.csv";
  write_bars(file, prefix(market().head, 599));
  const std::vector<std::string> expected = committed_rows(detect(file).out);
  for (const size_t missing : {1u, 3u, 20u}) {  // the newline; some digits of the close; fields
    const RunResult result = watch(text.substr(0, text.size() - missing));
    EXPECT_EQ(result.status, 0) << result.err;
    EXPECT_EQ(committed_events(result.out), expected);
    EXPECT_TRUE(contains(result.err, "the stream ended within row 601; it is skipped"))
        << result.err;
    EXPECT_TRUE(contains(result.err, "the stream ended after 599 bars")) << result.err;
  }
  const RunResult header = watch("timestamp,open,high,low,close\n");
  EXPECT_EQ(header.status, 0) << header.err;
  EXPECT_EQ(lines_of(header.out).size(), 1u);
  EXPECT_TRUE(contains(header.err, "after 0 bars")) << header.err;
  expect_failure(watch(""), cli::kBadInput, "standard input is empty");
  expect_failure(watch("timestamp,open,high,low\n1,1,1,1\n"), cli::kBadInput,
                 "column for the close");
}

TEST_F(WatchCommands, BarsOfAnotherLength) {
  Bars slow = market().head;
  for (size_t i = 0; i < slow.time_ms.size(); ++i) {
    slow.time_ms[i] = slow.time_ms[0] + static_cast<int64_t>(i) * 300'000;
  }
  slow.bar_ms = 300'000;
  const std::string file = market().folder / "slow.csv";
  write_bars(file, slow);
  // A stream tells once that it gets nowhere.
  const RunResult watched = watch(market().folder.read("slow.csv"));
  EXPECT_EQ(watched.status, 0) << watched.err;
  EXPECT_EQ(lines_of(watched.out).size(), 1u);
  EXPECT_TRUE(contains(watched.err,
                       "the last two are 5m apart, but the detector was trained on "
                       "bars of 1m"))
      << watched.err;
  EXPECT_EQ(lines_of(watched.err).size(), 5u) << watched.err;
  // A file has a length of its own, in the stream of a replay too.
  const RunResult replayed = run_program(
      with_threshold({"replay", market().detector, "--bars", file, "--anew", "2", "--quiet"}));
  EXPECT_EQ(replayed.status, 0) << replayed.err;
  EXPECT_TRUE(contains(replayed.out, "repaints        0\n")) << replayed.out;
  EXPECT_FALSE(contains(replayed.out, "committed       0 span")) << replayed.out;
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
  EXPECT_TRUE(contains(silent.err, "stopped before a bar came")) << silent.err;
}

TEST_F(WatchCommands, GzipThroughAPipeIsRefusedByName) {
  const std::string packed = gzip_bytes("timestamp,open,high,low,close\n");
  const RunResult result =
      run_program({"watch", market().detector}, {.input = packed, .open_pipe = true});
  expect_failure(result, cli::kBadInput, "standard input is gzip");
  EXPECT_TRUE(contains(result.err, "gunzip -c")) << result.err;
  EXPECT_EQ(watch(packed).status, 0);  // a file may be gzip
}

TEST_F(WatchCommands, ReplayFindsNoRepaints) {
  const RunResult result = run_program(with_threshold(
      {"replay", market().detector, "--bars", market().short_bars, "--anew", "6", "--quiet"}));
  ASSERT_EQ(result.status, 0) << result.err;
  EXPECT_TRUE(contains(result.out, "prefixes        600  (6 of them detected anew from nothing)"))
      << result.out;
  EXPECT_TRUE(contains(result.out, "repaints        0\n")) << result.out;
  const size_t committed = committed_rows(detect(market().short_bars).out).size();
  EXPECT_TRUE(contains(result.out, "committed       " + std::to_string(committed) + " span"))
      << result.out;
}

}  // namespace
}  // namespace spanlab
