// Intervals of repeated splits and of shares, against scipy.
#include "spanlab/measure/repeated_cv.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <limits>
#include <vector>

#include "spanlab/base/error.h"
#include "spanlab/measure/wilson.h"

namespace spanlab {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

// scipy 1.17.1: stats.t.ppf((1 + level) / 2, freedom).
TEST(StudentQuantile, AgreesWithScipy) {
  const std::array<int, 7> freedom{1, 2, 3, 4, 9, 24, 100};
  const std::array<double, 7> at95{12.706204736174694, 4.302652729749462, 3.1824463052837078,
                                   2.7764451051977934, 2.262157162798205, 2.0638985616280245,
                                   1.9839715185235518};
  const std::array<double, 7> at99{63.656741162871526, 9.924843200918287, 5.840909309733355,
                                   4.604094871349992,  3.249835541592126, 2.796939504774456,
                                   2.6258905214380173};
  for (size_t i = 0; i < freedom.size(); ++i) {
    EXPECT_NEAR(student_quantile(0.95, freedom[i]) / at95[i], 1, 1e-12);
    EXPECT_NEAR(student_quantile(0.99, freedom[i]) / at99[i], 1, 1e-12);
  }
}

// scipy: mean -+ t.ppf(.975, 4) sqrt((1/5 + .2/.8) var(ddof=1)).
TEST(RepeatedCvInterval, IsWiderThanThatOfIndependentValues) {
  const std::vector<double> values{.61, .55, .70, .64, .58};
  const Interval interval = repeated_cv_interval(values, 0.2);
  EXPECT_NEAR(interval.value, 0.616, 1e-12);
  EXPECT_NEAR(interval.low, 0.5085225225355009, 1e-12);
  EXPECT_NEAR(interval.high, 0.7234774774644991, 1e-12);
  // As n_test / n_train falls it tends to the usual interval of a mean, from above.
  const Interval usual = repeated_cv_interval(values, 1e-12);
  EXPECT_NEAR((interval.high - interval.low) / (usual.high - usual.low),
              std::sqrt((0.2 + 0.25) / 0.2), 1e-9);
}

TEST(RepeatedCvInterval, LeavesOutWhatIsNotDefined) {
  const Interval some = repeated_cv_interval(std::vector<double>{1, kNan, 3}, 0.1);
  const Interval two = repeated_cv_interval(std::vector<double>{1, 3}, 0.1);
  EXPECT_EQ(some.low, two.low);
  const Interval one = repeated_cv_interval(std::vector<double>{kNan, 3}, 0.1);
  EXPECT_EQ(one.value, 3);
  EXPECT_TRUE(std::isnan(one.low) && std::isnan(one.high));
  EXPECT_TRUE(std::isnan(repeated_cv_interval({}, 0.1).value));
}

TEST(RepeatedCvInterval, AShareOutsideItsRangeIsAnError) {
  for (const double share : {0.0, 1.0, -0.2, kNan}) {
    EXPECT_THROW(repeated_cv_interval(std::vector<double>{1, 2}, share), Error);
  }
}

// scipy: stats.binomtest(hits, trials).proportion_ci(.95, method="wilson").
TEST(WilsonInterval, AgreesWithScipy) {
  struct Case {
    int hits, trials;
    double low, high;
  };
  for (const auto& [hits, trials, low, high] :
       {Case{8, 42, 0.0998200828164774, 0.33300774010038686},
        {0, 10, 0, 0.27753279986288926},
        {10, 10, 0.7224672001371109, 1},
        {1, 3, 0.06149194472039626, 0.7923403991979523},
        {500, 1000, 0.4690696003681042, 0.5309303996318958}}) {
    const Interval interval = wilson_interval(hits, trials);
    EXPECT_EQ(interval.value, static_cast<double>(hits) / trials);
    EXPECT_NEAR(interval.low, low, 1e-12);
    EXPECT_NEAR(interval.high, high, 1e-12);
  }
}

TEST(WilsonInterval, NoTrialsAndImpossibleCounts) {
  EXPECT_TRUE(std::isnan(wilson_interval(0, 0).value));
  EXPECT_THROW(wilson_interval(3, 2), Error);
  EXPECT_THROW(wilson_interval(-1, 2), Error);
}

}  // namespace
}  // namespace spanlab
