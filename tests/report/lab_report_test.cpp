// The lab's page and summary from a made-up lab: every cell, and every sentence that may change.
#include "spanlab/lab/lab.h"
#include "spanlab/report/reports.h"

#include <gtest/gtest.h>

#include <variant>

#include "tests/golden_file.h"
#include "tests/report/made_up_results.h"
#include "tests/report/page_text.h"

namespace spanlab::test {
namespace {

std::vector<std::string> paragraphs_of(const Document& document) {
  std::vector<std::string> texts;
  for (const Block& block : document.blocks) {
    if (const auto* paragraph = std::get_if<Paragraph>(&block)) texts.push_back(paragraph->text);
  }
  return texts;
}

/// The sentence on the best recipe.
std::string best_text(const LabResult& result) {
  return paragraphs_of(lab_summary(result)).at(0);
}

/// The sentence on the best trivial predictor.
std::string trivial_text(const LabResult& result) {
  return paragraphs_of(lab_summary(result)).at(1);
}

/// A lab whose best recipe reaches this average precision.
LabResult lab_that_reaches(const Interval& reached) {
  LabResult result = made_up_lab();
  result.recipes[result.best].metrics[static_cast<size_t>(kVerdictMetric)] = reached;
  return result;
}

TEST(LabReport, OnAHeldOutStretch) {
  expect_golden("tests/report/golden/lab_report.md", page_text(lab_report(made_up_lab())));
}

TEST(LabReport, OnValidationWindowsWithOneRunEach) {
  LabResult result = made_up_lab();
  result.held_out = false;
  for (RecipeResult& recipe : result.recipes) recipe.runs.resize(1);
  result.findings.clear();
  result.path = {{}, kBaseline};
  result.best = 0;
  expect_golden("tests/report/golden/lab_report_one_run.md", page_text(lab_report(result)));
}

TEST(LabReport, Summary) {
  const Document summary = lab_summary(made_up_lab());
  expect_golden("tests/report/golden/lab_summary.txt", terminal_text_of(summary, 100));
}

TEST(LabReport, BestRecipeThatHelps) {
  EXPECT_EQ(best_text(made_up_lab()),
            "`span-only` has the highest average precision, 0.505 [0.484, 0.539]: 0.194 [0.173, "
            "0.228] from the baseline.");
}

TEST(LabReport, BestRecipeThatMayBeLuck) {
  for (const Verdict verdict : {Verdict::no_evidence, Verdict::hurts}) {
    LabResult result = made_up_lab();
    result.recipes[result.best].verdict = verdict;
    EXPECT_EQ(
        best_text(result),
        "`span-only` has the highest average precision, 0.505 [0.484, 0.539]: 0.194 [0.173, 0.228] "
        "from the baseline. The interval contains 0, so the difference is not significant.");
  }
}

TEST(LabReport, BaselineThatIsTheBest) {
  LabResult result = made_up_lab();
  result.best = 0;
  EXPECT_EQ(best_text(result),
            "No recipe reached a higher average precision than the baseline's 0.311 [0.290, "
            "0.345].");
}

TEST(LabReport, BestTrivialPredictor) {
  const std::string start =
      "The best trivial predictor, momentum (what momentum does), has 0.343 [0.322, 0.377] on "
      "seven made-up windows: the best recipe ";
  EXPECT_EQ(trivial_text(lab_that_reaches({0.342, 0.3, 0.4})), start + "is not above it.");
  EXPECT_EQ(trivial_text(lab_that_reaches({0.343, 0.3, 0.4})), start + "is not above it.");
  EXPECT_EQ(trivial_text(lab_that_reaches({0.344, 0.343, 0.4})),
            start + "is above it, but not significantly.");
  EXPECT_EQ(trivial_text(lab_that_reaches({0.4, 0.3431, 0.5})), start + "is above it.");
  LabResult none = made_up_lab();
  none.baseline.trivial.clear();
  EXPECT_EQ(trivial_text(none), "");
}

}  // namespace
}  // namespace spanlab::test
