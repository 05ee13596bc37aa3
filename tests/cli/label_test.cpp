// spanlab label review and accept, label hindsight up to a row, and windows at a step: the ways to
// labels that are complete or weak.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "cli/exit_status.h"
#include "spanlab/bars/bars.h"
#include "spanlab/bars/csv_bars.h"
#include "spanlab/base/csv.h"
#include "spanlab/labels/candidates.h"
#include "spanlab/labels/hindsight.h"
#include "spanlab/market/simulate.h"
#include "spanlab/metrics/label_review.h"
#include "spanlab/windows/cut.h"
#include "spanlab/windows/window.h"
#include "tests/cli/run_program.h"
#include "tests/temporary_folder.h"

namespace spanlab {
namespace {

using ::spanlab::testing::run_program;
using ::spanlab::testing::RunResult;

// A simulated market, the rule's spans of it, and windows side by side that name the first of each.
class LabelCommands : public ::testing::Test {
 protected:
  LabelCommands() {
    write_bars(bars_, series_);
    write_spans(spans_file_, spans_);
    write_windows(windows_file_, tile_windows(series_, spans_, {}));
    windows_ = read_windows(windows_file_);
    for (Window& window : windows_) window.complete = false;
    write_windows(windows_file_, windows_);
  }

  static bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
  }
  static std::string succeed(const std::vector<std::string>& arguments) {
    const RunResult result = run_program(arguments);
    EXPECT_EQ(result.status, 0) << result.err;
    EXPECT_EQ(result.err, "");
    return result.out;
  }
  void expect_failure(const std::vector<std::string>& arguments, int status,
                      const std::string& said) const {
    const size_t before = folder_.entries();
    const RunResult result = run_program(arguments);
    EXPECT_EQ(result.status, status) << result.err;
    EXPECT_TRUE(contains(result.err, said)) << result.err;
    EXPECT_TRUE(contains(result.err, "\nhint: ")) << result.err;
    EXPECT_EQ(folder_.entries(), before);
  }
  // Fills the verdict of every candidate, a row's last cell.
  void judge(const std::string& verdict) const {
    std::string text = folder_.read("candidates.csv");
    for (size_t at = text.find(",\n"); at != std::string::npos; at = text.find(",\n", at)) {
      text.insert(at + 1, verdict);
      at += verdict.size() + 1;
    }
    folder_.write("candidates.csv", text);
  }

  TemporaryFolder folder_;
  Bars series_ = simulate_market(4000, 3).bars;
  std::vector<Span> spans_ = hindsight_spans(series_);
  std::vector<Window> windows_;
  std::string bars_ = folder_ / "bars.csv", spans_file_ = folder_ / "spans.csv",
              windows_file_ = folder_ / "windows.csv", candidates_ = folder_ / "candidates.csv",
              out_ = folder_ / "out.csv";
};

TEST_F(LabelCommands, ReviewThenAcceptCompletesTheLabels) {
  const std::string said = succeed({"label", "review", "--bars", bars_, "--windows", windows_file_,
                                    "--quantile", "0.5", "--out", candidates_});
  const std::vector<Candidate> expected =
      review_candidates(series_, windows_, kWindowLength, 0.5, {});
  ASSERT_GT(expected.size(), 2u);
  EXPECT_TRUE(contains(said, std::to_string(expected.size()) + " candidates in 38 windows"))
      << said;
  write_candidates(folder_ / "expected.csv", series_, expected);
  EXPECT_EQ(folder_.read("candidates.csv"), folder_.read("expected.csv"));

  judge("yes");
  const std::string accepted = succeed({"label", "accept", "--candidates", candidates_, "--windows",
                                        windows_file_, "--bars", bars_, "--out", out_});
  EXPECT_TRUE(contains(accepted, std::to_string(expected.size()) + " of them added")) << accepted;
  const std::vector<Span> joined = read_spans(out_);  // sorted and disjoint
  for (const Candidate& candidate : expected) {
    EXPECT_EQ(std::count_if(joined.begin(), joined.end(),
                            [&](const Span& s) {
                              return s.start_row == candidate.span.start_row &&
                                     s.end_row == candidate.span.end_row &&
                                     s.direction == candidate.span.direction &&
                                     s.type == candidate.span.type;
                            }),
              1);
  }
  // Nothing is left to review, or little that looks like the new labels' lower half.
  succeed({"label", "review", "--bars", bars_, "--windows", windows_file_, "--spans", out_,
           "--quantile", "0.5", "--out", candidates_});
  EXPECT_LT(read_verdicts(ByteSource(candidates_)).open, static_cast<int64_t>(expected.size()) / 2);
}

TEST_F(LabelCommands, AcceptKeepsTheSpansThereAreAndSaysSo) {
  const Span known = spans_[4];
  const std::string rows = std::to_string(known.start_row) + " to " + std::to_string(known.end_row);
  folder_.write("candidates.csv",
                "start_row,end_row,direction,type,verdict\n" + std::to_string(known.end_row) + "," +
                    std::to_string(known.end_row + 1) + ",up,retracement,yes\n" +
                    "0,1,down,retracement,yes\n2,3,up,retracement,no\n5,6,up,retracement,\n");
  ASSERT_GT(spans_.front().start_row, 1);
  const std::string said = succeed(
      {"label", "accept", "--candidates", candidates_, "--spans", spans_file_, "--out", out_});
  EXPECT_TRUE(contains(said, "1 of them added")) << said;
  EXPECT_TRUE(contains(said, "left out: they share bars with the span of rows " + rows)) << said;
  EXPECT_TRUE(contains(said, "1 refused, 1 without a verdict")) << said;
  const std::vector<Span> joined = read_spans(out_);
  ASSERT_EQ(joined.size(), spans_.size() + 1);
  EXPECT_EQ(joined[0], (Span{0, 1, Direction::down, SpanType::retracement, 0.0}));
  EXPECT_EQ(joined[5].start_row, known.start_row);
}

TEST_F(LabelCommands, Refusals) {
  succeed({"label", "review", "--bars", bars_, "--windows", windows_file_, "--out", candidates_});
  judge("perhaps");
  expect_failure(
      {"label", "accept", "--candidates", candidates_, "--spans", spans_file_, "--out", out_},
      cli::kBadInput, "candidates.csv, row 2, column \"verdict\": \"perhaps\" is no verdict");
  expect_failure({"label", "accept", "--candidates", candidates_, "--out", out_}, cli::kWrongUsage,
                 "in a spans file or in windows");
  expect_failure(
      {"label", "accept", "--candidates", candidates_, "--windows", windows_file_, "--out", out_},
      cli::kWrongUsage, "--windows needs --bars");
  expect_failure(
      {"label", "accept", "--candidates", spans_file_, "--spans", spans_file_, "--out", out_},
      cli::kBadInput, "\"verdict\"");
  expect_failure({"label", "accept", "--candidates", candidates_, "--spans", spans_file_, "--out",
                  spans_file_},
                 cli::kWrongUsage, "--out and --spans are the same file");
  expect_failure({"label", "review", "--bars", bars_, "--windows", windows_file_, "--out", bars_},
                 cli::kWrongUsage, "--out and --bars are the same file");
  expect_failure({"label", "review", "--bars", bars_, "--windows", windows_file_, "--detector",
                  bars_, "--out", out_},
                 cli::kBadInput, "bars.csv");
}

TEST_F(LabelCommands, HindsightUpToARowKnowsNothingBehindIt) {
  const std::string said =
      succeed({"label", "hindsight", "--bars", bars_, "--rows-before", "2000", "--out", out_});
  EXPECT_TRUE(contains(said, "in 2000 bars")) << said;
  write_spans(folder_ / "expected.csv", hindsight_spans(prefix(series_, 2000)));
  EXPECT_EQ(folder_.read("out.csv"), folder_.read("expected.csv"));
  expect_failure(
      {"label", "hindsight", "--bars", bars_, "--rows-before", "4001", "--out", candidates_},
      cli::kBadInput, "row 4001 lies beyond the 4000 bars");
}

TEST_F(LabelCommands, TilesOverlapAndEndBeforeARow) {
  const std::string said =
      succeed({"windows", "tile", "--bars", bars_, "--spans", spans_file_, "--first-row", "10",
               "--step", "26", "--rows-before", "1000", "--out", out_});
  EXPECT_TRUE(contains(said, "35 windows of 105 bars every 26 bars from row 10 on")) << said;
  const std::vector<Window> windows = read_windows(out_);
  ASSERT_EQ(windows.size(), 35u);  // the last begins at 10 + 34 * 26 = 894 and ends at 998
  EXPECT_EQ(windows[1].first_row, 36);
  EXPECT_EQ(windows.back().first_row, 894);
  for (const Window& window : windows) EXPECT_TRUE(window.complete);
  expect_failure({"windows", "tile", "--bars", bars_, "--spans", spans_file_, "--step", "0",
                  "--out", candidates_},
                 cli::kWrongUsage, "--step must be 1 to 1000000000, not 0");
}

}  // namespace
}  // namespace spanlab
