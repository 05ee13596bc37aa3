// What several sections of a run's report need: curves, words, criteria.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "spanlab/base/text.h"
#include "spanlab/document/format.h"
#include "spanlab/report/report_sections.h"

namespace spanlab {
namespace {

void count(double value, CellCount& cells) {
  ++cells.read;
  if (!std::isfinite(value)) ++cells.not_finite;
}

void count(const Cell& cell, CellCount& cells) {
  if (cell) count(*cell, cells);
}

template <typename Values>
void count_all(const Values& values, CellCount& cells) {
  for (const auto& value : values) count(value, cells);
}

Criterion completes(const RunEvidence& evidence) {
  Criterion c{"completes", "to its end", "–", {}};
  if (!evidence.metadata) return c;
  c.passed = evidence.metadata->status == RunStatus::completed;
  c.actual = fmt::format("{}, {} epochs", name_of(evidence.metadata->status),
                         evidence.metadata->epochs_completed);
  return c;
}

Criterion no_nan(const RunRecord& record) {
  Criterion c{"values finite", "every cell", "–", {}};
  const CellCount cells = count_cells(record);
  if (cells.read == 0) return c;
  c.passed = cells.not_finite == 0;
  c.actual = *c.passed ? "every cell" : fmt::format("{} not", counted(cells.not_finite, "cell"));
  return c;
}

/// A trace leaves out what is no number; a criterion goes by the last epoch that was recorded.
/// False if that epoch has no number: then the criterion is failed.
bool reaches(const Trace& trace, int last_epoch, Criterion& c) {
  if (!trace.empty() && trace.epoch.back() == last_epoch) return true;
  c.passed = false;
  c.actual = fmt::format("NaN or infinite at epoch {}", last_epoch);
  return false;
}

/// The last epoch whose row has a cell in the column, number or not; 0 if none has.
int last_epoch_of(const RunRecord& record, Cell EpochMetricsRow::*column) {
  int epoch = 0;
  for (const EpochMetricsRow& row : record.epoch_metrics) {
    if (row.*column) epoch = row.epoch;
  }
  return epoch;
}

Criterion loss_drop(const RunEvidence& evidence, double target) {
  Criterion c{"validation loss falls", "down " + percent(target, 1), "–", {}};
  const int last = last_epoch_of(evidence.record, &EpochMetricsRow::val_loss);
  const Trace loss = metric_trace(evidence.record, &EpochMetricsRow::val_loss);
  if (last == 0 || !reaches(loss, last, c) || loss.value.front() <= 0) return c;
  const double drop = 1 - loss.value.back() / loss.value.front();
  c.actual = change_text(loss.value.front(), loss.value.back());
  c.passed = drop >= target;
  return c;
}

Criterion above(std::string name, double target, const Trace& trace, int last_epoch) {
  Criterion c{std::move(name), "above " + number(target, 2), "–", {}};
  if (last_epoch == 0 || !reaches(trace, last_epoch, c)) return c;
  c.actual = number(trace.value.back(), 3);
  c.passed = trace.value.back() > target;
  return c;
}

}  // namespace

std::vector<Criterion> criteria_of(const RunEvidence& evidence) {
  const auto criteria = settings_of_run(evidence).criteria;
  const RunRecord& record = evidence.record;
  return {completes(evidence), no_nan(record), loss_drop(evidence, criteria.loss_drop),
          above("span F1", criteria.span_f1, metric_trace(record, &EpochMetricsRow::span_f1),
                last_epoch_of(record, &EpochMetricsRow::span_f1)),
          above("separation", criteria.separation, separation_trace(record),
                record.probability_stats.empty() ? 0 : record.probability_stats.back().epoch)};
}

Trace metric_trace(const RunRecord& record, Cell EpochMetricsRow::*column) {
  Trace trace;
  for (const EpochMetricsRow& row : record.epoch_metrics) {
    if (row.*column) trace.add(row.epoch, *(row.*column));
  }
  return trace;
}

Trace separation_trace(const RunRecord& record) {
  Trace train, val;
  for (const ProbabilityStatsRow& row : record.probability_stats) {
    (row.phase == Phase::val ? val : train).add(row.epoch, row.separation);
  }
  return val.empty() ? train : val;
}

std::string words_of(Task task) {
  constexpr std::array kWords{"type", "pointers", "span", "countdown"};
  return kWords[static_cast<size_t>(task)];
}

LineChart::Line line_of(std::string name, const Trace& trace, bool dashed) {
  LineChart::Line line{std::move(name), {}, dashed};
  for (size_t i = 0; i < trace.size(); ++i) {
    line.points.push_back({static_cast<double>(trace.epoch[i]), trace.value[i]});
  }
  return line;
}

void add_chart(LineChart chart, Document& document) {
  std::erase_if(chart.lines, [](const auto& line) { return line.points.empty(); });
  if (!chart.lines.empty()) document.blocks.emplace_back(std::move(chart));
}

void add_text(std::string text, Document& document) {
  document.blocks.emplace_back(Paragraph{std::move(text)});
}

void add_notes(const std::vector<std::string>& notes, Document& document) {
  for (const std::string& note : notes) {
    add_text("**Note:** " + note + (note.ends_with('.') ? "" : "."), document);
  }
}

std::string value_text(double value, const std::string& unit) {
  return unit.empty() ? number(value, 3) : number(value, 3) + " " + unit;
}

std::string run_name(const std::filesystem::path& folder) {
  std::error_code problem;
  std::filesystem::path path = std::filesystem::absolute(folder, problem).lexically_normal();
  if (problem) path = folder;                           // a current folder that is gone
  if (!path.has_filename()) path = path.parent_path();  // "runs/demo/"
  const std::string name = path.filename().string();
  const std::string above = path.parent_path().filename().string();
  return name == "run" && !above.empty() ? above + "/" + name : name;
}

CellCount count_cells(const RunRecord& record) {
  CellCount cells;
  for (const auto& row : record.epoch_metrics) {
    count(row.train_loss, cells);
    for (const Cell& cell : {row.val_loss, row.span_f1, row.span_precision, row.span_recall}) {
      count(cell, cells);
    }
  }
  for (const auto& row : record.loss_components) {
    count_all(row.loss, cells);
    count(row.total_loss, cells);
  }
  for (const auto& row : record.uncertainty_params) {
    count_all(row.sigma, cells);
    count_all(row.weight, cells);
  }
  for (const auto& row : record.gradient_stats) {
    count(row.total_grad_norm, cells);
    count_all(row.norms, cells);
  }
  return cells;
}

}  // namespace spanlab
