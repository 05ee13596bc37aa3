// Place in the window.
#include "spanlab/features/position.h"

#include <gtest/gtest.h>

namespace spanlab {
namespace {

TEST(Position, RunsFromZeroToOneAndStops) {
  for (int t = 0; t < 105; ++t) EXPECT_DOUBLE_EQ(position_encoding(t, 105), t / 104.0);
  EXPECT_EQ(position_encoding(105, 105), 1.0);
  EXPECT_EQ(position_encoding(int64_t{1} << 60, 105), 1.0);
}

TEST(Position, WindowOfOneBar) {
  EXPECT_EQ(position_encoding(0, 1), 0.0);
  EXPECT_EQ(position_encoding(7, 1), 0.0);
}

}  // namespace
}  // namespace spanlab
