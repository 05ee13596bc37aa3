// The demo's page from a made-up story: figures, causes, and which windows are shown with what.
#include "spanlab/report/demo_report.h"

#include <gtest/gtest.h>

#include <variant>

#include "tests/golden_file.h"
#include "tests/report/made_up_results.h"
#include "tests/report/page_text.h"

namespace spanlab::test {
namespace {

/// 120 bars in which no two numbers are the same.
Bars made_up_series() {
  Bars series;
  for (int row = 0; row < 120; ++row) {
    series.time_ms.push_back(row * 60'000);
    series.open.push_back(1000 + row);
    series.high.push_back(4000 + row);
    series.low.push_back(200 + row);
    series.close.push_back(2000 + row);
  }
  series.bar_ms = 60'000;
  return series;
}

Detection detected(int64_t first_row, int64_t last_row) {
  return {first_row,     last_row, first_row * 60'000, last_row * 60'000,
          Direction::up, 0.5,      last_row + 2,       true};
}

Window window_at(int64_t first_row, std::vector<WindowSpan> spans) {
  const std::string id = std::to_string(first_row);
  return {id, id, 0, first_row, 1.0, std::move(spans), true};
}

class DemoReport : public ::testing::Test {
 protected:
  DemoReport() {
    story_.baseline = made_up_evaluation();
    story_.baseline.model.metrics = made_up_metrics(83);
    story_.findings = {made_up_finding("M1", Severity::high), made_up_finding("D3", Severity::note),
                       made_up_finding("B2", Severity::medium)};
    story_.fit = made_up_fit();
    story_.series = &series_;
    constexpr SpanType kType = SpanType::consolidation;
    // Ten windows of 10 bars. Six are shown: the one with three things, those with two, and the
    // first two of those with one.
    story_.unseen = {window_at(10, {}),
                     window_at(20, {{2, 4, kType}}),
                     window_at(30, {{1, 3, kType}, {6, 8, kType}}),
                     window_at(40, {}),
                     window_at(50, {{0, 2, kType}}),
                     window_at(60, {{3, 9, kType}}),
                     window_at(70, {{1, 2, kType}, {8, 9, kType}}),
                     window_at(80, {{5, 6, kType}}),
                     window_at(90, {{5, 7, kType}}),
                     window_at(100, {})};
    // The first reaches into the window at 50 by one bar; the second ends with a window,
    // the third begins with one.
    story_.detections = {detected(48, 50), detected(67, 69), detected(80, 82), detected(74, 75)};
    story_.ceiling_f1 = 0.862;
  }

  std::vector<std::string> titles_of_charts() const {
    std::vector<std::string> titles;
    for (const Block& block : demo_report(story_).blocks) {
      if (const auto* chart = std::get_if<CandleChart>(&block)) titles.push_back(chart->title);
    }
    return titles;
  }

  const Bars series_ = made_up_series();
  DemoStory story_;
};

TEST_F(DemoReport, WholePage) {
  expect_golden("tests/report/golden/demo_report.md", page_text(demo_report(story_)));
}

TEST_F(DemoReport, ShowsTheBusiestWindowsInOrderOfTime) {
  EXPECT_EQ(titles_of_charts(),
            (std::vector<std::string>{"Rows 20 to 29", "Rows 30 to 39", "Rows 50 to 59",
                                      "Rows 60 to 69", "Rows 70 to 79", "Rows 80 to 89"}));
  story_.unseen.resize(2);
  EXPECT_EQ(titles_of_charts(), (std::vector<std::string>{"Rows 10 to 19", "Rows 20 to 29"}));
}

TEST_F(DemoReport, WithoutACeilingSaysNothingOfIt) {
  story_.ceiling_f1.reset();
  EXPECT_EQ(markdown_of(demo_report(story_)).find("simulated"), std::string::npos);
}

}  // namespace
}  // namespace spanlab::test
