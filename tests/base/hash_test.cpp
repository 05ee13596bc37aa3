// Hashes against known answers.
#include "spanlab/base/hash.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace spanlab {
namespace {

// Known answers of `xxhsum -H2`.
TEST(HashText, KnownAnswers) {
  EXPECT_EQ(hash_text("", 0), "99aa06d3014798d86001c324468d497f");
  EXPECT_EQ(hash_text("abc", 3), "06b05ab6733a618578af5f94892f3950");
}

TEST(HashText, EveryBitAndTheLengthMatter) {
  std::string bytes(300, '\0');
  std::set<std::string> seen = {hash_text(bytes.data(), bytes.size())};
  for (size_t length = 0; length < 300; ++length) {
    EXPECT_TRUE(seen.insert(hash_text(bytes.data(), length)).second);
  }
  for (size_t bit = 0; bit < 2400; ++bit) {
    bytes[bit / 8] = static_cast<char>(1 << (bit % 8));
    EXPECT_TRUE(seen.insert(hash_text(bytes.data(), bytes.size())).second);
    bytes[bit / 8] = 0;
  }
}

}  // namespace
}  // namespace spanlab
