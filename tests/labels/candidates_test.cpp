// The candidates file, verdicts, and spans that verdicts add.
#include "spanlab/labels/candidates.h"

#include <gtest/gtest.h>

#include <initializer_list>
#include <string>
#include <vector>

#include "spanlab/market/simulate.h"
#include "tests/expect_error.h"
#include "tests/temporary_folder.h"

namespace spanlab {
namespace {

Span span(int64_t start, int64_t end, double score = 5.0) {
  return {start, end, Direction::down, SpanType::retracement, score};
}

constexpr const char* kHeader = "rank,start_row,end_row,direction,type,score,verdict\n";

TEST(Candidates, FileHasTimesRanksAndAnEmptyVerdict) {
  const TemporaryFolder folder;
  Bars series = simulate_market(30, 1).bars;
  for (size_t i = 0; i < 30; ++i) series.time_ms[i] = static_cast<int64_t>(i) * 60000;
  write_candidates(folder / "c.csv", series, {{span(20, 24, 6.12345), 0.25}, {span(3, 5), {}}});
  EXPECT_EQ(folder.read("c.csv"),
            "rank,start_row,end_row,start_time,end_time,direction,type,score,probability,verdict\n"
            "1,20,24,1970-01-01 00:20:00,1970-01-01 00:24:00,down,retracement,6.1235,0.25,\n"
            "2,3,5,1970-01-01 00:03:00,1970-01-01 00:05:00,down,retracement,5,,\n");
  const Verdicts verdicts = read_verdicts(folder / "c.csv");
  EXPECT_TRUE(verdicts.accepted.empty());
  EXPECT_EQ(verdicts.refused, 0);
  EXPECT_EQ(verdicts.open, 2);
}

TEST(Candidates, VerdictsAreReadInAnyCase) {
  const TemporaryFolder folder;
  folder.write("c.csv", std::string(kHeader) +
                            "1,20,24,down,retracement,6,Yes\n"
                            "2,30,34,down,retracement,5,no\n"
                            "3,40,44,down,retracement,5,\n"
                            "4,3,5,down,retracement,5,yes\n"
                            "5,50,54,down,retracement,5,NO\n");
  const Verdicts verdicts = read_verdicts(folder / "c.csv");
  EXPECT_EQ(verdicts.accepted, (std::vector<Span>{span(20, 24, 6.0), span(3, 5)}));
  EXPECT_EQ(verdicts.refused, 2);
  EXPECT_EQ(verdicts.open, 1);
}

TEST(Candidates, ErrorsNameRowAndColumn) {
  const TemporaryFolder folder;
  const auto expect = [&](const char* row, std::initializer_list<const char*> parts) {
    folder.write("c.csv", std::string(kHeader) + "1,20,24,down,retracement,6,yes\n" + row);
    expect_error([&] { read_verdicts(folder / "c.csv"); }, parts);
  };
  expect("2,30,34,down,retracement,5,maybe\n", {"row 3", "\"verdict\"", "\"maybe\"", "yes or no"});
  expect("2,30,34,down,sideways,5,no\n", {"row 3", "\"type\"", "sideways"});
  expect("2,30,29,down,retracement,5,no\n", {"row 3", "\"end_row\"", "before its start"});
  expect("2,-1,29,down,retracement,5,no\n", {"row 3", "\"start_row\"", "negative"});
  folder.write("c.csv", "start_row,end_row,type\n1,2,retracement\n");
  expect_error([&] { read_verdicts(folder / "c.csv"); }, {"verdict"});
}

TEST(Candidates, AddedSpansShareNoBarWithThoseBefore) {
  const JoinedSpans joined = add_spans({span(10, 14), span(30, 34)},
                                       {span(14, 18), span(20, 24), span(5, 9), span(24, 29)});
  EXPECT_EQ(joined.spans,
            (std::vector<Span>{span(5, 9), span(10, 14), span(20, 24), span(30, 34)}));
  ASSERT_EQ(joined.collisions.size(), 2u);
  EXPECT_EQ(joined.collisions[0].left_out, span(14, 18));
  EXPECT_EQ(joined.collisions[0].kept, span(10, 14));
  EXPECT_EQ(joined.collisions[1].left_out, span(24, 29));
  EXPECT_EQ(joined.collisions[1].kept, span(20, 24));
}

}  // namespace
}  // namespace spanlab
