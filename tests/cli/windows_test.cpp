// spanlab features, label, windows as a user types them: what they write, say and refuse.
#include <gtest/gtest.h>

#include <filesystem>
#include <numeric>
#include <sstream>
#include <string>
#include <vector>

#include "cli/exit_status.h"
#include "spanlab/bars/csv_bars.h"
#include "spanlab/base/csv.h"
#include "spanlab/features/pipeline.h"
#include "spanlab/labels/hindsight.h"
#include "spanlab/market/simulate.h"
#include "spanlab/windows/cut.h"
#include "spanlab/windows/window.h"
#include "spanlab/windows/window_inputs.h"
#include "tests/cli/run_program.h"
#include "tests/real_data.h"
#include "tests/temporary_folder.h"

namespace spanlab {
namespace {

using ::spanlab::testing::run_program;
using ::spanlab::testing::RunResult;

// Bars, spans and windows of a simulated market in a folder of their own.
class Commands : public ::testing::Test {
 protected:
  Commands() {
    write_bars(bars_, series_);
    write_spans(spans_, found_);
    CutSettings settings;
    settings.count = 20;
    settings.overlaps = 5;
    windows_ = cut_windows(series_, found_, settings);
    write_windows(windows_file_, windows_);
    before_ = folder_.entries();
  }

  static bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
  }
  // Runs a command that must fail with this status, say this, and leave no file.
  void expect_failure(const std::vector<std::string>& arguments, int status,
                      const std::string& said) const {
    const RunResult result = run_program(arguments);
    EXPECT_EQ(result.status, status) << result.err;
    EXPECT_TRUE(result.err.starts_with("error: ")) << result.err;
    EXPECT_TRUE(contains(result.err, "\nhint: ")) << result.err;
    EXPECT_TRUE(contains(result.err, said)) << result.err;
    EXPECT_EQ(folder_.entries(), before_);
  }
  static void expect_success(const std::vector<std::string>& arguments, const std::string& said) {
    const RunResult result = run_program(arguments);
    EXPECT_EQ(result.status, 0) << result.err;
    EXPECT_EQ(result.err, "");
    EXPECT_TRUE(contains(result.out, said)) << result.out;
  }

  TemporaryFolder folder_;
  Bars series_ = simulate_market(4000, 3).bars;
  std::vector<Span> found_ = hindsight_spans(series_);
  std::vector<Window> windows_;
  std::string bars_ = folder_ / "bars.csv", spans_ = folder_ / "spans.csv",
              windows_file_ = folder_ / "windows.csv", out_ = folder_ / "out.csv";
  size_t before_ = 0;
};

TEST_F(Commands, FeaturesOfAllBars) {
  for (size_t i = 1500; i < 4000; ++i) series_.time_ms[i] += 3600'000;  // a gap
  write_bars(bars_, series_);
  expect_success({"features", "--bars", bars_, "--out", out_}, "32 features of 4000 bars");
  std::vector<float> expected(4000 * kFeatureCount);
  compute_features(series_, {0, 4000}, kWindowLength, expected.data());
  CsvReader csv(out_);
  ASSERT_EQ(csv.header().size(), 33u);
  EXPECT_EQ(csv.find_column("position_encoding"), -1);
  int64_t row = 0;
  for (; csv.next(); ++row) {
    ASSERT_EQ(csv.integer(0), row);
    for (int k = 0; k < kFeatureCount; ++k) {
      if (k == kPositionFeature) continue;
      const int column = csv.column(feature_table()[static_cast<size_t>(k)].name);
      ASSERT_EQ(static_cast<float>(csv.number(column)),
                expected[static_cast<size_t>(row * kFeatureCount + k)]);
    }
  }
  EXPECT_EQ(row, 4000);
}

TEST_F(Commands, FeaturesExplained) {
  const RunResult result = run_program({"features", "--explain"});
  EXPECT_EQ(result.status, 0) << result.err;
  for (const FeatureInfo& feature : feature_table()) {
    EXPECT_TRUE(contains(result.out, std::string(feature.name))) << result.out;
    EXPECT_TRUE(contains(result.out, std::string(feature.help))) << result.out;
  }
  for (const FeatureFamily& family : feature_families()) {
    EXPECT_TRUE(contains(result.out, std::string(family.tells))) << result.out;
  }
  std::istringstream lines(result.out);
  for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), 100u) << line;
}

TEST_F(Commands, FeaturesOfWindowsInBothModes) {
  for (const FeatureMode mode : {FeatureMode::per_window, FeatureMode::continuous}) {
    const char* name = mode == FeatureMode::per_window ? "per_window" : "continuous";
    expect_success(
        {"features", "--bars", bars_, "--windows", windows_file_, "--mode", name, "--out", out_},
        "33 features of 25 windows of 105 bars");
    std::vector<int> every(kFeatureCount);
    std::iota(every.begin(), every.end(), 0);
    const std::vector<float> expected =
        window_inputs(series_, windows_, {every, mode, kWindowLength}, false);
    CsvReader csv(out_);
    ASSERT_EQ(csv.header().size(), 36u);
    int64_t rows = 0;
    for (; csv.next(); ++rows) {
      const Window& window = windows_[static_cast<size_t>(rows / kWindowLength)];
      const int64_t t = rows % kWindowLength;
      ASSERT_EQ(csv.text(0), window.id);
      ASSERT_EQ(csv.integer(1), window.first_row + t);
      ASSERT_EQ(csv.integer(2), t);
      for (int k = 0; k < kFeatureCount; ++k) {
        ASSERT_EQ(static_cast<float>(csv.number(k + 3)),
                  expected[static_cast<size_t>(rows * kFeatureCount + k)]);
      }
    }
    EXPECT_EQ(rows, 25 * kWindowLength);
  }
}

TEST_F(Commands, FeaturesRefusals) {
  expect_failure({"features", "--bars", bars_, "--out", out_, "--mode", "per_window"},
                 cli::kWrongUsage, "needs --windows");
  expect_failure({"features", "--bars", bars_, "--out", out_, "--mode", "fast"}, cli::kWrongUsage,
                 "per_window");
  expect_failure({"features", "--bars", bars_, "--out", out_, "--length", "0"}, cli::kWrongUsage,
                 "--length");
  expect_failure({"features", "--bars", bars_}, cli::kWrongUsage, "--out");
  expect_failure({"features", "--bars", folder_ / "none.csv", "--out", out_}, cli::kBadInput,
                 "none.csv");
  expect_failure({"features", "--bars", bars_, "--windows", bars_, "--out", out_}, cli::kBadInput,
                 "\"window_id\"");
  expect_failure(
      {"features", "--bars", bars_, "--windows", windows_file_, "--length", "20", "--out", out_},
      cli::kBadInput, "outside the window");
  expect_failure({"features", "--bars", bars_, "--out", folder_ / "none" / "out.csv"},
                 cli::kBadInput, "create the folder first");
}

TEST_F(Commands, LabelWritesTheSpansOfTheRule) {
  expect_success({"label", "hindsight", "--bars", bars_, "--out", out_},
                 std::to_string(found_.size()) + " expansions in 4000 bars");
  EXPECT_EQ(folder_.read("out.csv"), folder_.read("spans.csv"));
  expect_success(
      {"label", "hindsight", "--bars", bars_, "--out", out_, "--max-bars", "5", "--min-score", "7"},
      "expansions");
  HindsightRule rule;
  rule.max_bars = 5;
  rule.min_score = 7;
  const std::vector<Span> expected = hindsight_spans(series_, rule);
  const std::vector<Span> spans = read_spans(out_);
  EXPECT_EQ(spans.size(), expected.size());
  EXPECT_LT(spans.size(), found_.size());
}

TEST_F(Commands, LabelRewritesTheReferenceSpans) {
  expect_success({"label", "hindsight", "--bars", test::kBars, "--out", out_},
                 "412 expansions in 38942 bars, 6.8 % of them");
  EXPECT_EQ(read_spans(out_), read_spans(test::kSpans));
}

TEST_F(Commands, LabelSaysWhyItFindsNothing) {
  const auto noted = [&](const std::vector<std::string>& more) {
    std::vector<std::string> line = {"label", "hindsight", "--bars", bars_, "--out", out_};
    line.insert(line.end(), more.begin(), more.end());
    const RunResult result = run_program(line);
    EXPECT_EQ(result.status, 0) << result.err;
    EXPECT_TRUE(contains(result.out, "0 expansions")) << result.out;
    return result.err;
  };
  EXPECT_TRUE(contains(noted({"--min-score", "500"}),
                       "note: no move of 3 to 15 bars has a score "
                       "of 500: lower --min-score"));
  EXPECT_TRUE(contains(noted({"--rows-before", "2"}),
                       "note: the longest stretch without a gap has 2 "
                       "bars, and the scale needs 60"));
}

TEST_F(Commands, LabelRefusals) {
  expect_failure({"label"}, cli::kWrongUsage, "needs a command");
  expect_failure({"label", "hindsigth", "--bars", bars_, "--out", out_}, cli::kWrongUsage,
                 "hindsight");
  expect_failure({"label", "hindsight", "--bars", bars_, "--out", out_, "--min-bars", "99"},
                 cli::kBadInput, "--min-bars is larger than --max-bars");
  expect_failure({"label", "hindsight", "--bars", bars_, "--out", out_, "--cost", "nan"},
                 cli::kWrongUsage, "--cost must be 0 or more, not nan");
  expect_failure({"label", "hindsight", "--bars", bars_, "--out", out_, "--cost", "much"},
                 cli::kWrongUsage, "--cost");
}

TEST_F(Commands, CutWritesWindows) {
  expect_success({"windows", "cut", "--bars", bars_, "--spans", spans_, "--count", "20",
                  "--overlaps", "5", "--out", out_},
                 "25 windows of 105 bars, 20 base windows and 5 overlaps");
  EXPECT_EQ(folder_.read("out.csv"), folder_.read("windows.csv"));
  expect_success({"windows", "cut", "--bars", bars_, "--spans", spans_, "--count", "20",
                  "--overlaps", "5", "--seed", "1", "--out", out_},
                 "25 windows");
  EXPECT_NE(folder_.read("out.csv"), folder_.read("windows.csv"));
}

TEST_F(Commands, CutRefusals) {
  expect_failure(
      {"windows", "cut", "--bars", bars_, "--spans", spans_, "--out", out_, "--count", "5000"},
      cli::kBadInput, "takes all that fit");
  expect_failure({"windows", "cut", "--bars", bars_, "--spans", bars_, "--out", out_},
                 cli::kBadInput, "\"start_row\"");
  expect_failure(
      {"windows", "cut", "--bars", bars_, "--spans", spans_, "--out", out_, "--stride", "0"},
      cli::kWrongUsage, "--stride must be 1 to 1000000000, not 0");
}

TEST_F(Commands, CutWithoutCountTakesWhatFits) {
  ASSERT_LT(found_.size(), 174u);
  const RunResult result = run_program(
      {"windows", "cut", "--bars", bars_, "--spans", spans_, "--overlaps", "0", "--out", out_});
  EXPECT_EQ(result.status, 0) << result.err;
  const std::string fitting = std::to_string(read_windows(out_).size());
  EXPECT_TRUE(contains(result.out, fitting + " base windows and 0 overlaps")) << result.out;
  EXPECT_TRUE(contains(result.out, "only " + fitting + " of " + std::to_string(found_.size()) +
                                       " spans fit into a window"))
      << result.out;
  std::filesystem::remove(out_);
  expect_failure(
      {"windows", "cut", "--bars", bars_, "--spans", spans_, "--out", out_, "--count", "500"},
      cli::kBadInput, "a count of " + fitting + " takes all that fit");
  folder_.write("spans.csv", "start_row,end_row,type\n");
  expect_failure({"windows", "cut", "--bars", bars_, "--spans", spans_, "--out", out_},
                 cli::kBadInput, "spans.csv has no spans");
}

TEST_F(Commands, AnOutputIsNoInput) {
  const std::string bars = folder_.read("bars.csv"), spans = folder_.read("spans.csv");
  expect_failure({"label", "hindsight", "--bars", bars_, "--out", bars_}, cli::kWrongUsage,
                 "--out and --bars are the same file");
  expect_failure({"windows", "cut", "--bars", bars_, "--spans", spans_, "--out", spans_},
                 cli::kWrongUsage, "--out and --spans are the same file");
  expect_failure({"windows", "cut", "--bars", bars_, "--spans", spans_, "--out", bars_},
                 cli::kWrongUsage, "--out and --bars");
  expect_failure({"features", "--bars", bars_, "--out", bars_}, cli::kWrongUsage,
                 "--out and --bars");
  expect_failure({"features", "--bars", bars_, "--windows", windows_file_, "--out", windows_file_},
                 cli::kWrongUsage, "--out and --windows");
  EXPECT_EQ(folder_.read("bars.csv"), bars);
  EXPECT_EQ(folder_.read("spans.csv"), spans);
}

TEST_F(Commands, FaultsOfTheBarsAreNoted) {
  series_.high[50] = series_.low[50] - 1;
  write_bars(bars_, series_);
  const std::vector<std::vector<std::string>> lines = {
      {"features", "--bars", bars_, "--out", out_},
      {"label", "hindsight", "--bars", bars_, "--out", out_},
      {"windows", "cut", "--bars", bars_, "--spans", spans_, "--count", "5", "--out", out_},
      {"windows", "check", "--bars", bars_, "--windows", windows_file_}};
  for (const std::vector<std::string>& line : lines) {
    const RunResult result = run_program(line, {.environment = {"SPANLAB_NAME=spanlab"}});
    EXPECT_EQ(result.status, 0) << result.err;
    EXPECT_EQ(result.err,
              "note: 1 fault in " + bars_ + "; spanlab bars check " + bars_ + " lists it\n");
  }
}

TEST_F(Commands, BarsOutOfOrderAreRefused) {
  std::swap(series_.time_ms[7], series_.time_ms[8]);
  write_bars(bars_, series_);
  const std::string where = "bars.csv, row 10, column \"timestamp\"";
  expect_failure({"features", "--bars", bars_, "--out", out_}, cli::kBadInput, where);
  expect_failure({"label", "hindsight", "--bars", bars_, "--out", out_}, cli::kBadInput, where);
  expect_failure({"windows", "cut", "--bars", bars_, "--spans", spans_, "--out", out_},
                 cli::kBadInput, where);
  expect_failure({"windows", "check", "--bars", bars_, "--windows", windows_file_}, cli::kBadInput,
                 where);
}

TEST_F(Commands, SpansOfOtherBarsAreRefused) {
  folder_.write("spans.csv", "start_row,end_row,type\n50,55,retracement\n3998,4000,retracement\n");
  const std::string said =
      "spans.csv: the span of rows 3998 to 4000 lies outside the series of 4000 bars";
  expect_failure({"windows", "cut", "--bars", bars_, "--spans", spans_, "--out", out_},
                 cli::kBadInput, said);
  expect_failure(
      {"windows", "check", "--bars", bars_, "--windows", windows_file_, "--spans", spans_},
      cli::kBadInput, said);
}

TEST_F(Commands, CheckReportsWhatTheWindowsHold) {
  expect_success({"windows", "check", "--bars", bars_, "--windows", windows_file_},
                 "25 of 105 bars: 20 base windows, 5 overlaps");
  const RunResult result = run_program(
      {"windows", "check", "--bars", bars_, "--windows", windows_file_, "--spans", spans_});
  for (const char* part : {"base rate", "with all spans", "groups", "of 5 validation windows"}) {
    EXPECT_TRUE(contains(result.out, part)) << result.out;
  }
}

TEST_F(Commands, CheckOfTheReferenceWindows) {
  const RunResult result = run_program({"windows", "check", "--bars", test::kBars, "--windows",
                                        test::kWindows, "--spans", test::kSpans});
  for (const char* part : {"174 base windows, 36 overlaps", "6.1 % of the bars", "11.3 %",
                           "6.4 bars", "80 sets", "of 42 validation windows"}) {
    EXPECT_TRUE(contains(result.out, part)) << result.out;
  }
}

TEST_F(Commands, SplitShowsEveryFold) {
  const RunResult result = run_program({"windows", "split", "--windows", windows_file_, "--kind",
                                        "purged", "--folds", "3", "--embargo", "105"});
  EXPECT_EQ(result.status, 0) << result.err;
  for (const char* part :
       {"25 windows in ", "split purged", "positives", "\n     0 ", "\n     2 "}) {
    EXPECT_TRUE(contains(result.out, part)) << part << " in " << result.out;
  }
  EXPECT_FALSE(contains(result.out, "\n     3 ")) << result.out;
  expect_success({"windows", "split", "--windows", windows_file_, "--spans", spans_, "--kind",
                  "random", "--validation", "0.4"},
                 "\n     -       15 ");
}

TEST_F(Commands, SplitRefusals) {
  expect_failure({"windows", "split", "--windows", windows_file_, "--kind", "purgd"},
                 cli::kWrongUsage, "purged");
  expect_failure(
      {"windows", "split", "--windows", windows_file_, "--kind", "kfold", "--folds", "1"},
      cli::kWrongUsage, "--folds");
  expect_failure(
      {"windows", "split", "--windows", windows_file_, "--kind", "kfold", "--folds", "26"},
      cli::kBadInput, "do not fill 26 folds");
  expect_failure({"windows", "split", "--windows", windows_file_, "--kind", "purged", "--embargo",
                  "1000000", "--folds", "2"},
                 cli::kBadInput, "leave no window to train on");
}

TEST_F(Commands, TileWritesWindowsSideBySide) {
  expect_success(
      {"windows", "tile", "--bars", bars_, "--spans", spans_, "--first-row", "2000", "--out", out_},
      "19 windows of 105 bars side by side from row 2000 on");
  const std::vector<Window> written = read_windows(out_);
  ASSERT_EQ(written.size(), 19u);
  EXPECT_EQ(written.back().first_row, 2000 + 18 * 105);
  std::filesystem::remove(out_);
  expect_failure(
      {"windows", "tile", "--bars", bars_, "--spans", spans_, "--first-row", "3900", "--out", out_},
      cli::kBadInput, "no window of 105 bars without gap fits into rows 3900 to 3999");
  expect_failure({"windows", "tile", "--bars", bars_, "--spans", spans_, "--out", bars_},
                 cli::kWrongUsage, "--out and --bars");
}

TEST_F(Commands, CheckNamesTheWindowThatDoesNotFit) {
  series_.time_ms.back() += 60000;  // a gap before the last bar
  write_bars(bars_, series_);
  const std::string header = "window_id,first_row,expansion_start,expansion_end,type\n";
  folder_.write("windows.csv", header + "ok,0,1,2,retracement\nlast,3895,1,2,retracement\n");
  expect_failure({"windows", "check", "--bars", bars_, "--windows", windows_file_}, cli::kBadInput,
                 "windows.csv: window \"last\" (rows 3895 to 3999) runs across a gap");
  folder_.write("windows.csv", header + "ok,0,1,2,retracement\nfar,3896,1,2,retracement\n");
  expect_failure({"windows", "check", "--bars", bars_, "--windows", windows_file_}, cli::kBadInput,
                 "window \"far\" needs 105 bars from row 3896 on");
}

}  // namespace
}  // namespace spanlab
