// Numbers as text and back, nearest names, text that is safe to print.
#include "spanlab/base/text.h"

#include <gtest/gtest.h>

#include <bit>
#include <charconv>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "spanlab/base/random.h"

namespace spanlab {
namespace {

template <class T>
T read_back(const std::string& text) {
  T value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  EXPECT_EQ(error, std::errc()) << text;
  EXPECT_EQ(end, text.data() + text.size()) << text;
  return value;
}

TEST(NumberText, EverydayNumbersHaveNoExponent) {
  EXPECT_EQ(number_text(0.0), "0");
  EXPECT_EQ(number_text(100000.0), "100000");
  EXPECT_EQ(number_text(102228.25), "102228.25");
  EXPECT_EQ(number_text(0.1), "0.1");
  EXPECT_EQ(number_text(-0.00114705), "-0.00114705");
  EXPECT_EQ(number_text(0.1f), "0.1");
  EXPECT_EQ(number_text(16000.0f), "16000");
  EXPECT_EQ(number_text(int64_t{-42}), "-42");
  EXPECT_EQ(number_text(std::numeric_limits<int64_t>::min()), "-9223372036854775808");
}

TEST(NumberText, ExtremeNumbersHaveOne) {
  EXPECT_EQ(number_text(1e300), "1e+300");
  EXPECT_EQ(number_text(1e-300), "1e-300");
  EXPECT_EQ(number_text(1e30f), "1e+30");
}

TEST(Counted, OnlyOneIsSingular) {
  EXPECT_EQ(counted(0, "bar"), "0 bars");
  EXPECT_EQ(counted(1, "bar"), "1 bar");
  EXPECT_EQ(counted(2, "base window"), "2 base windows");
  EXPECT_EQ(counted(-1, "bar"), "-1 bars");
}

TEST(Text, ListsWords) {
  const std::vector<std::string> words{"type", "ptr", "span"};
  EXPECT_EQ(listed({}), "");
  EXPECT_EQ(listed(std::span(words).first(1)), "type");
  EXPECT_EQ(listed(std::span(words).first(2)), "type and ptr");
  EXPECT_EQ(listed(words), "type, ptr and span");
}

TEST(NumberText, NotFinite) {
  EXPECT_EQ(number_text(std::nan("")), "nan");
  EXPECT_EQ(number_text(-std::nan("")), "nan");
  EXPECT_EQ(number_text(std::numeric_limits<double>::infinity()), "inf");
  EXPECT_EQ(number_text(-std::numeric_limits<float>::infinity()), "-inf");
}

TEST(NumberText, ReadsBackToTheSameBits) {
  RandomStream random(1, Purpose::market);
  for (int k = 0; k < 20000; ++k) {
    const uint64_t high = random.bits();
    const auto wide = std::bit_cast<double>((high << 32) | random.bits());
    const auto narrow = std::bit_cast<float>(random.bits());
    const double everyday = random.uniform(-1e6, 1e6);
    if (std::isfinite(wide)) {
      ASSERT_EQ(read_back<double>(number_text(wide)), wide);
    }
    if (std::isfinite(narrow)) {
      ASSERT_EQ(read_back<float>(number_text(narrow)), narrow);
    }
    ASSERT_EQ(read_back<double>(number_text(everyday)), everyday);
  }
}

TEST(NearestName, FindsASlipOfThePen) {
  const std::vector<std::string> names = {"learning_rate", "batch_size", "epochs", "seed"};
  EXPECT_EQ(nearest_name("learning_rat", names), "learning_rate");
  EXPECT_EQ(nearest_name("leraning_rate", names), "learning_rate");
  EXPECT_EQ(nearest_name("batchsize", names), "batch_size");
  EXPECT_EQ(nearest_name("EPOCHS", names), "epochs");
  EXPECT_EQ(nearest_name("seeds", names), "seed");
}

TEST(NearestName, StaysSilentWhenNothingIsNear) {
  const std::vector<std::string> names = {"learning_rate", "seed"};
  EXPECT_EQ(nearest_name("momentum", names), "");
  EXPECT_EQ(nearest_name("", names), "");
  EXPECT_EQ(nearest_name("xy", std::vector<std::string>{"ab"}), "");
  EXPECT_EQ(nearest_name("seed", {}), "");
}

TEST(InQuotes, IsSafeToPrint) {
  EXPECT_EQ(in_quotes("abc"), "\"abc\"");
  EXPECT_EQ(in_quotes(std::string_view("a\0\x1b[2J\n", 7)), "\"a\\x00\\x1b[2J\\n\"");
  EXPECT_EQ(in_quotes(std::string(80, 'x')), "\"" + std::string(80, 'x') + "\"");
  EXPECT_EQ(in_quotes(std::string(81, 'x')), "\"" + std::string(80, 'x') + "...\"");
  // A character of two bytes is one of 80, and never cut in half.
  const std::string accented = std::string(79, 'x') + "\xC3\xA9";
  EXPECT_EQ(in_quotes(accented), "\"" + accented + "\"");
  EXPECT_EQ(in_quotes(accented + "z"), "\"" + accented + "...\"");
  // Bytes that are no UTF-8 are cut as well.
  EXPECT_LT(in_quotes(std::string(1000, '\x80')).size(), 400u);
}

TEST(Capitalised, ChangesTheFirstLetter) {
  EXPECT_EQ(capitalised("ptr and span"), "Ptr and span");
  EXPECT_EQ(capitalised(""), "");
}

TEST(LowerCase, LeavesOtherBytes) {
  EXPECT_EQ(lower_case("Open_TIME \xC3\x84"), "open_time \xC3\x84");
}

}  // namespace
}  // namespace spanlab
