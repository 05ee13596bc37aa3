// The allocator of large arrays: alignment, growth, contents.
#include "spanlab/base/large_buffer.h"

#include <gtest/gtest.h>

#include <cstdint>

namespace spanlab {
namespace {

TEST(LargeBuffer, IsAlignedToLinesAndHugePages) {
  for (const size_t count : {size_t{1}, size_t{1000}, size_t{1} << 19, (size_t{1} << 20) + 7}) {
    const LargeBuffer<float> buffer(count);
    const size_t alignment = count * sizeof(float) >= (size_t{2} << 20) ? size_t{2} << 20 : 64;
    EXPECT_EQ(reinterpret_cast<uintptr_t>(buffer.data()) % alignment, 0u) << count;
  }
}

TEST(LargeBuffer, KeepsItsValuesAsItGrowsPastAHugePage) {
  LargeBuffer<double> buffer;
  for (int i = 0; i < 600'000; ++i) buffer.push_back(i);
  LargeBuffer<double> copy = buffer;
  copy.resize(10);
  copy.shrink_to_fit();
  for (size_t i = 0; i < buffer.size(); i += 997) EXPECT_EQ(buffer[i], static_cast<double>(i));
  EXPECT_EQ(copy[9], 9);
}

}  // namespace
}  // namespace spanlab
