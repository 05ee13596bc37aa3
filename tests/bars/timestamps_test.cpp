// Times and durations: accepted forms, refused forms, there and back.
#include "spanlab/bars/timestamps.h"

#include <gtest/gtest.h>

#include "spanlab/base/random.h"
#include "tests/expect_error.h"

namespace spanlab {
namespace {

void expect_time(const char* text, int64_t ms, TimeForm form) {
  const auto time = parse_time(text);
  ASSERT_TRUE(time) << text;
  EXPECT_EQ(time->ms, ms) << text;
  EXPECT_EQ(time->form, form) << text;
}

TEST(ParseTime, UnixSeconds) {
  expect_time("0", 0, TimeForm::unix_seconds);
  expect_time("1736208060", 1736208060000, TimeForm::unix_seconds);
  expect_time("-86400", -86400000, TimeForm::unix_seconds);
  expect_time("1736208060.0", 1736208060000, TimeForm::unix_seconds);
  expect_time("1736208060.25", 1736208060250, TimeForm::unix_seconds);
  expect_time("1736208060.123999", 1736208060123, TimeForm::unix_seconds);
  expect_time("-0.5", -500, TimeForm::unix_seconds);
  expect_time("99999999999", 99999999999000, TimeForm::unix_seconds);
}

TEST(ParseTime, UnixMilliseconds) {
  expect_time("1736208060000", 1736208060000, TimeForm::unix_milliseconds);
  expect_time("100000000000", 100000000000, TimeForm::unix_milliseconds);
}

TEST(ParseTime, Iso8601) {
  const int64_t midnight = 1736208000000;  // 2025-01-07 00:00:00
  expect_time("2025-01-07", midnight, TimeForm::iso_local);
  expect_time("2025-01-07T00:01", midnight + 60000, TimeForm::iso_local);
  expect_time("2025-01-07 00:01:30", midnight + 90000, TimeForm::iso_local);
  expect_time("2025-01-07T00:01:30.25", midnight + 90250, TimeForm::iso_local);
  expect_time("2025-01-07T00:01:30.123456789", midnight + 90123, TimeForm::iso_local);
  expect_time("2025-01-07T00:01Z", midnight + 60000, TimeForm::iso_zoned);
  expect_time("2025-01-07t00:01:30z", midnight + 90000, TimeForm::iso_zoned);
  expect_time("2025-01-07T00:00:00+01:00", midnight - 3600000, TimeForm::iso_zoned);
  expect_time("2025-01-07T00:00:00-0530", midnight + 19800000, TimeForm::iso_zoned);
  expect_time("2025-01-07 00:00:00 +02", midnight - 7200000, TimeForm::iso_zoned);
  expect_time("1970-01-01", 0, TimeForm::iso_local);
  expect_time("1969-12-31T23:59:59", -1000, TimeForm::iso_local);
  expect_time("2024-02-29", 1709164800000, TimeForm::iso_local);
  expect_time("2000-03-01", 951868800000, TimeForm::iso_local);
}

TEST(ParseTime, RefusesWhatIsNoTime) {
  for (const char* text : {"",
                           " ",
                           "x",
                           "-",
                           "1.",
                           "1.x",
                           "1e9",
                           "17362080600000.5",
                           "1736208060000000",
                           "1736208060000000000",
                           "99999999999999999999",
                           "12:30",
                           "2025-1-7",
                           "2025-01",
                           "2025-01-",
                           "2025-13-01",
                           "2025-00-10",
                           "2025-01-00",
                           "2025-01-32",
                           "2025-02-29",
                           "2025-04-31",
                           "1900-02-29",
                           "0999-01-01",
                           "5000-01-01",
                           "2025-01-07T",
                           "2025-01-07T24:00",
                           "2025-01-07T12",
                           "2025-01-07T12:60",
                           "2025-01-07T12:30:60",
                           "2025-01-07T12:30:",
                           "2025-01-07T12:30:00.",
                           "2025-01-07T12:30:00,5",
                           "2025-01-07_12:30",
                           "2025-01-07T1:30",
                           "2025-01-07T12:30+",
                           "2025-01-07T12:30+1",
                           "2025-01-07T12:30+15:00",
                           "2025-01-07T12:30+01:60",
                           "2025-01-07T12:30+01:",
                           "2025-01-07T12:30ZZ",
                           "2025-01-07T12:30 UTC",
                           "2025-01-07 ",
                           "2025-01-07T12:30 ",
                           "2025/01/07",
                           "07.01.2025",
                           "+2025-01-07",
                           "nan"}) {
    EXPECT_FALSE(parse_time(text)) << text;
  }
}

TEST(TimeText, IsWhatIsoParsingReads) {
  EXPECT_EQ(time_text(1736208090000), "2025-01-07 00:01:30");
  EXPECT_EQ(time_text(1736208090005), "2025-01-07 00:01:30.005");
  EXPECT_EQ(time_text(-1), "1969-12-31 23:59:59.999");
  RandomStream random(1, Purpose::market);
  for (int k = 0; k < 2000; ++k) {
    const auto ms = static_cast<int64_t>(random.uniform(-3e13, 9e13));
    expect_time(time_text(ms).c_str(), ms, TimeForm::iso_local);
  }
}

TEST(Duration, BothWays) {
  EXPECT_EQ(parse_duration("500ms"), 500);
  EXPECT_EQ(parse_duration("30s"), 30000);
  EXPECT_EQ(parse_duration("5m"), 300000);
  EXPECT_EQ(parse_duration("1h"), 3600000);
  EXPECT_EQ(parse_duration("366d"), 366 * 86400000LL);
  EXPECT_EQ(duration_text(0), "0s");
  EXPECT_EQ(duration_text(300000), "5m");
  EXPECT_EQ(duration_text(5400000), "1h30m");
  EXPECT_EQ(duration_text(86400000), "1d");
  EXPECT_EQ(duration_text(-61001), "-1m1s1ms");
}

TEST(Duration, RefusesOtherForms) {
  for (const char* text : {"", "5", "m", "0m", "-5m", "5 m", "5M", "5min", "1.5h", "367d",
                           "99999999999999999999d", "1h30m"}) {
    SCOPED_TRACE(text);
    expect_error([&] { parse_duration(text); }, {"is not a duration", "5m"});
  }
}

}  // namespace
}  // namespace spanlab
