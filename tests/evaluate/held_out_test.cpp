// The held-out stretch: where it begins, which windows it has, what is labelled in them.
#include "spanlab/evaluate/evaluation_sets.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include "tests/evaluate/made_answers.h"
#include "tests/expect_error.h"

namespace spanlab::test {
namespace {

int64_t end_of_windows(const RunData& data) {
  int64_t end = 0;
  for (const Window& window : data.windows) end = std::max(end, window.first_row + kMadeWindow);
  return end;
}

HeldOutWindows stretch_from(std::optional<int64_t> first_row) {
  const MadeAnswers& made = made_answers();
  return held_out_of(made.recipe, made.data, made.spans, first_row);
}

/// Windows side by side from `first` to the end of the series, every span in them labelled.
void expect_stretch(const HeldOutWindows& stretch, int64_t first) {
  const MadeAnswers& made = made_answers();
  EXPECT_EQ(stretch.first_row, first);
  const auto count = static_cast<size_t>((made.data.series().size() - first) / kMadeWindow);
  ASSERT_EQ(stretch.windows.size(), count);
  ASSERT_EQ(stretch.dataset.mask.size(), count * kMadeWindow);
  std::vector<int> all(count);
  std::iota(all.begin(), all.end(), 0);
  EXPECT_EQ(stretch.chosen, all);
  for (size_t w = 0; w < count; ++w) {
    const int64_t row = first + static_cast<int64_t>(w) * kMadeWindow;
    EXPECT_EQ(stretch.windows[w].first_row, row);
    for (int t = 0; t < kMadeWindow; ++t) {
      const bool inside = std::any_of(made.spans.begin(), made.spans.end(), [&](const Span& span) {
        return row + t >= span.start_row && row + t <= span.end_row;
      });
      EXPECT_EQ(stretch.dataset.mask[w * kMadeWindow + static_cast<size_t>(t)], inside ? 1 : 0)
          << "row " << row + t;
    }
  }
}

TEST(HeldOutStretch, BeginsAWindowAfterTheLastWindow) {
  const int64_t end = end_of_windows(made_answers().data);
  expect_stretch(stretch_from({}), end + kMadeWindow);
}

TEST(HeldOutStretch, MayBeginWhereTheLastWindowEnds) {
  const int64_t end = end_of_windows(made_answers().data);
  expect_stretch(stretch_from(end), end);
  const std::string row = std::to_string(end - 1), free = "from row " + std::to_string(end);
  expect_error([&] { stretch_from(end - 1); },
               {("begins at row " + row).c_str(), ("reach row " + row).c_str(), free.c_str()});
}

TEST(HeldOutStretch, NeedsRoomForOneWindow) {
  const int64_t size = made_answers().data.series().size();
  EXPECT_EQ(stretch_from(size - kMadeWindow).windows.size(), 1U);
  expect_error([&] { stretch_from(size - kMadeWindow + 1); },
               {"no window of 60 bars", std::to_string(size).c_str()});
}

TEST(HeldOutStretch, HasTheRecipesFeaturesAndCountdown) {
  MadeAnswers made = made_answers();
  made.recipe.data.features = {"range_z", "body_pct"};
  made.recipe.loss.countdown_target = CountdownTarget::clipped;
  const HeldOutWindows stretch = held_out_of(made.recipe, made.data, made.spans, {});
  EXPECT_EQ(stretch.dataset.feature_names, made.recipe.data.features);
  const auto largest =
      std::max_element(stretch.dataset.countdown.begin(), stretch.dataset.countdown.end(),
                       [](float a, float b) { return std::abs(a) < std::abs(b); });
  EXPECT_EQ(std::abs(*largest), 20.0F);
  for (const float c : stretch_from({}).dataset.countdown) EXPECT_TRUE(c >= 0 && c <= 1);
}

TEST(HeldOutStretch, RefusesSpansThatDoNotFitTheBars) {
  const MadeAnswers& made = made_answers();
  std::vector<Span> spans = made.spans;
  spans.push_back({made.data.series().size() - 1, made.data.series().size(), Direction::up,
                   SpanType::consolidation, 0});
  expect_error([&] { held_out_of(made.recipe, made.data, spans, {}); }, {"spans.csv"});
}

}  // namespace
}  // namespace spanlab::test
