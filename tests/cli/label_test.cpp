// spanlab label review and accept do what the library does. What they print: tests/commands.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

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
           "--quantile", "0.5", "--out", folder_ / "rest.csv"});
  EXPECT_LT(read_verdicts(ByteSource(folder_ / "rest.csv")).open,
            static_cast<int64_t>(expected.size()) / 2);
}

}  // namespace
}  // namespace spanlab
