// The decision path, every branch.
#include "spanlab/lab/path.h"

#include <gtest/gtest.h>

namespace spanlab {
namespace {

TEST(Path, NoCountdownLeadsAboveTheLimit) {
  const DecisionPath path = decide_path({{"no-countdown", 0.11}, {"span-only", 0.5}}, 0.05);
  EXPECT_EQ(path.leading, "no-countdown");
  ASSERT_EQ(path.steps.size(), 1u);
  EXPECT_NE(path.steps[0].decision.find("0.110 is above 0.10 (predicting every bar gives 0.050)"),
            std::string::npos);
}

TEST(Path, SpanOnlyIsolatesTheProblem) {
  const DecisionPath path = decide_path({{"no-countdown", 0.10}, {"span-only", 0.2}}, 0.05);
  EXPECT_EQ(path.leading, "span-only");
  ASSERT_EQ(path.steps.size(), 2u);
  EXPECT_NE(path.steps[0].decision.find("span-only isolates"), std::string::npos);
  EXPECT_NE(path.steps[1].decision.find("becomes the baseline"), std::string::npos);
}

TEST(Path, TheBetterOneLeadsWhereBothFail) {
  EXPECT_EQ(decide_path({{"no-countdown", 0.02}, {"span-only", 0.01}}, 0.05).leading,
            "no-countdown");
  const DecisionPath path = decide_path({{"no-countdown", 0.01}, {"span-only", 0.02}}, 0.05);
  EXPECT_EQ(path.leading, "span-only");
  EXPECT_NE(path.steps[1].decision.find("does not learn alone either"), std::string::npos);
}

TEST(Path, StepsNameTheirExperimentFigureAndDecision) {
  const DecisionPath failed = decide_path({{"no-countdown", 0.0312}, {"span-only", 0.0456}}, 0.05);
  ASSERT_EQ(failed.steps.size(), 2u);
  EXPECT_EQ(failed.steps[0].experiment, "no-countdown");
  EXPECT_EQ(failed.steps[0].f1, 0.0312);
  EXPECT_EQ(failed.steps[0].decision,
            "F1 0.031 is not above 0.10 (predicting every bar gives 0.050): the other tasks do not "
            "explain the failure, so span-only isolates the span task");
  EXPECT_EQ(failed.steps[1].experiment, "span-only");
  EXPECT_EQ(failed.steps[1].f1, 0.0456);
  EXPECT_EQ(failed.steps[1].decision,
            "F1 0.046 is not above 0.10 (predicting every bar gives 0.050): the span task does not "
            "learn alone either; check features, labels, model size and dropout next");
  EXPECT_EQ(decide_path({{"no-countdown", 0.3}}, 0.05).steps[0].decision,
            "F1 0.300 is above 0.10 (predicting every bar gives 0.050): no-countdown becomes the "
            "baseline for further remedies");
}

TEST(Path, AFirstOfTwoEqualsLeads) {
  EXPECT_EQ(decide_path({{"no-countdown", 0.05}, {"span-only", 0.05}}, 0.05).leading,
            "no-countdown");
  EXPECT_EQ(decide_path({{"no-countdown", 0.0}}, 0.05).leading, "no-countdown");
}

TEST(Path, PassesOverWhatWasNotRun) {
  EXPECT_EQ(decide_path({{"span-only", 0.3}}, 0.05).leading, "span-only");
  const DecisionPath none = decide_path({{"baseline", 0.3}}, 0.05);
  EXPECT_EQ(none.leading, "baseline");
  EXPECT_TRUE(none.steps.empty());
}

}  // namespace
}  // namespace spanlab
