// How a detector is used: which threshold, delay and shortest detection it then has.
#include "spanlab/detect/detector.h"

#include <gtest/gtest.h>

#include "spanlab/base/settings.h"
#include "tests/detect/small_detector.h"
#include "tests/expect_error.h"

namespace spanlab {
namespace {

TEST(DetectorUse, ChangesNothingByDefault) {
  const Detector detector = small_detector(), used = used_as(detector, {});
  EXPECT_EQ(used.delays, detector.delays);
  EXPECT_EQ(used.default_delay, detector.default_delay);
  EXPECT_EQ(used.shortest, detector.shortest);
}

TEST(DetectorUse, ReplacesWhatIsAskedFor) {
  const Detector used = used_as(small_detector(), {.delay = 9, .threshold = 0.375, .shortest = 5});
  EXPECT_EQ(used.default_delay, 9);
  EXPECT_EQ(used.shortest, 5);
  for (const DelayRow& row : used.delays) EXPECT_EQ(row.threshold, 0.375);
}

TEST(DetectorUse, FindsTheThresholdForAPrecisionOrARate) {
  EXPECT_EQ(used_as(small_detector(), {.precision = 0.8}).delays[0].threshold, 0.75);
  EXPECT_EQ(used_as(small_detector(), {.precision = 0.5}).delays[0].threshold, 0.25);
  EXPECT_EQ(used_as(small_detector(), {.per_day = 2}).delays[2].threshold, 0.75);
}

TEST(DetectorUse, Refusals) {
  const auto use = [](const DetectorUse& how) { return [how] { used_as(small_detector(), how); }; };
  expect_error(use({.delay = 5}), {"delay of 5 bars"});
  expect_error(use({.threshold = 0.5, .precision = 0.5}), {"each choose the threshold"});
  expect_error(use({.precision = 0.95}), {"no threshold reaches a precision of 0.95"});
  expect_error(use({.per_day = 1}), {"no threshold gives at most 1 detections a day"});
}

TEST(DetectorUse, ItsSettingsAreUnsetByDefault) {
  DetectorUse use;
  for (const Setting& setting : settings_of(use)) {
    EXPECT_TRUE(is_unset(setting.get())) << setting.name;
    EXPECT_EQ(section_of(setting), "detect");
  }
  settings_of(use)[0].set(int64_t{8});
  EXPECT_EQ(use.delay, 8);
}

}  // namespace
}  // namespace spanlab
