// The page of a comparison: hand-made runs against golden files.
#include "spanlab/evaluate/compare.h"
#include "spanlab/report/reports.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/golden_file.h"
#include "tests/report/made_run.h"
#include "tests/report/made_up_results.h"
#include "tests/report/page_text.h"

namespace spanlab::test {
namespace {

/// Three runs: the second is paired with the first, the third is not.
RunComparison made_comparison() {
  RunComparison comparison;
  double scale = 1;
  for (const char* folder : {"runs/first/run", "runs/second", "other/second"}) {
    RunEvidence run;
    run.folder = folder;
    run.record = made_record(scale);
    comparison.runs.push_back(std::move(run));
    scale -= 0.07;
  }
  comparison.runs[1].notes = {"a note of the second"};
  comparison.settings = {{"loss.tasks", {R"(["type","span"])", "", R"(["span"])"}},
                         {"train.epochs", {"20", "30", "40"}}};
  comparison.warnings = {"they validate on other windows"};
  comparison.tested_on = "windows made by hand";
  comparison.metrics = {made_up_metrics(311), made_up_metrics(447), made_up_metrics(523)};
  comparison.difference = {{}, made_up_metrics(-136), {}};
  return comparison;
}

std::string golden(const std::string& name) {
  return "tests/report/golden/" + name + ".md";
}

TEST(GoldenComparison, OfThreeRuns) {
  expect_golden(golden("comparison"), page_text(compare_report(made_comparison())));
}

TEST(GoldenComparison, OfUntestedRunsWithOtherSpanLosses) {
  RunComparison comparison = made_comparison();
  comparison.settings = {{"loss.span_loss", {"bars", "dice", "bars"}}};
  comparison.warnings.clear();
  comparison.metrics[1].clear();
  comparison.difference[1].clear();
  expect_golden(golden("comparison_of_losses"), page_text(compare_report(comparison)));
}

TEST(GoldenComparison, EqualRecipesAreSaidToBe) {
  RunComparison comparison = made_comparison();
  comparison.settings.clear();
  EXPECT_NE(markdown_of(compare_report(comparison)).find("None: the recipes are the same."),
            std::string::npos);
}

}  // namespace
}  // namespace spanlab::test
