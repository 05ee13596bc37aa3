// The head of a run's report: the run, the machine, and the verdicts in short.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "spanlab/base/text.h"
#include "spanlab/document/format.h"
#include "spanlab/report/evaluation_report.h"
#include "spanlab/report/report_sections.h"
#include "spanlab/report/reports.h"

namespace spanlab {
namespace {

std::string duration_of(const RunRecord& record) {
  double seconds = 0;
  for (const EpochMetricsRow& row : record.epoch_metrics) {
    if (std::isfinite(row.epoch_time)) seconds += row.epoch_time;
  }
  if (seconds <= 0) return "";
  if (seconds < 120) return number(seconds, 3) + " seconds";
  return number(seconds / 60, 3) + " minutes";
}

std::string data_text(const RunEvidence& evidence) {
  const Metadata& m = *evidence.metadata;
  std::string text = fmt::format("{} ({} to train on, {} to validate on), {}",
                                 counted(m.dataset_size, "window"), m.train_size, m.val_size,
                                 counted(static_cast<int64_t>(m.feature_names.size()), "feature"));
  if (evidence.evaluation) {
    text += "; validation: " + tested_windows_text(*evidence.evaluation);
  }
  return text;
}

// What may be near 0 and of either sign has no change in percent.
std::string difference_text(const Trace& trace) {
  const double change = trace.value.back() - trace.value.front();
  return fmt::format("{}{}", change > 0 ? "+" : "", number(change, 3));
}

void add_metric_row(const std::string& name, const Trace& trace, TextTable& table) {
  if (trace.empty()) return;
  table.rows.push_back({name, number(trace.value.front(), 4), number(trace.value.back(), 4),
                        change_text(trace.value.front(), trace.value.back())});
}

TextTable key_metrics(const RunRecord& record) {
  const auto& rows = record.epoch_metrics;
  TextTable table{{"metric", "first", "last", "change"}, {}};
  if (!rows.empty()) {
    table.header[1] = fmt::format("first (epoch {})", rows.front().epoch);
    table.header[2] = fmt::format("last (epoch {})", rows.back().epoch);
  }
  add_metric_row("validation loss", metric_trace(record, &EpochMetricsRow::val_loss), table);
  add_metric_row("span F1", metric_trace(record, &EpochMetricsRow::span_f1), table);
  add_metric_row("span precision", metric_trace(record, &EpochMetricsRow::span_precision), table);
  add_metric_row("span recall", metric_trace(record, &EpochMetricsRow::span_recall), table);
  if (const Trace apart = separation_trace(record); !apart.empty()) {
    table.rows.push_back({"separation of probabilities", number(apart.value.front(), 3),
                          number(apart.value.back(), 3), difference_text(apart)});
  }
  return table;
}

std::string verdict_of(const Criterion& c) {
  if (!c.passed) return fmt::format("{}: not known", c.name);
  return fmt::format("{}: {} (target: {}; measured: {})", c.name,
                     *c.passed ? "**PASS**" : "**FAIL**", c.target, c.actual);
}

// What the loss says against what the detection says.
std::string conclusion_of(const std::vector<Criterion>& criteria) {
  const auto passed = [&](const char* name) -> std::optional<bool> {
    for (const Criterion& c : criteria) {
      if (c.name == name) return c.passed;
    }
    return std::nullopt;
  };
  const auto loss = passed("validation loss falls"), f1 = passed("span F1"),
             apart = passed("separation");
  if (!loss || !f1 || !apart) return "";
  const bool detects = *f1 && *apart;
  if (*loss && detects) return "Both the loss and the detection of spans improve.";
  if (*loss) return "The loss improves, but the detection of spans does not meet its criteria.";
  if (detects) return "The detection of spans meets its criteria, but the loss does not.";
  return "Neither the loss nor the detection of spans meets its criteria.";
}

}  // namespace

void add_overview(const RunEvidence& evidence, Document& document) {
  document.title = "Run " + run_name(evidence.folder);
  Bullets facts;
  facts.items.push_back("Folder: `" + evidence.folder.string() + "`");
  if (evidence.metadata) {
    const Metadata& m = *evidence.metadata;
    if (!m.timestamp.empty()) facts.items.push_back("Started: " + m.timestamp);
    facts.items.push_back("Data: " + data_text(evidence));
  }
  if (const std::string text = duration_of(evidence.record); !text.empty()) {
    facts.items.push_back("Duration: " + text);
  }
  for (const std::string& note : evidence.notes) facts.items.push_back("Note: " + note);
  document.blocks.emplace_back(std::move(facts));
}

void add_summary(const RunEvidence& evidence, const std::vector<Finding>& findings,
                 Document& document) {
  document.blocks.emplace_back(Heading{2, "Summary"});
  const std::vector<Criterion> criteria = criteria_of(evidence);
  Bullets verdicts;
  for (const Criterion& c : criteria) verdicts.items.push_back(verdict_of(c));
  size_t place = 0;
  for (const Finding* cause : main_causes(findings)) {
    verdicts.items.push_back(fmt::format("cause {}, {}: {} ({})", ++place, name_of(cause->severity),
                                         cause->title, cause->rule));
  }
  document.blocks.emplace_back(std::move(verdicts));
  if (TextTable table = key_metrics(evidence.record); !table.rows.empty()) {
    document.blocks.emplace_back(std::move(table));
  }
  if (std::string text = conclusion_of(criteria); !text.empty()) add_text(text, document);
}

}  // namespace spanlab
