// The page of a fitted detector and of its test, from made-up results: every cell and sentence.
#include "spanlab/fit/fit.h"
#include "spanlab/report/reports.h"

#include <gtest/gtest.h>

#include "tests/golden_file.h"
#include "tests/report/made_up_results.h"
#include "tests/report/page_text.h"

namespace spanlab::test {
namespace {

TEST(FitReport, WithAHeldOutTest) {
  expect_golden("tests/report/golden/fit_report.md", page_text(fit_report(made_up_fit())));
}

TEST(FitReport, WithoutATest) {
  FitResult fit = made_up_fit();
  fit.test.reset();
  fit.member.clear();
  fit.detector.members.resize(1);
  fit.windows = fit.groups = 1;
  expect_golden("tests/report/golden/fit_report_untested.md", page_text(fit_report(fit)));
}

TEST(FitReport, DelayTable) {
  const TextTable table = delay_table(made_up_detector());
  EXPECT_EQ(table.header, (std::vector<std::string>{"delay, bars", "threshold", "average precision",
                                                    "F1", "precision", "recall"}));
  ASSERT_EQ(table.rows.size(), 3u);
  EXPECT_EQ(table.rows[0],
            (std::vector<std::string>{"0", "0.310", "0.412", "0.513", "0.614", "0.715"}));
  EXPECT_EQ(table.rows[1],
            (std::vector<std::string>{"4 (default)", "0.320", "0.423", "0.524", "0.625", "0.726"}));
}

TEST(FitReport, TestOfADetector) {
  Evaluation test;
  test.first_row = 1234;
  test.windows = 17;
  test.length = 105;
  test.spans = 11;
  test.positives = 149;
  test.model.threshold = 0.456;
  test.model.metrics = made_up_metrics(121);
  expect_golden("tests/report/golden/detector_test.md", page_text(detector_test_report(test)));
}

}  // namespace
}  // namespace spanlab::test
