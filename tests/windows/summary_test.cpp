// What a set of windows contains, counted by hand.
#include "spanlab/windows/window.h"

#include <gtest/gtest.h>

#include <vector>

#include "tests/windows/make.h"

namespace spanlab {
namespace {

using test::window;

TEST(Summary, CountsWhatThereIs) {
  std::vector<Window> windows{window("a", 0, 0, 4), window("b", 30, 5, 5, SpanType::retracement),
                              window("c", 130), window("b_+52", 82, 0, 0, SpanType::retracement)};
  windows[2].spans.clear();
  windows[3].base_id = windows[1].id;
  windows[3].offset = 52;
  windows[3].visible_fraction = 0.5;
  windows[0].spans.push_back({3, 9, SpanType::retracement});  // two bars of it counted already
  const WindowsSummary s = summarise_windows(windows, 50);
  EXPECT_EQ(s.windows, 4);
  EXPECT_EQ(s.shifted, 1);
  EXPECT_EQ(s.consolidations, 1);
  EXPECT_EQ(s.retracements, 2);
  EXPECT_EQ(s.partly_visible, 1);
  EXPECT_EQ(s.sharing_bars, 4);  // 0 with 30; 82 with 130
  EXPECT_EQ(s.groups, 1);        // 30 and 82 share a base window
  EXPECT_EQ(s.labelled_bars, 7);
  EXPECT_EQ(s.span_bars, 12);
  EXPECT_DOUBLE_EQ(s.base_rate, 7.0 / 200);
  EXPECT_DOUBLE_EQ(s.span_base_rate, 12.0 / 200);
}

TEST(Summary, OfNothing) {
  const WindowsSummary s = summarise_windows({}, 105);
  EXPECT_EQ(s.windows, 0);
  EXPECT_EQ(s.groups, 0);
  EXPECT_EQ(s.base_rate, 0.0);
}

TEST(Summary, WindowAloneSharesNothing) {
  EXPECT_EQ(summarise_windows({window("a", 0), window("b", 105)}, 105).sharing_bars, 0);
}

}  // namespace
}  // namespace spanlab
