// The chosen threshold against all possible ones.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "scored_cases.h"
#include "spanlab/metrics/metrics.h"

namespace spanlab {
namespace {

double f1_at(const ScoredCase& scored, double threshold) {
  return metric_values(scored.view(), threshold)[static_cast<size_t>(Metric::f1)];
}

TEST(BestF1Threshold, NoOtherIsBetter) {
  for (const uint64_t seed : {1u, 2u, 3u, 4u}) {
    const ScoredCase scored = random_case(8, 25, seed);
    const double best = f1_at(scored, best_f1_threshold(scored.view()));
    for (const float p : scored.probability) EXPECT_GE(best + 1e-12, f1_at(scored, p));
  }
}

TEST(BestF1Threshold, LiesHalfWayToTheNextScore) {
  // scikit-learn's f1_score is best at >= 0.7; the next score is 0.6.
  EXPECT_NEAR(best_f1_threshold(golden_case().view()), 0.65, 1e-7);
}

TEST(BestF1Threshold, AllPositiveIsTheLowestScore) {
  ScoredCase scored{1, 4, {0.25f, 0.5f, 0.75f, 0.5f}, {1, 1, 1, 1}, {0}};
  EXPECT_EQ(best_f1_threshold(scored.view()), 0.25);
  scored.mask.assign(4, 0);
  EXPECT_TRUE(std::isnan(best_f1_threshold(scored.view())));
}

}  // namespace
}  // namespace spanlab
