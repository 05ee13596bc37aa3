// Tables and sentences of a fitted detector.
#include "spanlab/fit/fit.h"
#include "spanlab/report/reports.h"

#include <fmt/format.h>

#include <array>

#include "spanlab/base/text.h"
#include "spanlab/document/format.h"
#include "spanlab/report/evaluation_report.h"

namespace spanlab {
namespace {

constexpr std::array kShownMetrics{Metric::average_precision, Metric::f1, Metric::segment_f1_50};

void add_row(const std::string& name, const std::vector<Interval>& metrics, TextTable& table) {
  std::vector<std::string> row{name};
  for (const Metric metric : kShownMetrics) {
    const Interval& i = metrics[static_cast<size_t>(metric)];
    row.push_back(interval_text(i));
  }
  table.rows.push_back(std::move(row));
}

TextTable empty_figures() {
  TextTable table{{"windows"}, {}};
  for (const Metric metric : kShownMetrics) table.header.emplace_back(info_of(metric).label);
  return table;
}

TextTable figures_of(const FitResult& result) {
  TextTable table = empty_figures();
  add_row("folds", result.folds, table);
  if (result.test) {
    add_row(fmt::format("held out, mean of {}",
                        counted(static_cast<int64_t>(result.detector.members.size()), "member")),
            result.member, table);
    add_row("held out, ensemble", result.test->model.metrics, table);
  }
  return table;
}

}  // namespace

TextTable delay_table(const Detector& detector) {
  TextTable table{{"delay, bars", "threshold", "average precision", "F1", "precision", "recall"},
                  {}};
  for (const DelayRow& row : detector.delays) {
    const std::string mark = row.delay == detector.default_delay ? " (default)" : "";
    table.rows.push_back({std::to_string(row.delay) + mark, number(row.threshold, 3),
                          number(row.average_precision, 3), number(row.f1, 3),
                          number(row.precision, 3), number(row.recall, 3)});
  }
  return table;
}

Document fit_report(const FitResult& result) {
  const Detector& detector = result.detector;
  Document document{"Detector", {}};
  if (result.test) {
    document.blocks.emplace_back(Paragraph{"**Verdict:** " + verdict_of(*result.test) +
                                           " Tested on " + result.test->tested_on + "."});
  }
  document.blocks.emplace_back(
      Paragraph{fmt::format("{} of {} features. Threshold and calibration come from {} ({}), each "
                            "scored by a model that was not trained on it.",
                            counted(static_cast<int64_t>(detector.members.size()), "member"),
                            detector.recipe.data.features.size(), counted(result.windows, "window"),
                            counted(result.groups, "group"))});
  document.blocks.emplace_back(figures_of(result));
  document.blocks.emplace_back(Heading{2, "Delay and precision"});
  document.blocks.emplace_back(Paragraph{fmt::format(
      "A bar is decided by the first window that ends at least this many bars after it; a window "
      "ends every {} bars. The metrics are those of the folds' windows, decided in this way.",
      detector.stride)});
  document.blocks.emplace_back(delay_table(detector));
  if (result.test) {
    document.blocks.emplace_back(Heading{2, "Comparison with trivial predictors"});
    add_evaluation(*result.test, document);
  }
  return document;
}

Document detector_test_report(const Evaluation& test) {
  Document document{"Test", {}};
  document.blocks.emplace_back(Paragraph{
      fmt::format("Tested as a stream from row {}, on {} with {}; {} of the bars are inside spans. "
                  "The threshold is {}.",
                  test.first_row, counted(test.windows, "window"), counted(test.spans, "span"),
                  percent(test.base_rate(), 1), number(test.model.threshold, 3))});
  document.blocks.emplace_back(metric_table_of(test.model.metrics));
  return document;
}

}  // namespace spanlab
