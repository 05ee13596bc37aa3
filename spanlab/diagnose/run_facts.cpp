// The facts, read from tables, recipe, windows and evaluation.
#include "spanlab/diagnose/run_facts.h"

#include <fmt/format.h>

#include <cmath>
#include <numeric>

#include "spanlab/base/text.h"
#include "spanlab/diagnose/trace.h"

namespace spanlab {
namespace {

// Mean span probability of all bars that a constant answer implies, with the
// base rate that makes `loss` its cross-entropy: loss = -pi ln p - (1 - pi)
// ln(1 - p). NaN if no base rate does.
double implied_base_rate(double loss, double p) {
  const double pi = (loss + std::log1p(-p)) / (std::log1p(-p) - std::log(p));
  return p > 0.0 && p < 0.5 && pi > 0.0 && pi < 1.0 ? pi : kNone;
}

}  // namespace

std::vector<Task> learned_tasks(const RunEvidence& evidence) {
  if (evidence.recipe) return evidence.recipe->loss.tasks;
  const auto& rows = evidence.record.loss_components;
  std::vector<Task> tasks;
  for (size_t t = 0; t < kTaskCount; ++t) {
    const auto has_loss = [&](const LossComponentsRow& row) { return row.loss[t].has_value(); };
    if (std::any_of(rows.begin(), rows.end(), has_loss)) tasks.push_back(static_cast<Task>(t));
  }
  return tasks;
}

bool learns(const RunEvidence& evidence, Task task) {
  const std::vector<Task> tasks = learned_tasks(evidence);
  return std::find(tasks.begin(), tasks.end(), task) != tasks.end();
}

Recipe settings_of_run(const RunEvidence& evidence) {
  return evidence.recipe.value_or(Recipe{});
}

int64_t steps_an_epoch(const RunEvidence& evidence) {
  if (!evidence.recipe || !evidence.metadata) return 0;
  const int64_t batch = evidence.recipe->train.batch;
  return (evidence.metadata->train_size + batch - 1) / batch;
}

int epochs_of_run(const RunEvidence& evidence) {
  if (!evidence.recipe) return 0;
  const auto& metadata = evidence.metadata;
  const bool ended = metadata && metadata->status == RunStatus::completed;
  if (ended && evidence.recipe->train.patience > 0) return metadata->epochs_completed;
  return evidence.recipe->train.epochs;
}

int64_t steps_of_run(const RunEvidence& evidence) {
  return steps_an_epoch(evidence) * epochs_of_run(evidence);
}

int last_epoch(const RunRecord& record) {
  if (!record.epoch_metrics.empty()) return record.epoch_metrics.back().epoch;
  return record.loss_components.empty() ? 0 : record.loss_components.back().epoch;
}

bool span_loss_is_cross_entropy(const RunEvidence& e) {
  return !e.recipe || e.recipe->span_loss_is_cross_entropy();
}

double pos_weight(const RunEvidence& e) {
  return e.recipe ? e.recipe->loss.span_pos_weight : 1.0;
}

std::optional<BaseRate> base_rate(const RunEvidence& e) {
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
  return BaseRate{pi, file_of<LossComponentsRow>()};
}

double training_base_rate(const RunData& data) {
  const int length = data.dataset.length;
  double inside = 0.0;
  for (const int w : data.split.train) {
    const float* mask = data.dataset.mask.data() + static_cast<size_t>(w * length);
    for (int t = 0; t < length; ++t) inside += static_cast<double>(mask[t]);
  }
  return inside / (static_cast<double>(data.split.train.size()) * length);
}

double entropy(double p) {
  return p <= 0.0 || p >= 1.0 ? 0.0 : -p * std::log(p) - (1.0 - p) * std::log1p(-p);
}

double all_positive_f1(double base_rate) {
  return 2.0 * base_rate / (1.0 + base_rate);
}

double spread_of(const std::vector<float>& values) {
  const double centre = mean_of(values);
  double sum = 0.0;
  for (const float value : values) {
    const double d = static_cast<double>(value) - centre;
    sum += d * d;
  }
  return values.empty() ? kNone : std::sqrt(sum / static_cast<double>(values.size()));
}

std::optional<Interval> metric(const std::vector<Interval>& metrics, Metric which) {
  const auto k = static_cast<size_t>(which);
  if (k >= metrics.size() || !std::isfinite(metrics[k].value)) return std::nullopt;
  return metrics[k];
}

std::string percent(double share) {
  return fmt::format("{:.1f} %", 100.0 * share);
}

std::string with_sign(double value, int decimals) {
  std::string text = fmt::format("{:+.{}f}", value, decimals);
  if (text.find_first_not_of("+-0.") == std::string::npos) text.erase(0, 1);
  return text;
}

std::string above_or_below(double difference, int decimals) {
  const std::string text = with_sign(difference, decimals);
  if (text.front() != '+' && text.front() != '-') return "level with";
  return text.substr(1) + (text.front() == '+' ? " above" : " below");
}

std::string learning_rate_patch(double value) {
  constexpr double kLowest = 1e-6, kHighest = 1e-2;
  const double wanted = std::isfinite(value) ? std::clamp(value, kLowest, kHighest) : kLowest;
  return fmt::format("train.learning_rate={}",
                     number_text(std::stod(fmt::format("{:.0e}", wanted))));
}

std::string tasks_patch(const std::vector<Task>& tasks) {
  std::string list;
  for (const Task task : tasks) {
    list += fmt::format("{}\"{}\"", list.empty() ? "" : ", ", name_of(task));
  }
  return "loss.tasks=[" + list + "]";
}

}  // namespace spanlab
