// `spanlab bars`: what a user sees, statuses, and what is on disk afterwards.
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <filesystem>
#include <regex>
#include <sstream>
#include <string>
#include <vector>

#include "spanlab/bars/csv_bars.h"
#include "spanlab/labels/spans.h"
#include "spanlab/market/simulate.h"
#include "tests/cli/run_program.h"
#include "tests/gzip_bytes.h"
#include "tests/temporary_folder.h"

namespace spanlab {
namespace {

using ::spanlab::testing::run_program;
using ::spanlab::testing::RunResult;

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

void expect_refused(const RunResult& result, int status, const std::vector<std::string>& parts) {
  EXPECT_EQ(result.status, status) << result.err;
  EXPECT_TRUE(result.err.starts_with("error: ")) << result.err;
  EXPECT_TRUE(contains(result.err, "\nhint: ")) << result.err;
  for (const std::string& part : parts) EXPECT_TRUE(contains(result.err, part)) << result.err;
}

// Eight bars with one of each oddity: a gap, a short step, a duplicate, a step back, a high too
// low, a low too high, a price that is no number and two that are not positive.
constexpr const char* kOddBars =
    "time,open,high,low,close\n"
    "60,10,12,9,11\n"
    "120,10,10.5,9,11\n"
    "180,10,12,10.5,11\n"
    "360,10,12,,11\n"
    "390,10,12,9,11\n"
    "390,10,12,-9,11\n"
    "330,10,10,10,10\n"
    "390,0,0,0,0\n";

class BarsCommand : public ::testing::Test {
 protected:
  std::string file(const std::string& name) { return (folder_ / name).string(); }
  RunResult bars(std::vector<std::string> words) {
    words.insert(words.begin(), "bars");
    return run_program(words);
  }
  TemporaryFolder folder_;
};

TEST_F(BarsCommand, CheckReportsEveryOddity) {
  folder_.write("odd.csv", kOddBars);
  const RunResult result = bars({"check", file("odd.csv")});
  EXPECT_EQ(result.status, 0) << result.err;
  EXPECT_EQ(result.out,
            file("odd.csv") +
                "\n"
                "  bars      8\n"
                "  time      1970-01-01 00:01:00 to 1970-01-01 00:06:30\n"
                "  bar size  1m\n"
                "  volume    no\n"
                "\n"
                "                                 bars  first rows (row 0 is the first bar)\n"
                "  gaps                              1  3 (1970-01-01 00:06:00)\n"
                "  steps shorter than a bar          1  4 (1970-01-01 00:06:30)\n"
                "  duplicates                        1  5 (1970-01-01 00:06:30)\n"
                "  time goes back                    1  6 (1970-01-01 00:05:30)\n"
                "  high < max(open, close)           1  1 (1970-01-01 00:02:00)\n"
                "  low > min(open, close)            1  2 (1970-01-01 00:03:00)\n"
                "  price not finite                  1  3 (1970-01-01 00:06:00)\n"
                "  price not positive                2  5 (1970-01-01 00:06:30), 7\n"
                "  volume not finite                 0\n"
                "  volume negative                   0\n"
                "  flat bars                         2  6 (1970-01-01 00:05:30), 7\n"
                "\n"
                "  2 bars missing in the gaps, the longest gap is 3m.\n"
                "  8 faults. Gaps and flat bars are normal and do not count as faults.\n");
}

TEST_F(BarsCommand, StrictCheckFailsOnFaultsOnly) {
  folder_.write("odd.csv", kOddBars);
  const RunResult odd = bars({"check", file("odd.csv"), "--strict"});
  expect_refused(odd, 1, {"odd.csv has 8 faults"});
  EXPECT_TRUE(contains(odd.out, "  8 faults."));
  folder_.write("sound.csv", "time,o,h,l,c\n60,1,1,1,1\n120,1,2,1,2\n600,2,3,1,1\n");
  const RunResult sound = bars({"check", file("sound.csv"), "--strict"});
  EXPECT_EQ(sound.status, 0) << sound.err;
  EXPECT_TRUE(contains(sound.out, "  No faults."));
}

TEST_F(BarsCommand, CheckRefusesWhatIsNoBarsFile) {
  expect_refused(bars({"check", file("none.csv")}), 1, {"none.csv", "No such file"});
  expect_refused(bars({"check", folder_.path().string()}), 1, {"folder"});
  folder_.write("empty.csv", "");
  expect_refused(bars({"check", file("empty.csv")}), 1, {"empty.csv is empty"});
  folder_.write("text.csv", "time,o,h,l,c\n60,1,1,1,x\n");
  expect_refused(bars({"check", file("text.csv")}), 1,
                 {"row 2, column \"c\"", "\"x\" is not a number"});
  const std::string whole = gzip_bytes(kOddBars);
  folder_.write("cut.csv.gz", whole.substr(0, whole.size() - 12));
  expect_refused(bars({"check", file("cut.csv.gz")}), 1, {"cut.csv.gz", "too early"});
  expect_refused(bars({"check"}), 2, {"spanlab bars check", "file is required"});
  expect_refused(bars({}), 2, {"`spanlab bars` needs a command"});
}

TEST_F(BarsCommand, SimulateWritesBarsAndTruth) {
  const RunResult result = bars({"simulate", "--bars", "5000", "--seed", "7", "--strength", "2",
                                 "--out", file("bars.csv"), "--spans", file("spans.csv")});
  EXPECT_EQ(result.status, 0) << result.err;
  EXPECT_TRUE(contains(result.out, "bars.csv: 5000 bars of 1m, seed 7\n")) << result.out;
  MarketModel model;
  model.strength = 2;
  const SimulatedMarket market = simulate_market(5000, 7, model);
  EXPECT_EQ(read_bars(folder_ / "bars.csv").close, market.bars.close);
  const std::vector<Span> spans = read_spans(folder_ / "spans.csv");
  ASSERT_EQ(spans.size(), market.spans.size());
  ASSERT_GT(spans.size(), 20u);
  for (size_t k = 0; k < spans.size(); ++k) {
    const Span& e = market.spans[k];
    EXPECT_EQ(spans[k].start_row, e.start_row);
    EXPECT_EQ(spans[k].end_row, e.end_row);
    EXPECT_EQ(spans[k].direction, e.direction);
    EXPECT_EQ(spans[k].type, e.type);
    EXPECT_NEAR(spans[k].score, e.score, 1e-4);
  }
  EXPECT_EQ(folder_.entries(), 2u);
}

TEST_F(BarsCommand, SimulateRefuses) {
  const auto simulate = [&](const std::string& count, const std::string& out) {
    return bars({"simulate", "--bars", count, "--out", out, "--spans", file("spans.csv")});
  };
  expect_refused(simulate("0", file("bars.csv")), 1, {"number of bars"});
  expect_refused(simulate("-5", file("bars.csv")), 1, {"number of bars"});
  expect_refused(simulate("many", file("bars.csv")), 2, {"--bars"});
  expect_refused(simulate("100", file("none/bars.csv")), 1, {"none/bars.csv", "create the folder"});
  expect_refused(simulate("100", folder_.path().string()), 1, {"it is a folder"});
  expect_refused(bars({"simulate", "--out", file("bars.csv")}), 2, {"--bars is required"});
  EXPECT_EQ(folder_.entries(), 0u);
}

TEST_F(BarsCommand, CeilingSaysWhatCanBeKnown) {
  const RunResult result =
      bars({"ceiling", "--bars", "4000", "--seed", "7", "--strength", "1", "3", "--from", "1000"});
  EXPECT_EQ(result.status, 0) << result.err;
  EXPECT_TRUE(result.out.starts_with("4000 bars, seed 7, rows 1000 to 3999 scored\n"))
      << result.out;
  const std::regex row(R"(  (\S+) +(closes|bars) +0\.0\d+ +(0\.\d+) +(0\.\d+) .*)");
  std::vector<double> precision;
  std::istringstream lines(result.out);
  for (std::string line; std::getline(lines, line);) {
    std::smatch cells;
    if (std::regex_match(line, cells, row)) precision.push_back(std::stod(cells[3]));
  }
  ASSERT_EQ(precision.size(), 4u) << result.out;
  EXPECT_LT(precision[0], precision[1]);  // bars tell more than closes
  EXPECT_LT(precision[1], precision[2]);
  EXPECT_GT(precision[2], 0.97);
}

TEST_F(BarsCommand, CeilingRefuses) {
  expect_refused(bars({"ceiling"}), 2, {"--bars is required"});
  expect_refused(bars({"ceiling", "--bars", "0"}), 2, {"--bars"});
  expect_refused(bars({"ceiling", "--bars", "100", "--from", "100"}), 1, {"row 100", "--from"});
  expect_refused(bars({"ceiling", "--bars", "100", "--strength", "1", "11"}), 1, {"strength"});
}

TEST_F(BarsCommand, AFileSizeLimitIsAnErrorAndNothingIsLeft) {
  rlimit before{};
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &before), 0);
  const rlimit small{20000, before.rlim_max};
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &small), 0);
  const RunResult result = bars(
      {"simulate", "--bars", "40000", "--out", file("bars.csv"), "--spans", file("spans.csv")});
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &before), 0);
  expect_refused(result, 1, {"bars.csv", "File too large", "MB needed"});
  EXPECT_EQ(folder_.entries(), 0u);
}

TEST_F(BarsCommand, ResampleJoinsBars) {
  folder_.write("bars.csv",
                "time,o,h,l,c\n0,1,5,1,2\n60,2,3,0,3\n120,3,4,3,4\n240,4,5,4,5\n300,5,7,5,6\n");
  const RunResult result =
      bars({"resample", file("bars.csv"), "--to", "2m", "--out", file("long.csv")});
  EXPECT_EQ(result.status, 0) << result.err;
  EXPECT_EQ(folder_.read("long.csv"), "timestamp,open,high,low,close\n0,1,5,0,3\n240,4,7,4,6\n");
  EXPECT_EQ(result.out, file("long.csv") +
                            ": 2 bars of 2m from 5 bars of 1m\n"
                            "left out 1 bar, part of no complete bar of 2m\n");
}

TEST_F(BarsCommand, AnOutputIsNoOtherFileOfTheCommand) {
  const std::string bytes = "time,o,h,l,c\n0,1,5,1,2\n60,2,3,0,3\n";
  folder_.write("bars.csv", bytes);
  std::filesystem::create_symlink(folder_ / "bars.csv", folder_ / "link.csv");
  for (const std::string& out : {file("bars.csv"), file("./bars.csv"), file("link.csv")}) {
    expect_refused(bars({"resample", file("bars.csv"), "--to", "2m", "--out", out}), 2,
                   {"--out and the bars are the same file"});
  }
  for (const std::string& spans : {file("new.csv"), file("none/../new.csv")}) {
    expect_refused(bars({"simulate", "--bars", "100", "--out", file("new.csv"), "--spans", spans}),
                   2, {"--out and --spans are the same file"});
  }
  EXPECT_EQ(folder_.read("bars.csv"), bytes);
  EXPECT_EQ(folder_.entries(), 2u);
}

TEST_F(BarsCommand, CheckCountsWhatTheOtherCommandsRefuse) {
  folder_.write("volume.csv", "time,o,h,l,c,v\n0,1,5,1,2,-1\n60,2,3,0.5,3,nan\n");
  const RunResult volume = bars({"check", file("volume.csv"), "--strict"});
  expect_refused(volume, 1, {"volume.csv has 2 faults"});
  EXPECT_TRUE(contains(volume.out, "  volume not finite                 1  1 (")) << volume.out;
  EXPECT_TRUE(contains(volume.out, "  volume negative                   1  0 (")) << volume.out;
  folder_.write("newest_first.csv", "time,o,h,l,c\n120,1,5,1,2\n60,2,3,0.5,3\n");
  expect_refused(bars({"check", file("newest_first.csv"), "--strict"}), 1, {"has 1 fault\n"});
  expect_refused(
      bars({"resample", file("newest_first.csv"), "--to", "2m", "--out", file("out.csv")}), 1,
      {"newest_first.csv, row 3, column \"time\"", "oldest first"});
  EXPECT_EQ(folder_.entries(), 2u);
}

TEST_F(BarsCommand, ResampleRefusesAndLeavesTheOldFile) {
  folder_.write("bars.csv", "time,o,h,l,c\n0,1,5,1,2\n60,2,3,1,3\n");
  folder_.write("nan.csv", "time,o,h,l,c\n0,1,5,1,2\n60,2,nan,0,3\n");
  folder_.write("long.csv", "old");
  const auto resample = [&](const std::string& from, const std::string& to,
                            const std::string& failpoint) {
    return run_program({"bars", "resample", file(from), "--to", to, "--out", file("long.csv")},
                       {.environment = {"SPANLAB_FAILPOINTS=" + failpoint}});
  };
  expect_refused(resample("bars.csv", "5", ""), 1, {"\"5\" is not a duration"});
  expect_refused(resample("bars.csv", "90s", ""), 1, {"multiple of 1m"});
  expect_refused(resample("bars.csv", "5m", ""), 1, {"no bar of 5m is complete"});
  expect_refused(resample("nan.csv", "2m", ""), 1, {"row 3, column \"h\"", "not a finite number"});
  expect_refused(resample("bars.csv", "2m", "write.data=error"), 1, {"no space left"});
  EXPECT_EQ(folder_.read("long.csv"), "old");
  EXPECT_EQ(folder_.entries(), 3u);
}

}  // namespace
}  // namespace spanlab
