// Bar files in every accepted form, and what is said about the others.
#include "spanlab/bars/csv_bars.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "spanlab/base/failpoint.h"
#include "spanlab/market/simulate.h"
#include "tests/expect_error.h"
#include "tests/gzip_bytes.h"
#include "tests/real_data.h"
#include "tests/temporary_folder.h"

namespace spanlab {
namespace {

using Numbers = std::vector<double>;
using Times = std::vector<int64_t>;

class ReadBars : public ::testing::Test {
 protected:
  Bars read(std::string_view bytes, Unusable unusable = Unusable::reject) {
    return read_bars(folder_.write("bars.csv", bytes), unusable);
  }
  void expect_refused(std::string_view bytes, std::initializer_list<const char*> parts) {
    SCOPED_TRACE(bytes.substr(0, 80));
    expect_error([&] { read(bytes); }, parts);
  }
  TemporaryFolder folder_;
};

void expect_two_bars(const Bars& series) {
  EXPECT_EQ(series.time_ms, (Times{60000, 120000}));
  EXPECT_EQ(series.open, (Numbers{1, 2}));
  EXPECT_EQ(series.high, (Numbers{4, 5}));
  EXPECT_EQ(series.low, (Numbers{0.5, 1.5}));
  EXPECT_EQ(series.close, (Numbers{2, 3}));
  EXPECT_EQ(series.bar_ms, 60000);
}

TEST_F(ReadBars, AnyOrderCaseAndSeparator) {
  expect_two_bars(read("timestamp,open,high,low,close\n60,1,4,.5,2\n120,2,5,1.5,3\n"));
  expect_two_bars(read("Close;LOW;High;Open;Date\n2;.5;4;1;60\n3;1.5;5;2;120\n"));
  expect_two_bars(read("T\tO\tH\tL\tC\ttime\nx\t1\t4\t.5\t2\t60\ny\t2\t5\t1.5\t3\t120\n"));
  expect_two_bars(read("\xEF\xBB\xBFtime,open,high,low,close\r\n60,1,4,.5,2\r\n\r\n120,2,5,1.5,3"));
  expect_two_bars(read(gzip_bytes("epoch_s,open,high,low,close\n60,1,4,.5,2\n120,2,5,1.5,3\n")));
}

TEST_F(ReadBars, VolumeIsOptional) {
  EXPECT_TRUE(read("time,open,high,low,close\n60,1,4,.5,2\n").volume.empty());
  EXPECT_EQ(read("time,open,high,low,close,Volume\n60,1,4,.5,2,7\n").volume, (Numbers{7}));
  EXPECT_EQ(read("v,time,o,h,l,c\n7,60,1,4,.5,2\n").volume, (Numbers{7}));
}

TEST_F(ReadBars, EveryNameOfTheTimeColumn) {
  for (const char* name : {"timestamp", "Time", "DATE", "datetime", "epoch_s", "epoch", "unix",
                           "open_time", "openTime", "Open time", "Gmt time", "UNIX TIME"}) {
    EXPECT_EQ(read(std::string(name) + ",o,h,l,c\n60,1,1,1,1\n").time_ms, (Times{60000})) << name;
  }
}

TEST_F(ReadBars, TheMostTellingOfSeveralTimeColumns) {
  const Bars series = read("date,unix,close_time,o,h,l,c\n1970-01-01 00:01,60,119,1,1,1,1\n");
  EXPECT_EQ(series.time_ms, (Times{60000}));
}

TEST_F(ReadBars, EveryFormOfTime) {
  for (const char* times : {"60 120", "60.0 120.000", "1970-01-01T00:01 1970-01-01T00:02:00",
                            "1970-01-01T00:01Z 1970-01-01T01:02+01:00"}) {
    const std::string all(times);
    const std::string first = all.substr(0, all.find(' '));
    const std::string second = all.substr(all.find(' ') + 1);
    expect_two_bars(read("time,o,h,l,c\n" + first + ",1,4,.5,2\n" + second + ",2,5,1.5,3\n"));
  }
  EXPECT_EQ(read("time,o,h,l,c\n1736208060000,1,1,1,1\n").time_ms, (Times{1736208060000}));
}

TEST_F(ReadBars, MixedFormsOfTimeAreRefused) {
  const std::string head = "time,o,h,l,c\n1736208060,1,1,1,1\n";
  expect_refused(
      head + "1736208120000,1,1,1,1\n",
      {"bars.csv, row 3, column \"time\"", "unix milliseconds", "first row is unix seconds"});
  expect_refused(head + "2025-01-07T00:02,1,1,1,1\n", {"row 3", "ISO 8601 without zone"});
  expect_refused("time,o,h,l,c\n2025-01-07T00:01,1,1,1,1\n2025-01-07T00:02Z,1,1,1,1\n",
                 {"row 3", "ISO 8601 with zone"});
}

TEST_F(ReadBars, TimeMustAscend) {
  const std::string head = "time,o,h,l,c\n180,1,1,1,1\n240,1,1,1,1\n";
  expect_refused(head + "120,1,1,1,1\n",
                 {"bars.csv, row 4, column \"time\"",
                  "1970-01-01 00:02:00 is not after 1970-01-01 00:04:00", "oldest first"});
  expect_refused(head + "240,1,1,1,1\n",
                 {"row 4", "1970-01-01 00:04:00 is not after 1970-01-01 00:04:00", "bars check"});
  expect_refused("time,o,h,l,c\n2025-01-07,1,1,1,1\n\n2025-01-06,1,1,1,1\n", {"row 4"});
  expect_refused("time,o,h,l,c\n0,1,1,1,1\n0,1,1,1,1\n", {"row 3"});
  expect_refused("time,o,h,l,c\n-60,1,1,1,1\n-120,1,1,1,1\n", {"row 3"});
  EXPECT_EQ(read(head + "241,1,1,1,1\n").size(), 3);
  EXPECT_EQ(read(head + "120,1,1,1,1\n", Unusable::keep).time_ms, (Times{180000, 240000, 120000}));
}

TEST_F(ReadBars, NothingIsRepaired) {
  const Bars series =
      read("time,o,h,l,c\n180,5,1,9,-2\n60,0,0,0,0\n60,1,1,1,1\n600,1,1,1,1\n", Unusable::keep);
  EXPECT_EQ(series.time_ms, (Times{180000, 60000, 60000, 600000}));
  EXPECT_EQ(series.high, (Numbers{1, 0, 1, 1}));
  EXPECT_EQ(series.close, (Numbers{-2, 0, 1, 1}));
}

TEST_F(ReadBars, NotFiniteIsAnErrorUnlessKept) {
  for (const char* bad : {"nan", "NaN", "inf", "-inf", "infinity", ""}) {
    SCOPED_TRACE(bad);
    const std::string bytes =
        "time,o,h,l,c,v\n60,1,1,1,1,1\n120,1,1," + std::string(bad) + ",1,1\n";
    expect_refused(bytes, {"bars.csv, row 3, column \"l\""});
    const Bars kept = read(bytes, Unusable::keep);
    ASSERT_EQ(kept.size(), 2);
    EXPECT_FALSE(std::isfinite(kept.low[1]));
  }
  expect_refused("time,o,h,l,c,v\n60,1,1,1,1,\n", {"row 2, column \"v\"", "empty"});
}

TEST_F(ReadBars, RefusesMalformedFiles) {
  const std::string head = "time,open,high,low,close\n";
  expect_refused("", {"bars.csv", "empty"});
  expect_refused(head, {"bars.csv", "no bars"});
  expect_refused("open,high,low,close\n1,1,1,1\n",
                 {"no column for the time", "timestamp", "open, high, low, close"});
  expect_refused("time,high,low,close\n1,1,1,1\n", {"no column for the open", "open or o"});
  expect_refused("time,open,low,close\n1,1,1,1\n", {"no column for the high"});
  expect_refused("time,open,high,close\n1,1,1,1\n", {"no column for the low"});
  expect_refused("time,open,high,low\n1,1,1,1\n", {"no column for the close"});
  expect_refused("time,open,high,low,close,Close\n1,1,1,1,1,1\n", {"two columns", "\"close\""});
  expect_refused("1736208060,1,1,1,1\n1736208120,1,1,1,1\n",
                 {"bars.csv, row 1", "seems to have no header", "\"1736208060,1,1,1,1\""});
  expect_refused("2025-01-07T00:01:00Z;1;1;1;1\n", {"seems to have no header"});
  expect_refused(head + "60,1,1,x,1\n", {"row 2, column \"low\"", "\"x\" is not a number"});
  expect_refused(head + "60,1,1,1,1\n120,1;5,1,1,1\n",
                 {"row 3, column \"open\"", "\"1;5\" is not a number"});
  expect_refused(head + "60,1,1,1e999,1\n", {"row 2, column \"low\"", "not a number"});
  expect_refused(head + "60,1,1,1\n", {"row 2", "4 fields", "5"});
  expect_refused(head + "60,1,1,1,1,1\n", {"row 2", "6 fields"});
  expect_refused(head + ",1,1,1,1\n", {"row 2, column \"time\"", "not a time"});
  expect_refused(head + "12:30,1,1,1,1\n", {"row 2, column \"time\"", "\"12:30\" is not a time"});
  expect_refused(head + "1736208060000000,1,1,1,1\n", {"row 2, column \"time\"", "not a time"});
  expect_refused(head + "2025-02-30,1,1,1,1\n", {"row 2, column \"time\"", "not a time"});
  expect_refused(head + std::string(10'000'000, '1') + "\n", {"row 2", "longer than"});
  expect_refused(std::string(200, '\0'), {"not a text file"});
  expect_error([&] { read_bars(folder_ / "none.csv"); }, {"none.csv", "No such file"});
  expect_error([&] { read_bars(folder_.path()); }, {"folder"});
}

TEST_F(ReadBars, TruncatedGzip) {
  std::string bytes = "time,open,high,low,close\n";
  for (int k = 1; k < 5000; ++k)
    bytes += std::to_string(60 * k) + ",1,1,1," + std::to_string(k * k % 97) + "\n";
  const std::string whole = gzip_bytes(bytes);
  EXPECT_EQ(read(whole).size(), 4999);
  expect_refused(std::string_view(whole).substr(0, whole.size() / 2),
                 {"bars.csv", "too early", "after row", "truncated"});
}

TEST(WriteBars, ReadBackToTheSameSeries) {
  const TemporaryFolder folder;
  Bars series;
  series.time_ms = {-500, 0, 1736208060000, 1736208060001, 1736208120000, 99999999999999};
  for (int64_t k = 0; k < 6; ++k) {
    const double p = std::pow(10.0, static_cast<double>(3 * k - 6)) / 3;
    series.open.push_back(p);
    series.high.push_back(p * 1.1);
    series.low.push_back(p / 1.1);
    series.close.push_back(p * 1.01);
  }
  series.bar_ms = most_common_step(series.time_ms);
  for (const bool with_volume : {false, true}) {
    if (with_volume) series.volume = {0, 1, 0.00114705, 1e-9, 1e20, 5};
    write_bars(folder / "bars.csv", series);
    const Bars back = read_bars(folder / "bars.csv");
    EXPECT_EQ(back.time_ms, series.time_ms);
    EXPECT_EQ(back.open, series.open);
    EXPECT_EQ(back.high, series.high);
    EXPECT_EQ(back.low, series.low);
    EXPECT_EQ(back.close, series.close);
    EXPECT_EQ(back.volume, series.volume);
    EXPECT_EQ(back.bar_ms, series.bar_ms);
  }
}

TEST(WriteBars, AFullDiskLeavesTheOldFile) {
  const TemporaryFolder folder;
  folder.write("bars.csv", "old");
  arm_failpoints("write.data=error");
  expect_error([&] { write_bars(folder / "bars.csv", simulate_market(10, 1).bars); }, {"no space"});
  arm_failpoints("");
  EXPECT_EQ(folder.read("bars.csv"), "old");
  EXPECT_EQ(folder.entries(), 1u);
}

TEST(MostCommonStep, IgnoresOtherSteps) {
  EXPECT_EQ(most_common_step({}), 0);
  EXPECT_EQ(most_common_step({5}), 0);
  EXPECT_EQ(most_common_step({5, 5, 4}), 0);
  EXPECT_EQ(most_common_step({0, 60, 120, 1000, 1060}), 60);
  EXPECT_EQ(most_common_step({0, 60, 180}), 60) << "the shorter of equally common steps";
  EXPECT_EQ(most_common_step({0, 120, 180}), 60);
}

struct Sample {
  const char *name, *path;
  int64_t rows, gaps, missing;
};

class RealBars : public ::testing::TestWithParam<Sample> {};

TEST_P(RealBars, Load) {
  const Sample& sample = GetParam();
  const Bars series = read_bars(sample.path);
  EXPECT_EQ(series.size(), sample.rows);
  EXPECT_EQ(series.bar_ms, 60000);
  int64_t gaps = 0, missing = 0;
  for (int64_t row = 1; row < series.size(); ++row) {
    if (!series.gap_before(row)) continue;
    ++gaps;
    const auto i = static_cast<size_t>(row);
    missing += (series.time_ms[i] - series.time_ms[i - 1]) / 60000 - 1;
  }
  EXPECT_EQ(gaps, sample.gaps);
  EXPECT_EQ(missing, sample.missing);
}

// Counted apart from this program, with awk.
INSTANTIATE_TEST_SUITE_P(Files, RealBars,
                         ::testing::Values(Sample{"Crypto", test::kBars, 38942, 0, 0},
                                           Sample{"Futures", test::kFuturesBars, 16673, 479, 90877},
                                           Sample{"Currency", test::kCurrencyBars, 4000, 66, 2837}),
                         [](const auto& sample) { return sample.param.name; });

}  // namespace
}  // namespace spanlab
