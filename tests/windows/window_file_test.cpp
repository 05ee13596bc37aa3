// The windows file: what is read, written, and refused.
#include "spanlab/windows/window.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "spanlab/base/error.h"
#include "tests/real_data.h"
#include "tests/temporary_folder.h"

namespace spanlab {
namespace {

namespace fs = std::filesystem;

constexpr auto kHeader =
    "window_id,base_window_id,offset,first_row,expansion_start,expansion_end,type,"
    "visible_fraction\n";
constexpr auto kWritten =
    "window_id,base_window_id,offset,first_row,expansion_start,expansion_end,type,"
    "visible_fraction,labels\n";

class WindowFile : public ::testing::Test {
 protected:
  fs::path path() const { return folder_ / "windows.csv"; }
  fs::path file(const std::string& text) const { return folder_.write("windows.csv", text); }
  std::string refusal(const std::string& text) const {
    try {
      read_windows(file(text));
    } catch (const Error& e) {
      EXPECT_FALSE(e.hint().empty());
      return e.what();
    }
    return "accepted";
  }
  void expect_refusal(const std::string& text, const std::string& where) const {
    const std::string message = refusal(text);
    EXPECT_NE(message.find("windows.csv"), std::string::npos) << message;
    EXPECT_NE(message.find(where), std::string::npos) << message;
  }

  TemporaryFolder folder_;
};

TEST_F(WindowFile, ReadsAllColumns) {
  const std::vector<Window> windows =
      read_windows(file(std::string(kHeader) + "2,2,0,1739,86,97,consolidation,1.0\n"
                                               "32_+52,32,52,6634,0,3,retracement,0.3333\n"));
  ASSERT_EQ(windows.size(), 2u);
  EXPECT_EQ(windows[0], (Window{"2", "2", 0, 1739, 1.0, {{86, 97, SpanType::consolidation}}}));
  EXPECT_EQ(windows[1],
            (Window{"32_+52", "32", 52, 6634, 0.3333, {{0, 3, SpanType::retracement}}}));
}

TEST_F(WindowFile, FillsInWhatIsOptional) {
  const std::vector<Window> windows =
      read_windows(file("First_Row\tTYPE\twindow_id\texpansion_start\texpansion_end\r\n"
                        "7\tretracement\ta\t0\t104\r\n"));
  ASSERT_EQ(windows.size(), 1u);
  EXPECT_EQ(windows[0], (Window{"a", "a", 0, 7, 1.0, {{0, 104, SpanType::retracement}}}));
}

TEST_F(WindowFile, WindowWithoutExpansionHasEmptyCells) {
  const std::string text = std::string(kWritten) + "a,a,0,7,,,,,single\n";
  const std::vector<Window> windows = read_windows(file(text));
  ASSERT_EQ(windows.size(), 1u);
  EXPECT_TRUE(windows[0].spans.empty());
  EXPECT_EQ(windows[0].visible_fraction, 0.0);
  write_windows(path(), windows);
  EXPECT_EQ(folder_.read("windows.csv"), text);
}

TEST_F(WindowFile, LengthDecidesWhichBarsThereAre) {
  const fs::path f = file(std::string(kHeader) + "a,a,0,0,100,104,retracement,1\n");
  EXPECT_NO_THROW(read_windows(f, 105));
  EXPECT_NO_THROW(read_windows(f, 200));
  EXPECT_THROW(read_windows(f, 104), Error);
}

TEST_F(WindowFile, ReadsAndRewritesTheReferenceFile) {
  const std::vector<Window> windows = read_windows(test::kWindows);
  ASSERT_EQ(windows.size(), 210u);
  int bases = 0, bars = 0;
  for (const Window& w : windows) {
    bases += w.offset == 0;
    bars += w.spans.front().end - w.spans.front().start + 1;
  }
  EXPECT_EQ(bases, 174);
  EXPECT_NEAR(bars / 210.0, 6.4, 0.05);
  write_windows(path(), windows);
  EXPECT_EQ(read_windows(path()), windows);
}

TEST_F(WindowFile, WritesTheLabelledSpanOnly) {
  Window w{"a", "a", 0, 7, 1.0, {{1, 2, SpanType::retracement}, {50, 60, SpanType::retracement}}};
  write_windows(path(), {w});
  w.spans.resize(1);
  EXPECT_EQ(read_windows(path()), std::vector<Window>{w});
}

TEST_F(WindowFile, ItsTextKeepsEverything) {
  const std::vector<Window> windows{{"a",
                                     "a",
                                     0,
                                     7,
                                     1.0 / 3,
                                     {{1, 2, SpanType::retracement},
                                      {50, 60, SpanType::consolidation},
                                      {4, 4, SpanType::retracement}}},
                                    {" b, \"c\" ", " b", -52, 9, 0.0, {}, true},
                                    {"d", "a", 1, 9, 1e-300, {{0, 104, SpanType::consolidation}}}};
  const std::string text = windows_csv(windows);
  EXPECT_NE(text.find(",50 60 consolidation;4 4 retracement\n"), std::string::npos) << text;
  EXPECT_EQ(read_windows(file(text)), windows);
}

TEST_F(WindowFile, RefusesFurtherSpansThatAreNone) {
  const std::string h = "window_id,first_row,expansion_start,expansion_end,type,further_spans\n";
  const std::string place = "row 2, column \"further_spans\"";
  EXPECT_EQ(read_windows(file(h + "a,7,1,2,retracement,\n"))[0].spans.size(), 1u);
  EXPECT_EQ(read_windows(file(h + "a,7,1,2,retracement,50 60 retracement\n"))[0].spans.size(), 2u);
  for (const char* list :
       {"50 60", "50 60 trend", "50 x retracement", "50 60 retracement 7", "60 50 retracement",
        "50 105 retracement", "-1 4 retracement", "2 4 retracement", "50 60 retracement;;",
        "50 99999999999 retracement"}) {
    expect_refusal(h + "a,7,1,2,retracement," + list + "\n", place);
  }
  expect_refusal(h + "a,7,,,,50 60 retracement\n", place);
}

TEST_F(WindowFile, RefusesMalformedFiles) {
  const std::string h = kHeader;
  expect_refusal("", "empty");
  expect_refusal(h, "no windows");
  expect_refusal("window_id,first_row,expansion_start,type\n", "\"expansion_end\"");
  expect_refusal("id,first_row,expansion_start,expansion_end,type\n", "\"window_id\"");
  expect_refusal(h + "a,a,0,7,1,2,retracement\n", "row 2");
  expect_refusal(h + ",a,0,7,1,2,retracement,1\n", "row 2, column \"window_id\"");
  expect_refusal(h + "a\tb,a,0,7,1,2,retracement,1\n", "row 2, column \"window_id\"");
  expect_refusal(h + "a,a,x,7,1,2,retracement,1\n", "row 2, column \"offset\"");
  expect_refusal(h + "a,a,0,-7,1,2,retracement,1\n", "row 2, column \"first_row\"");
  expect_refusal(h + "a,a,0,1.5,1,2,retracement,1\n", "row 2, column \"first_row\"");
  expect_refusal(h + "a,a,0,,1,2,retracement,1\n", "row 2, column \"first_row\"");
  expect_refusal(h + "a,a,0,7,-1,2,retracement,1\n", "row 2, column \"expansion_start\"");
  expect_refusal(h + "a,a,0,7,105,105,retracement,1\n", "row 2, column \"expansion_start\"");
  expect_refusal(h + "a,a,0,7,100,105,retracement,1\n", "row 2, column \"expansion_end\"");
  expect_refusal(h + "a,a,0,7,1,4294967298,retracement,1\n", "row 2, column \"expansion_end\"");
  expect_refusal(h + "a,a,0,7,3,2,retracement,1\n", "before its start");
  expect_refusal(h + "a,a,0,7,,2,retracement,1\n", "row 2, column \"expansion_start\"");
  expect_refusal(h + "a,a,0,7,1,,retracement,1\n", "row 2, column \"expansion_end\"");
  expect_refusal(h + "a,a,0,7,1,2,,1\n", "row 2, column \"type\"");
  expect_refusal(h + "a,a,0,7,1,2,trend,1\n", "unknown type \"trend\"");
  expect_refusal(h + "a,a,0,7,1,2,retracement,0\n", "row 2, column \"visible_fraction\"");
  expect_refusal(h + "a,a,0,7,1,2,retracement,1.01\n", "row 2, column \"visible_fraction\"");
  expect_refusal(h + "a,a,0,7,1,2,retracement,nan\n", "row 2, column \"visible_fraction\"");
}

TEST_F(WindowFile, RepeatedIdNamesBothRows) {
  expect_refusal(std::string(kHeader) +
                     "a,a,0,7,1,2,retracement,1\n"
                     "b,b,0,7,1,2,retracement,1\n"
                     "a,a,0,9,1,2,retracement,1\n",
                 "row 4, column \"window_id\": id \"a\" is already that of row 2");
}

TEST_F(WindowFile, VisibleFractionHasFourDecimals) {
  Window w{"a", "a", 0, 7, 1.0 / 3, {{1, 2, SpanType::retracement}}};
  write_windows(path(), {w});
  EXPECT_EQ(folder_.read("windows.csv"),
            std::string(kWritten) + "a,a,0,7,1,2,retracement,0.3333,single\n");
}

TEST_F(WindowFile, LabelsTellWhetherTheOtherBarsAreKnown) {
  const std::vector<Window> windows =
      read_windows(file(std::string(kWritten) + "a,a,0,7,1,2,retracement,1,complete\n"
                                                "b,b,0,7,1,2,retracement,1,single\n"
                                                "c,c,0,7,,,,,complete\n"));
  ASSERT_EQ(windows.size(), 3u);
  EXPECT_TRUE(windows[0].complete);
  EXPECT_FALSE(windows[1].complete);
  EXPECT_TRUE(windows[2].complete);
  EXPECT_TRUE(windows[2].spans.empty());
  write_windows(path(), windows);
  EXPECT_EQ(read_windows(path()), windows);
}

TEST_F(WindowFile, WithoutLabelsColumnASpanIsAllThatIsKnown) {
  const std::vector<Window> windows =
      read_windows(file(std::string(kHeader) + "a,a,0,7,1,2,retracement,1\nb,b,0,7,,,,\n"));
  for (const Window& window : windows) EXPECT_FALSE(window.complete) << window.id;
}

TEST_F(WindowFile, RefusesLabelsThatSayNothing) {
  const std::string h = kWritten;
  expect_refusal(h + "a,a,0,7,1,2,retracement,1,all\n", "row 2, column \"labels\"");
  expect_refusal(h + "a,a,0,7,1,2,retracement,1,\n", "row 2, column \"labels\"");
  expect_refusal(h + "a,a,0,7,1,2,retracement,1,Complete\n",
                 "\"Complete\" is not a kind of labels");
}

TEST_F(WindowFile, MissingFileIsAnError) {
  EXPECT_THROW(read_windows(folder_ / "none.csv"), Error);
  EXPECT_THROW(read_windows(folder_.path()), Error);
}

}  // namespace
}  // namespace spanlab
