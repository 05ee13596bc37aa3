// What several sections of a run's report need: curves, words, criteria.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "spanlab/base/text.h"
#include "spanlab/report/format.h"
#include "spanlab/report/report_sections-inl.h"

namespace spanlab {
namespace {

bool broken(double value) {
  return !std::isfinite(value);
}

bool broken(const Cell& cell) {
  return cell && broken(*cell);
}

template <typename Values>
int64_t broken_among(const Values& values) {
  return std::count_if(values.begin(), values.end(), [](const auto& v) { return broken(v); });
}

Criterion completes(const RunEvidence& evidence) {
  Criterion c{"completes", "all epochs", "–", {}};
  if (!evidence.metadata) return c;
  c.passed = evidence.metadata->status == RunStatus::completed;
  c.actual = fmt::format("{}, {} epochs", name_of(evidence.metadata->status),
                         evidence.metadata->epochs_completed);
  return c;
}

Criterion no_nan(const RunRecord& record) {
  const int64_t cells = cells_not_finite(record);
  return {"numbers finite", "every cell",
          cells == 0 ? "every cell" : fmt::format("{} not", counted(cells, "cell")), cells == 0};
}

Criterion loss_drop(const RunEvidence& evidence, double target) {
  Criterion c{"validation loss falls", "down " + percent(target, 1), "–", {}};
  const Trace loss = metric_trace(evidence.record, &EpochMetricsRow::val_loss);
  if (loss.empty() || loss.value.front() <= 0) return c;
  const double drop = 1 - loss.value.back() / loss.value.front();
  c.actual = change_text(loss.value.front(), loss.value.back());
  c.passed = drop >= target;
  return c;
}

Criterion above(std::string name, double target, const Trace& trace) {
  Criterion c{std::move(name), "above " + number(target, 2), "–", {}};
  if (trace.empty()) return c;
  c.actual = number(trace.value.back(), 3);
  c.passed = trace.value.back() > target;
  return c;
}

}  // namespace

std::vector<Criterion> criteria_of(const RunEvidence& evidence) {
  const auto criteria = settings_of_run(evidence).criteria;
  const RunRecord& record = evidence.record;
  return {completes(evidence), no_nan(record), loss_drop(evidence, criteria.loss_drop),
          above("span F1", criteria.span_f1, metric_trace(record, &EpochMetricsRow::span_f1)),
          above("separation", criteria.separation, separation_trace(record))};
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
  if (!chart.lines.empty()) document.blocks.push_back(std::move(chart));
}

void add_text(std::string text, Document& document) {
  document.blocks.push_back(Paragraph{std::move(text)});
}

int64_t cells_not_finite(const RunRecord& record) {
  int64_t count = 0;
  for (const auto& row : record.epoch_metrics) {
    count += broken(row.train_loss) + broken(row.val_loss) + broken(row.span_f1) +
             broken(row.span_precision) + broken(row.span_recall);
  }
  for (const auto& row : record.loss_components) {
    count += broken_among(row.loss) + broken(row.total_loss);
  }
  for (const auto& row : record.uncertainty_params) {
    count += broken_among(row.sigma) + broken_among(row.weight);
  }
  for (const auto& row : record.gradient_stats) {
    count += broken(row.total_grad_norm) + broken_among(row.norms);
  }
  return count;
}

}  // namespace spanlab
