// Numbers, percentages, intervals, sizes and changes as reports write them.
#include "spanlab/document/format.h"

#include <gtest/gtest.h>

#include <limits>

namespace spanlab {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

TEST(Number, KeepsSignificantDigits) {
  EXPECT_EQ(number(0.35, 3), "0.350");
  EXPECT_EQ(number(12.3456, 3), "12.3");
  EXPECT_EQ(number(-0.0012345, 2), "-0.0012");
  EXPECT_EQ(number(9.996, 3), "10.0");  // the rounding makes another digit
  EXPECT_EQ(number(5.0, 1), "5");
}

TEST(Number, NeverDropsWholeDigits) {
  EXPECT_EQ(number(1234.6, 2), "1235");
  EXPECT_EQ(number(123456789.0, 3), "123456789");
}

TEST(Number, HasAnExponentWhereItIsVerySmallOrLarge) {
  EXPECT_EQ(number(1.23e-5, 2), "1.2e-05");
  EXPECT_EQ(number(1.0e-4, 2), "0.00010");
  EXPECT_EQ(number(9.9999e-5, 2), "0.00010");
  EXPECT_EQ(number(4.5e12, 2), "4.5e+12");
}

TEST(Number, ZeroAndWhatIsNotFinite) {
  EXPECT_EQ(number(0.0, 4), "0");
  EXPECT_EQ(number(-0.0, 4), "0");
  EXPECT_EQ(number(kNan, 4), "–");
  EXPECT_EQ(number(kInfinity, 4), "∞");
  EXPECT_EQ(number(-kInfinity, 4), "-∞");
}

TEST(Percent, RoundsToDecimals) {
  EXPECT_EQ(percent(0.912, 1), "91.2 %");
  EXPECT_EQ(percent(1.0, 0), "100 %");
  EXPECT_EQ(percent(-0.00001, 1), "0.0 %");
  EXPECT_EQ(percent(-0.25, 0), "-25 %");
  EXPECT_EQ(percent(kNan, 1), "–");
}

TEST(IntervalText, HasEqualDecimals) {
  EXPECT_EQ(interval_text(0.279, 0.2139, 0.35), "0.279 [0.214, 0.350]");
  EXPECT_EQ(interval_text(62.13, 48.0, 75.46), "62.1 [48.0, 75.5]");
  EXPECT_EQ(interval_text(0.0004, -0.0501, 0.049), "0.0004 [-0.0501, 0.0490]");
  EXPECT_EQ(interval_text(-0.00001, -0.5, 0.5), "0.000 [-0.500, 0.500]");
  EXPECT_EQ(interval_text(0.0, 0.0, 0.0), "0 [0, 0]");
}

TEST(IntervalText, SaysWhatIsMissing) {
  EXPECT_EQ(interval_text(0.279, kNan, 0.35), "0.279 [–]");
  EXPECT_EQ(interval_text(0.279, 0.2, kInfinity), "0.279 [–]");
  EXPECT_EQ(interval_text(kNan, 0.2, 0.3), "–");
}

TEST(FileSize, TakesTheUnitThatFits) {
  EXPECT_EQ(file_size(0), "0 B");
  EXPECT_EQ(file_size(999), "999 B");
  EXPECT_EQ(file_size(1000), "1.0 kB");
  EXPECT_EQ(file_size(2'400'000), "2.4 MB");
  EXPECT_EQ(file_size(999'960), "1.0 MB");  // not 1000.0 kB
  EXPECT_EQ(file_size(std::numeric_limits<uint64_t>::max()), "18.4 EB");
}

TEST(ChangeText, IsAShareOfTheFirst) {
  EXPECT_EQ(change_text(2.0, 1.242), "down 37.9 %");
  EXPECT_EQ(change_text(0.5, 0.52), "up 4.0 %");
  EXPECT_EQ(change_text(-2.0, -1.0), "up 50.0 %");
  EXPECT_EQ(change_text(1.0, 1.0001), "unchanged");
  EXPECT_EQ(change_text(0.0, 0.0), "unchanged");
  EXPECT_EQ(change_text(0.0, 0.25), "from 0 to 0.250");
  EXPECT_EQ(change_text(kNan, 1.0), "–");
  EXPECT_EQ(change_text(1.0, kInfinity), "–");
}

}  // namespace
}  // namespace spanlab
