// spanlab features, label, windows write what the library computes. What they print:
// tests/commands.
#include <gtest/gtest.h>

#include <filesystem>
#include <numeric>
#include <string>
#include <vector>

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
  }

  static bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
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

TEST_F(Commands, CheckOfTheReferenceWindows) {
  const RunResult result = run_program({"windows", "check", "--bars", test::kBars, "--windows",
                                        test::kWindows, "--spans", test::kSpans});
  for (const char* part : {"174 base windows, 36 overlaps", "6.1 % of the bars", "11.3 %",
                           "6.4 bars", "80 sets", "of 42 validation windows"}) {
    EXPECT_TRUE(contains(result.out, part)) << result.out;
  }
}

}  // namespace
}  // namespace spanlab
