// Bytes from memory: plain and gzip, in parts, and cut short.
#include "spanlab/base/byte_source.h"

#include <gtest/gtest.h>

#include <string>

#include "spanlab/base/error.h"
#include "tests/expect_error.h"
#include "tests/gzip_bytes.h"

namespace spanlab {
namespace {

std::string all_of(const std::string& bytes, size_t part) {
  ByteSource source(Bytes{bytes, "memory"});
  std::string all, buffer(part, '\0');
  while (const size_t n = source.read(buffer.data(), part)) all.append(buffer, 0, n);
  return all;
}

TEST(ByteSource, MemoryGivesItsBytesInPartsOfAnySize) {
  const std::string text = "time,open\n1,2\n" + std::string(1000, 'x');
  for (const size_t part : {size_t{1}, size_t{7}, size_t{100'000}}) {
    EXPECT_EQ(all_of(text, part), text);
    EXPECT_EQ(all_of(gzip_bytes(text), part), text);
    EXPECT_EQ(all_of(gzip_bytes("a") + gzip_bytes(text) + "padding", part), "a" + text);
  }
  EXPECT_EQ(all_of("", 10), "");
  EXPECT_EQ(ByteSource(Bytes{"x", "memory"}).name(), "memory");
}

TEST(ByteSource, GzipInMemoryThatEndsTooEarlyIsToldWhereverItIsCut) {
  std::string rows;
  for (int i = 0; i < 3000; ++i) rows += "17000000" + std::to_string(i % 10) + ",100,101,99,100\n";
  const std::string whole = gzip_bytes(rows);
  for (const size_t part : {size_t{64}, size_t{65'536}}) {
    for (size_t size = 2; size < whole.size(); ++size) {
      expect_error([&] { all_of(whole.substr(0, size), part); }, {"memory", "end too early"});
    }
  }
  std::string damaged = whole;
  damaged[damaged.size() / 2] = static_cast<char>(damaged[damaged.size() / 2] ^ 0x55);
  EXPECT_THROW(all_of(damaged, 4096), Error);
}

}  // namespace
}  // namespace spanlab
