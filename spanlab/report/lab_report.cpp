// Tables, charts and sentences of a lab's result.
#include "spanlab/lab/lab.h"
#include "spanlab/report/reports.h"

#include <fmt/format.h>

#include "spanlab/base/text.h"
#include "spanlab/document/format.h"
#include "spanlab/report/evaluation_report.h"

namespace spanlab {
namespace {

std::string verdict_metric() {
  return std::string(info_of(kVerdictMetric).label);
}

TextTable verdict_table(const LabResult& result) {
  TextTable table{{"recipe", verdict_metric(), "difference", "F1", "verdict"}, {}};
  for (const RecipeResult& recipe : result.recipes) {
    const bool baseline = recipe.difference.empty();
    table.rows.push_back({recipe.experiment.name, interval_text(of(recipe.metrics, kVerdictMetric)),
                          baseline ? "" : interval_text(of(recipe.difference, kVerdictMetric)),
                          number(of(recipe.metrics, Metric::f1).value, 3),
                          baseline ? "" : fmt::format("**{}**", name_of(recipe.verdict))});
  }
  return table;
}

/// What can honestly be said of the best recipe.
std::string best_text(const LabResult& result) {
  const RecipeResult& best = result.recipes[result.best];
  if (result.best == 0) {
    return fmt::format("No recipe reached a higher {} than the baseline's {}.", verdict_metric(),
                       interval_text(of(best.metrics, kVerdictMetric)));
  }
  std::string text =
      fmt::format("`{}` has the highest {}, {}: {} from the baseline", best.experiment.name,
                  verdict_metric(), interval_text(of(best.metrics, kVerdictMetric)),
                  interval_text(of(best.difference, kVerdictMetric)));
  text += best.verdict == Verdict::helps
              ? "."
              : ". The interval contains 0, so the difference is not significant.";
  return text;
}

/// The trivial predictor of the highest average precision, which a detector should beat.
std::string trivial_text(const LabResult& result) {
  const Judged* best = result.baseline.strongest_trivial();
  if (best == nullptr) return "";
  const Interval& reached = of(result.recipes[result.best].metrics, kVerdictMetric);
  const double limit = of(best->metrics, kVerdictMetric).value;
  const char* verdict = reached.value <= limit ? "is not above it"
                        : reached.low <= limit ? "is above it, but not significantly"
                                               : "is above it";
  return fmt::format("The best trivial predictor, {} ({}), has {} on {}: the best recipe {}.",
                     best->name, best->description,
                     interval_text(of(best->metrics, kVerdictMetric)), result.baseline.tested_on,
                     verdict);
}

IntervalChart difference_chart(const LabResult& result, Metric metric) {
  const std::string label(info_of(metric).label);
  IntervalChart chart{label + ": difference from the baseline", label, {}, 0};
  for (const RecipeResult& recipe : result.recipes) {
    if (recipe.difference.empty()) continue;
    const Interval& i = of(recipe.difference, metric);
    chart.rows.push_back({recipe.experiment.name, i.value, i.low, i.high});
  }
  return chart;
}

/// Recipes x all metrics; `pick` gives a recipe's column.
template <class Pick>
TextTable metric_columns(const LabResult& result, bool with_baseline, const Pick& pick) {
  TextTable table{{"metric"}, {}};
  for (const RecipeResult& recipe : result.recipes) {
    if (with_baseline || !recipe.difference.empty()) {
      table.header.push_back(recipe.experiment.name);
    }
  }
  for (size_t m = 0; m < kMetricCount; ++m) {
    std::vector<std::string> row{std::string(metric_table()[m].label)};
    for (const RecipeResult& recipe : result.recipes) {
      if (with_baseline || !recipe.difference.empty())
        row.push_back(interval_text(pick(recipe)[m]));
    }
    table.rows.push_back(std::move(row));
  }
  return table;
}

void add_path(const LabResult& result, Document& document) {
  document.blocks.emplace_back(Heading{2, "The path"});
  Bullets steps;
  for (const PathStep& step : result.path.steps) {
    steps.items.push_back(fmt::format("**{}**: {}.", step.experiment, step.decision));
  }
  steps.items.push_back(
      fmt::format("Remedies of the findings are tried on top of **{}**.", result.path.leading));
  document.blocks.emplace_back(std::move(steps));
}

void add_recipes(const LabResult& result, Document& document) {
  document.blocks.emplace_back(Heading{2, "Recipes"});
  TextTable table{{"recipe", "settings that differ", "reason", "runs"}, {}};
  for (const RecipeResult& recipe : result.recipes) {
    std::string patch;
    for (const std::string& setting : recipe.experiment.patch) {
      patch += fmt::format("{}`{}`", patch.empty() ? "" : ", ", setting);
    }
    std::string runs;
    for (const std::filesystem::path& run : recipe.runs) {
      runs += (runs.empty() ? "" : ", ") + run.filename().string();
    }
    table.rows.push_back(
        {recipe.experiment.name, patch.empty() ? "–" : patch, recipe.experiment.reason, runs});
  }
  document.blocks.emplace_back(std::move(table));
}

void add_findings(const LabResult& result, Document& document) {
  document.blocks.emplace_back(Heading{2, "What is wrong with the baseline"});
  if (result.findings.empty()) {
    document.blocks.emplace_back(Paragraph{"No rule fired."});
    return;
  }
  document.blocks.emplace_back(Paragraph{
      "Findings of the baseline's first run, causes first. Its folder contains the report."});
  Bullets list;  // a table's columns would be a word or two wide on a phone
  for (const Finding& finding : result.findings) {
    list.items.push_back(fmt::format("**{}**, {}: **{}.** {}", finding.rule,
                                     name_of(finding.severity), finding.title,
                                     finding.explanation));
  }
  document.blocks.emplace_back(std::move(list));
}

}  // namespace

Document lab_report(const LabResult& result) {
  const Evaluation& tested = result.baseline;
  const size_t runs = result.recipes.front().runs.size();
  Document document{"Lab", {}};
  document.blocks.emplace_back(Paragraph{best_text(result)});
  document.blocks.emplace_back(Paragraph{trivial_text(result)});
  const std::string where =
      result.held_out ? "Tested on " + tested.tested_on
                      : "Each run is tested on its own validation windows; in the first run";
  document.blocks.emplace_back(Paragraph{fmt::format(
      "{} with {} each, on the same splits and seeds. {}: {}. Intervals are 95 % from a bootstrap "
      "over runs and groups of windows with {} draws; differences are paired.",
      counted(static_cast<int64_t>(result.recipes.size()), "recipe"),
      counted(static_cast<int64_t>(runs), "run"), where, tested_windows_text(tested),
      kEvaluationDraws)});
  if (runs == 1) {
    document.blocks.emplace_back(Paragraph{
        "**With one run for each recipe, intervals and verdicts reflect only the windows, not the "
        "variation over splits and seeds. Use more seeds before you trust a verdict.**"});
  }
  document.blocks.emplace_back(Heading{2, "Verdicts"});
  document.blocks.emplace_back(
      Paragraph{fmt::format("A remedy helps if the interval of its difference in {} is above 0, "
                            "and hurts if it is below 0. Otherwise there is no evidence.",
                            verdict_metric())});
  document.blocks.emplace_back(verdict_table(result));
  document.blocks.emplace_back(difference_chart(result, kVerdictMetric));
  document.blocks.emplace_back(difference_chart(result, Metric::f1));
  add_path(result, document);
  add_findings(result, document);
  add_recipes(result, document);
  document.blocks.emplace_back(Heading{2, "Trivial predictors on the same windows"});
  document.blocks.emplace_back(Paragraph{"The model is that of the baseline's first run."});
  document.blocks.emplace_back(predictor_table(tested));
  document.blocks.emplace_back(Heading{2, "All metrics"});
  document.blocks.emplace_back(
      metric_columns(result, true, [](const RecipeResult& r) { return r.metrics; }));
  document.blocks.emplace_back(Heading{2, "All differences from the baseline"});
  document.blocks.emplace_back(
      metric_columns(result, false, [](const RecipeResult& r) { return r.difference; }));
  return document;
}

Document lab_summary(const LabResult& result) {
  return {"Lab",
          {verdict_table(result), Paragraph{best_text(result)}, Paragraph{trivial_text(result)}}};
}

}  // namespace spanlab
