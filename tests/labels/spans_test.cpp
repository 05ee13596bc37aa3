// The spans file: what is read, written, and refused.
#include "spanlab/labels/spans.h"

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

class SpansFile : public ::testing::Test {
 protected:
  fs::path path() const { return folder_ / "spans.csv"; }
  fs::path file(const std::string& text) const { return folder_.write("spans.csv", text); }
  // What read_spans() says about the text.
  std::string refusal(const std::string& text) const {
    try {
      read_spans(file(text));
    } catch (const Error& e) {
      EXPECT_FALSE(e.hint().empty());
      return e.what();
    }
    return "accepted";
  }

  TemporaryFolder folder_;
};

constexpr auto kHeader = "start_row,end_row,direction,type,score\n";

TEST_F(SpansFile, ReadsAllColumns) {
  const std::vector<Span> spans =
      read_spans(file(std::string(kHeader) + "26,34,up,consolidation,5.4691\n"
                                             "35,45,down,retracement,8.5741\n"));
  EXPECT_EQ(spans, (std::vector<Span>{{26, 34, Direction::up, SpanType::consolidation, 5.4691},
                                      {35, 45, Direction::down, SpanType::retracement, 8.5741}}));
}

TEST_F(SpansFile, SortsAndFillsInWhatIsOptional) {
  const std::vector<Span> spans =
      read_spans(file("type;end_row;start_row\nretracement;9;5\nconsolidation;4;4\n"));
  EXPECT_EQ(spans, (std::vector<Span>{{4, 4, Direction::up, SpanType::consolidation, 0.0},
                                      {5, 9, Direction::up, SpanType::retracement, 0.0}}));
}

TEST_F(SpansFile, HeaderOnlyIsNoSpan) {
  EXPECT_TRUE(read_spans(file(kHeader)).empty());
}

TEST_F(SpansFile, WritesWhatItReads) {
  const std::string text = std::string(kHeader) +
                           "0,0,up,retracement,0\n"
                           "26,34,up,consolidation,5.4691\n"
                           "35,45,down,retracement,12.5\n";
  const std::vector<Span> spans = read_spans(file(text));
  write_spans(path(), spans);
  EXPECT_EQ(folder_.read("spans.csv"), text);
  write_spans(path(), {});
  EXPECT_EQ(folder_.read("spans.csv"), kHeader);
}

TEST_F(SpansFile, ItsTextKeepsEverythingAndTheFileFourDecimals) {
  const std::vector<Span> spans{{0, 3, Direction::down, SpanType::retracement, 1.0 / 3},
                                {4, 4, Direction::up, SpanType::consolidation, -1e-300}};
  EXPECT_EQ(read_spans(file(spans_csv(spans))), spans);
  write_spans(path(), spans);
  EXPECT_EQ(folder_.read("spans.csv"),
            std::string(kHeader) + "0,3,down,retracement,0.3333\n4,4,up,consolidation,-0\n");
}

TEST_F(SpansFile, RewritesTheReferenceFile) {
  const std::vector<Span> spans = read_spans(test::kSpans);
  write_spans(path(), spans);
  EXPECT_EQ(read_spans(path()), spans);
  EXPECT_EQ(spans.size(), 412u);
}

TEST_F(SpansFile, RefusesMalformedFiles) {
  const std::string h = kHeader;
  const auto expect_refusal = [&](const std::string& text, const std::string& where) {
    const std::string message = refusal(text);
    EXPECT_NE(message.find("spans.csv"), std::string::npos) << message;
    EXPECT_NE(message.find(where), std::string::npos) << message;
  };
  expect_refusal("", "empty");
  expect_refusal("start_row,type\n1,retracement\n", "\"end_row\"");
  expect_refusal("start_row,end_row\n1,2\n", "\"type\"");
  expect_refusal(h + "1,2,up,consolidation\n", "row 2");
  expect_refusal(h + "1,2,up,consolidation,5\nx,4,up,consolidation,5\n",
                 "row 3, column \"start_row\"");
  expect_refusal(h + "1,2.5,up,consolidation,5\n", "row 2, column \"end_row\"");
  expect_refusal(h + ",2,up,consolidation,5\n", "row 2, column \"start_row\"");
  expect_refusal(h + "-1,2,up,consolidation,5\n", "row 2, column \"start_row\"");
  expect_refusal(h + "5,4,up,consolidation,5\n", "row 2, column \"end_row\"");
  expect_refusal(h + "1,99999999999999999999,up,consolidation,5\n", "column \"end_row\"");
  expect_refusal(h + "1,2,up,expansion,5\n", "column \"type\": unknown type \"expansion\"");
  expect_refusal(h + "1,2,sideways,consolidation,5\n", "unknown direction \"sideways\"");
  expect_refusal(h + "1,2,up,consolidation,strong\n", "column \"score\"");
  expect_refusal(h + "1,2,up,consolidation,nan\n", "column \"score\"");
  expect_refusal(h + "10,20,up,retracement,5\n1,10,up,retracement,5\n", "overlaps");
}

TEST_F(SpansFile, OverlapNamesBothRows) {
  const std::string message = refusal(std::string(kHeader) +
                                      "50,60,up,retracement,5\n"
                                      "1,10,up,retracement,5\n"
                                      "60,65,down,retracement,5\n");
  EXPECT_NE(message.find("row 4: the span 60 to 65 overlaps the span 50 to 60 of row 2"),
            std::string::npos)
      << message;
}

TEST_F(SpansFile, MissingFileIsAnError) {
  EXPECT_THROW(read_spans(folder_ / "none.csv"), Error);
  EXPECT_THROW(read_spans(folder_.path()), Error);
}

TEST(SpanNames, GoThereAndBack) {
  for (const SpanType type : {SpanType::consolidation, SpanType::retracement}) {
    EXPECT_EQ(span_type_of(name_of(type)), type);
  }
  for (const Direction direction : {Direction::up, Direction::down}) {
    EXPECT_EQ(direction_of(name_of(direction)), direction);
  }
  EXPECT_EQ(static_cast<int>(SpanType::retracement), 1);
  EXPECT_THROW(span_type_of("Retracement"), Error);
  EXPECT_THROW(direction_of(""), Error);
}

}  // namespace
}  // namespace spanlab
