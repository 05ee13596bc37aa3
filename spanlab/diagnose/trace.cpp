// Columns of the tables as curves, medians and trends, texts of patches.
#include "spanlab/diagnose/trace.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "spanlab/base/text.h"

namespace spanlab {

void Trace::add(int at_epoch, double number) {
  if (!std::isfinite(number)) return;
  epoch.push_back(at_epoch);
  value.push_back(number);
}

Trace Trace::tail(double share) const {
  const auto count = std::max<ptrdiff_t>(
      1, static_cast<ptrdiff_t>(std::ceil(share * static_cast<double>(size()))));
  if (count >= static_cast<ptrdiff_t>(size())) return *this;
  return {{epoch.end() - count, epoch.end()}, {value.end() - count, value.end()}};
}

Trace task_loss(const RunRecord& record, Phase phase, Task task) {
  Trace trace;
  for (const LossComponentsRow& row : record.loss_components) {
    const Cell& cell = row.loss[static_cast<size_t>(task)];
    if (row.phase == phase && cell) trace.add(row.epoch, *cell);
  }
  return trace;
}

Trace raw_loss(const RunRecord& record, Phase phase) {
  Trace trace;
  for (const LossComponentsRow& row : record.loss_components) {
    if (row.phase != phase) continue;
    double sum = 0;
    bool any = false;
    for (const Cell& cell : row.loss) {
      if (!cell) continue;
      sum += *cell;
      any = true;
    }
    if (any) trace.add(row.epoch, sum);
  }
  return trace;
}

Trace gradient_norm(const RunRecord& record) {
  Trace trace;
  for (const GradientStatsRow& row : record.gradient_stats) {
    trace.add(row.epoch, row.total_grad_norm);
  }
  return trace;
}

Phase judged_phase(const RunRecord& record) {
  return raw_loss(record, Phase::val).empty() ? Phase::train : Phase::val;
}

std::string_view words_of(Phase phase) {
  return phase == Phase::val ? "validation" : "training";
}

double mean_of(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

double median_of(std::vector<double> values) {
  if (values.empty()) return std::numeric_limits<double>::quiet_NaN();
  std::sort(values.begin(), values.end());
  const size_t middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

double trend_of(const std::vector<double>& values) {
  constexpr size_t kFewest = 4;
  const size_t n = values.size();
  if (n < kFewest) return 0;
  int64_t sum = 0;
  for (size_t i = 0; i < n; ++i) {
    for (size_t j = i + 1; j < n; ++j) {
      sum += (values[j] > values[i]) - (values[j] < values[i]);
    }
  }
  const auto count = static_cast<double>(n);
  const double deviation = std::sqrt(count * (count - 1) * (2 * count + 5) / 18);
  return static_cast<double>(sum - (sum > 0) + (sum < 0)) / deviation;
}

std::string file_of(Table table) {
  return std::string(form_of(table).name) + ".csv";
}

std::vector<Task> learned_tasks(const RunEvidence& evidence) {
  if (evidence.recipe) return evidence.recipe->loss.tasks;
  std::vector<Task> tasks;
  for (int t = 0; t < kTaskCount; ++t) {
    const auto task = static_cast<Task>(t);
    if (!task_loss(evidence.record, Phase::train, task).empty() ||
        !task_loss(evidence.record, Phase::val, task).empty()) {
      tasks.push_back(task);
    }
  }
  return tasks;
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
