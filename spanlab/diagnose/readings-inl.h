// What several rules read from a run's evidence: last rows, settings, the base rate, plain numbers.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "spanlab/base/number.h"
#include "spanlab/diagnose/finding.h"
#include "spanlab/diagnose/run_evidence.h"

namespace spanlab::readings {

using spanlab::kNone;
inline constexpr double kAtRandom = 1.2;  ///< average precision of answers at random, in base rates

inline Evidence measured(std::string name, double value, std::string unit, std::string file,
                         std::optional<double> limit = {}, std::optional<int> epoch = {}) {
  return {std::move(name), value, std::move(unit), limit, epoch, std::move(file)};
}

inline Finding finding(Severity severity, std::string explanation, std::vector<Evidence> evidence,
                       std::vector<Remedy> remedies) {
  Finding found;
  found.severity = severity;
  found.explanation = std::move(explanation);
  found.evidence = std::move(evidence);
  found.remedies = std::move(remedies);
  return found;
}

inline double number(const Cell& cell) {
  return cell.value_or(kNone);
}

inline double loss_of(const LossComponentsRow& row, Task task) {
  return number(row.loss[static_cast<size_t>(task)]);
}

/// The last row of a phase; null if there is none.
template <class Row>
const Row* last_row(const std::vector<Row>& rows, Phase phase) {
  const auto found =
      std::find_if(rows.rbegin(), rows.rend(), [&](const Row& row) { return row.phase == phase; });
  return found == rows.rend() ? nullptr : &*found;
}

/// Losses of one task over the epochs of a phase, as far as they are numbers.
struct Course {
  std::vector<int> epoch;
  std::vector<double> value;
  bool empty() const { return value.empty(); }
  size_t size() const { return value.size(); }
};

inline Course task_course(const RunRecord& record, Phase phase, Task task) {
  Course course;
  for (const LossComponentsRow& row : record.loss_components) {
    const double loss = loss_of(row, task);
    if (row.phase != phase || !std::isfinite(loss)) continue;
    course.epoch.push_back(row.epoch);
    course.value.push_back(loss);
  }
  return course;
}

/// Whether a task is learned: by the recipe, or else by its loss being in the tables.
inline bool learns(const RunEvidence& e, Task task) {
  if (e.recipe) return e.recipe->has(task);
  return std::any_of(e.record.loss_components.begin(), e.record.loss_components.end(),
                     [&](const LossComponentsRow& row) {
                       return row.loss[static_cast<size_t>(task)].has_value();
                     });
}

/// Weight of bars inside spans in the span loss; 1 where no recipe says otherwise.
/// Whether span losses are cross-entropies of bars; the tables of a bare folder are taken to be.
inline bool span_loss_is_cross_entropy(const RunEvidence& e) {
  return !e.recipe || e.recipe->span_loss_is_cross_entropy();
}

inline double pos_weight(const RunEvidence& e) {
  return e.recipe ? e.recipe->loss.span_pos_weight : 1.0;
}

/// Entropy of a yes-no question, nats: the smallest loss of a constant answer.
inline double entropy(double p) {
  return p <= 0.0 || p >= 1.0 ? 0.0 : -p * std::log(p) - (1.0 - p) * std::log1p(-p);
}

/// F1 of marking every bar: precision is the base rate, recall 1.
inline double all_positive_f1(double base_rate) {
  return 2.0 * base_rate / (1.0 + base_rate);
}

inline double mean(const std::vector<float>& values) {
  double sum = 0.0;
  for (const float value : values) sum += static_cast<double>(value);
  return values.empty() ? kNone : sum / static_cast<double>(values.size());
}

/// Population standard deviation.
inline double spread(const std::vector<float>& values) {
  const double centre = mean(values);
  double sum = 0.0;
  for (const float value : values) {
    const double d = static_cast<double>(value) - centre;
    sum += d * d;
  }
  return values.empty() ? kNone : std::sqrt(sum / static_cast<double>(values.size()));
}

/// A metric of the evaluation; none if it is not there or not defined.
inline std::optional<Interval> metric(const std::vector<Interval>& metrics, Metric which) {
  const auto k = static_cast<size_t>(which);
  if (k >= metrics.size() || !std::isfinite(metrics[k].value)) return std::nullopt;
  return metrics[k];
}

/// Share of bars inside spans among the validation windows, and where it is read.
struct BaseRate {
  double value;
  std::string file;
};

/// Mean span probability of all bars that a constant answer implies, with the base rate that makes
/// `loss` its cross-entropy: loss = -pi ln p - (1 - pi) ln(1 - p). NaN if no base rate does.
inline double implied_base_rate(double loss, double p) {
  const double pi = (loss + std::log1p(-p)) / (std::log1p(-p) - std::log(p));
  return p > 0.0 && p < 0.5 && pi > 0.0 && pi < 1.0 ? pi : kNone;
}

/// Base rate of the validation windows: counted where windows are at hand; where there are only
/// tables and the answers no longer differ between bars, from what they cost.
inline std::optional<BaseRate> base_rate(const RunEvidence& e) {
  if (e.evaluation && e.evaluation->windows > 0 && e.evaluation->length > 0) {
    return BaseRate{e.evaluation->base_rate(), "windows"};
  }
  if (e.data && !e.data->split.validation.empty()) {
    const Dataset& d = e.data->dataset;
    double inside = 0.0;
    for (const int w : e.data->split.validation) {
      const float* row = d.mask.data() + static_cast<size_t>(w) * static_cast<size_t>(d.length);
      inside = std::accumulate(row, row + d.length, inside);
    }
    const auto windows = static_cast<double>(e.data->split.validation.size());
    return BaseRate{inside / (windows * d.length), "windows"};
  }
  const ProbabilityStatsRow* p = last_row(e.record.probability_stats, Phase::val);
  const LossComponentsRow* l = last_row(e.record.loss_components, Phase::val);
  if (p == nullptr || l == nullptr || pos_weight(e) != 1.0) return std::nullopt;
  if (!span_loss_is_cross_entropy(e)) return std::nullopt;
  if (!(std::abs(p->separation) < 0.02)) return std::nullopt;
  const double pi = implied_base_rate(loss_of(*l, Task::span), p->out_span.mean);
  if (!std::isfinite(pi)) return std::nullopt;
  return BaseRate{pi, "loss_components.csv"};
}

/// Share of bars inside spans among the training windows, of which there must be some.
inline double training_base_rate(const RunData& data) {
  const int length = data.dataset.length;
  double inside = 0.0;
  for (const int w : data.split.train) {
    const float* mask = data.dataset.mask.data() + static_cast<size_t>(w * length);
    for (int t = 0; t < length; ++t) inside += static_cast<double>(mask[t]);
  }
  return inside / (static_cast<double>(data.split.train.size()) * length);
}

/// "6.1 %".
inline std::string percent(double share) {
  return fmt::format("{:.1f} %", 100.0 * share);
}

/// "+0.092", "-0.126"; "0.000" without a sign where nothing else is left.
inline std::string with_sign(double value, int decimals) {
  std::string text = fmt::format("{:+.{}f}", value, decimals);
  if (text.find_first_not_of("+-0.") == std::string::npos) text.erase(0, 1);
  return text;
}

/// "0.092 above", "0.126 below", "level with": how a sentence goes on to what it is compared with.
inline std::string beside(double difference, int decimals) {
  const std::string text = with_sign(difference, decimals);
  if (text.front() != '+' && text.front() != '-') return "level with";
  return text.substr(1) + (text.front() == '+' ? " above" : " below");
}

/// Number of the last epoch in the tables; 0 without any.
inline int last_epoch(const RunRecord& record) {
  if (!record.epoch_metrics.empty()) return record.epoch_metrics.back().epoch;
  return record.loss_components.empty() ? 0 : record.loss_components.back().epoch;
}

}  // namespace spanlab::readings
