// Products of features.
#include "spanlab/features/proxy.h"

#include <gtest/gtest.h>

namespace spanlab {
namespace {

CandleFeatures body(double body_pct) {
  return {0, 0, body_pct, 0, 0};
}
SwingFeatures swing(double since_high, double since_low, double trend) {
  return {0, 0, since_high, since_low, trend};
}

TEST(ExpansionProxy, IsSignedByTrendAndBody) {
  EXPECT_DOUBLE_EQ(expansion_proxy(body(0.5), 1.5, swing(0, 0, 1)), 0.75);
  EXPECT_DOUBLE_EQ(expansion_proxy(body(0.5), 1.5, swing(0, 0, -1)), -0.75);
  EXPECT_DOUBLE_EQ(expansion_proxy(body(-0.5), 1.5, swing(0, 0, -1)), 0.75);
  EXPECT_EQ(expansion_proxy(body(0.5), 1.5, swing(0, 0, 0)), 0.0);
  EXPECT_EQ(expansion_proxy(body(1), 3, swing(0, 0, 1)), 2.0);
  EXPECT_EQ(expansion_proxy(body(1), 3, swing(0, 0, -1)), -2.0);
}

TEST(ConsolidationProxy, IsLargeForSmallBarsFarFromSwings) {
  EXPECT_DOUBLE_EQ(consolidation_proxy(body(-0.5), 1.5, swing(1, 2, 1)), 0.5 * 0.5 * 1.5);
  EXPECT_EQ(consolidation_proxy(body(0), 0, swing(3, 3, 1)), 3.0);
  EXPECT_EQ(consolidation_proxy(body(1), 0, swing(3, 3, 1)), 0.0);
  EXPECT_EQ(consolidation_proxy(body(0), 3, swing(3, 3, 1)), 0.0);
}

}  // namespace
}  // namespace spanlab
