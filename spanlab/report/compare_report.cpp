// Settings, figures with paired differences, and curves in the same charts.
#include "spanlab/evaluate/compare.h"
#include "spanlab/report/reports.h"

#include <fmt/format.h>

#include <algorithm>

#include "spanlab/diagnose/trace.h"
#include "spanlab/document/format.h"
#include "spanlab/report/report_sections.h"

namespace spanlab {
namespace {

/// run_name() where they differ, else their whole paths.
std::vector<std::string> short_names(const std::vector<RunEvidence>& runs) {
  std::vector<std::string> names;
  for (const RunEvidence& run : runs) {
    std::string name = run_name(run.folder);
    const bool taken = std::find(names.begin(), names.end(), name) != names.end();
    names.push_back(taken ? run.folder.string() : std::move(name));
  }
  return names;
}

/// A value as text that may break between the entries of a list.
std::string breakable(const std::string& value) {
  std::string text;
  for (const char c : value) {
    text += c;
    if (c == ',') text += ' ';
  }
  return text;
}

void add_settings(const RunComparison& comparison, const std::vector<std::string>& names,
                  Document& document) {
  document.blocks.emplace_back(Heading{2, "Settings that differ"});
  if (comparison.settings.empty()) {
    document.blocks.emplace_back(Paragraph{"None: the recipes are the same."});
    return;
  }
  TextTable table{{"setting"}, {}};
  table.header.insert(table.header.end(), names.begin(), names.end());
  for (const SettingDifference& setting : comparison.settings) {
    std::vector<std::string> row{"`" + setting.name + "`"};
    for (const std::string& value : setting.value) {
      row.push_back(value.empty() ? "–" : breakable(value));
    }
    table.rows.push_back(std::move(row));
  }
  document.blocks.emplace_back(std::move(table));
}

std::string cell(const std::vector<Interval>& metrics, size_t m) {
  return metrics.empty() ? "–" : interval_text(metrics[m]);
}

void add_metrics(const RunComparison& comparison, const std::vector<std::string>& names,
                 Document& document) {
  document.blocks.emplace_back(Heading{2, "Figures"});
  std::string text =
      fmt::format("Metrics of the last epoch on {}; 95 % intervals from a bootstrap over groups.",
                  comparison.tested_on);
  const bool paired = std::any_of(comparison.difference.begin(), comparison.difference.end(),
                                  [](const auto& difference) { return !difference.empty(); });
  if (paired) {
    text += fmt::format(" Differences are relative to {}, paired by window.", names.front());
  }
  document.blocks.emplace_back(Paragraph{std::move(text)});
  TextTable table{{"metric"}, {}};
  for (size_t r = 0; r < names.size(); ++r) {
    table.header.push_back(names[r]);
    if (!comparison.difference[r].empty()) table.header.emplace_back("difference");
  }
  for (size_t m = 0; m < kMetricCount; ++m) {
    std::vector<std::string> row{std::string(metric_table()[m].label)};
    for (size_t r = 0; r < names.size(); ++r) {
      row.push_back(cell(comparison.metrics[r], m));
      if (!comparison.difference[r].empty()) row.push_back(cell(comparison.difference[r], m));
    }
    table.rows.push_back(std::move(row));
  }
  document.blocks.emplace_back(std::move(table));
}

/// One chart with a line a run; none where no run has the curve.
template <class Read>
void add_curves(const RunComparison& comparison, const std::vector<std::string>& names,
                const std::string& title, const Read& read, Document& document) {
  LineChart chart{title, "epoch", title, {}};
  for (size_t r = 0; r < names.size(); ++r) {
    chart.lines.push_back(line_of(names[r], read(comparison.runs[r].record)));
  }
  add_chart(std::move(chart), document);
}

/// Whether the runs' span losses are of one kind, so that they share an axis.
bool same_span_loss(const RunComparison& comparison) {
  return std::none_of(
      comparison.settings.begin(), comparison.settings.end(), [](const SettingDifference& setting) {
        return setting.name == "model.span_head" || setting.name == "loss.span_loss";
      });
}

}  // namespace

Document compare_report(const RunComparison& comparison) {
  const std::vector<std::string> names = short_names(comparison.runs);
  Document document{"Comparison of runs", {}};
  for (const std::string& warning : comparison.warnings) {
    document.blocks.emplace_back(Paragraph{"**Warning:** " + warning + "."});
  }
  for (size_t r = 0; r < names.size(); ++r) {
    std::vector<std::string> notes;
    for (const std::string& note : comparison.runs[r].notes)
      notes.push_back(names[r] + ": " + note);
    add_notes(notes, document);
  }
  add_settings(comparison, names, document);
  add_metrics(comparison, names, document);

  document.blocks.emplace_back(Heading{2, "Curves"});
  for (int t = 0; t < kTaskCount; ++t) {
    const auto task = static_cast<Task>(t);
    if (task == Task::span && !same_span_loss(comparison)) {
      add_text("The runs have different span losses, so these are not drawn in one chart.",
               document);
      continue;
    }
    add_curves(
        comparison, names, fmt::format("validation loss of {}", name_of(task)),
        [&](const RunRecord& record) { return task_loss(record, Phase::val, task); }, document);
  }
  add_curves(
      comparison, names, "span F1 at 0.5",
      [](const RunRecord& record) { return metric_trace(record, &EpochMetricsRow::span_f1); },
      document);
  add_curves(comparison, names, "separation", separation_trace, document);
  return document;
}

}  // namespace spanlab
