// M2 and M5: the tasks' gradients on the shared encoder, their sizes and their directions.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "spanlab/base/text.h"
#include "spanlab/diagnose/balancing_checks.h"
#include "spanlab/diagnose/run_facts.h"
#include "spanlab/diagnose/trace.h"

namespace spanlab {
namespace {

constexpr double kLargeShare = 0.7, kHighShare = 0.9;
constexpr double kShareOfCosines = 0.5;
constexpr double kConflict = -0.1, kStrongConflict = -0.3;
constexpr double kConflictRows = 0.3;
constexpr size_t kFewestRows = 3;
constexpr double kMemory = 0.5;  // of the running mean of cosines

// Pairs in the order of TaskGradientsRow::cosine.
constexpr std::array<std::array<Task, 2>, 6> kPairs{{{Task::type, Task::ptr},
                                                     {Task::type, Task::span},
                                                     {Task::type, Task::countdown},
                                                     {Task::ptr, Task::span},
                                                     {Task::ptr, Task::countdown},
                                                     {Task::span, Task::countdown}}};

// The running mean of a pair's cosine.
Trace smoothed_cosine(const RunRecord& record, size_t pair) {
  Trace trace;
  double mean = 0;
  for (const TaskGradientsRow& row : record.task_gradients) {
    const Cell& cosine = row.cosine[pair];
    if (!cosine || !std::isfinite(*cosine)) continue;
    mean = trace.empty() ? *cosine : kMemory * mean + (1 - kMemory) * *cosine;
    trace.add(row.epoch, mean);
  }
  return trace;
}

size_t conflicting_rows(const Trace& cosine) {
  return static_cast<size_t>(std::count_if(cosine.value.begin(), cosine.value.end(),
                                           [](double c) { return c < kConflict; }));
}

}  // namespace

TaskCells gradient_shares(const TaskGradientsRow& row) {
  TaskCells shares;
  double sum = 0;
  for (size_t t = 0; t < kTaskCount; ++t) {
    if (!row.norm[t]) continue;
    shares[t] = *row.norm[t] * row.weight[t].value_or(1);
    sum += *shares[t];
  }
  if (!(sum > 0) || !std::isfinite(sum)) return {};
  for (Cell& share : shares) {
    if (share) *share /= sum;
  }
  return shares;
}

std::optional<Finding> check_gradient_dominance(const RunEvidence& e) {
  std::array<std::vector<double>, kTaskCount> shares;
  size_t rows = 0;
  int epoch = 0, tasks = 0;
  for (const TaskGradientsRow& row : e.record.task_gradients) {
    const TaskCells of_row = gradient_shares(row);
    if (filled(of_row) < 2) continue;
    tasks = filled(of_row);
    ++rows;
    epoch = row.epoch;
    for (size_t t = 0; t < kTaskCount; ++t) shares[t].push_back(of_row[t].value_or(0));
  }
  if (rows == 0) return std::nullopt;
  const double limit = std::max(kLargeShare, kLargeShareTimesTasks / tasks);
  TaskCells mean;
  for (size_t t = 0; t < kTaskCount; ++t) mean[t] = mean_of(shares[t]);
  const Task task = *largest(mean);
  const std::vector<double>& of_task = shares[static_cast<size_t>(task)];
  const auto above =
      std::count_if(of_task.begin(), of_task.end(), [&](double s) { return s > limit; });
  if (static_cast<double>(above) < kShareOfCosines * static_cast<double>(rows)) return std::nullopt;
  const double share = *mean[static_cast<size_t>(task)];
  const std::string title = capitalised(name_of(task)) + " dominates the encoder gradient";
  const Severity severity = share > kHighShare && tasks > 2 ? Severity::high : Severity::medium;
  const std::string text = fmt::format(
      "The {} task makes up {:.1f} % of the weighted gradient on the shared encoder on average, "
      "and more than {:.0f} % in {} of {} recorded epochs. The other tasks hardly affect the "
      "encoder.",
      name_of(task), 100 * share, 100 * limit, above, rows);
  std::vector<Evidence> evidence = {
      measured(fmt::format("mean share of {} in the encoder gradient", name_of(task)), 100 * share,
               "%", file_of<TaskGradientsRow>(), 100 * limit),
      measured(fmt::format("share of {} in the last recorded epoch", name_of(task)),
               100 * of_task.back(), "%", file_of<TaskGradientsRow>(), 100 * limit, epoch)};
  std::vector<Remedy> remedies = remedies_for_scale(e, task);
  remedies.push_back({{"balancing.method=imtl_g"},
                      "Weigh the tasks so that a step moves equally far along each gradient.",
                      "No task makes up more than its part of an encoder update."});
  return finding(severity, text, std::move(evidence), std::move(remedies), title);
}

std::optional<Finding> check_conflict(const RunEvidence& e) {
  size_t worst = 0, most = 0;
  Trace cosine;
  for (size_t pair = 0; pair < kPairs.size(); ++pair) {
    const Trace trace = smoothed_cosine(e.record, pair);
    if (trace.size() < kFewestRows) continue;
    const size_t rows = conflicting_rows(trace);
    if (static_cast<double>(rows) <= kConflictRows * static_cast<double>(trace.size())) continue;
    if (rows < most || (rows == most && mean_of(trace.value) >= mean_of(cosine.value))) continue;
    worst = pair;
    most = rows;
    cosine = trace;
  }
  if (most == 0) return std::nullopt;
  const auto [a, b] = kPairs[worst];
  const double mean = mean_of(cosine.value);
  std::vector<Remedy> remedies;
  const std::string title =
      fmt::format("{} and {} have conflicting gradients", capitalised(name_of(a)), name_of(b));
  const Severity severity = mean < kStrongConflict ? Severity::medium : Severity::note;
  const std::string text = fmt::format(
      "The gradients of {} and {} on the shared encoder have a cosine below {} in {} of {} "
      "recorded epochs ({:.2f} on average): a step that helps one task harms the other.",
      name_of(a), name_of(b), kConflict, most, cosine.size(), mean);
  std::vector<Evidence> evidence = {
      measured("mean cosine of the two gradients", mean, "", file_of<TaskGradientsRow>(),
               kConflict),
      measured("share of epochs in conflict",
               100 * static_cast<double>(most) / static_cast<double>(cosine.size()), "%",
               file_of<TaskGradientsRow>(), 100 * kConflictRows)};
  // Projecting gradients keeps their sizes: with one that dominates, it changes nothing.
  if (!check_gradient_dominance(e)) {
    remedies.push_back({{"balancing.method=pcgrad"},
                        "Remove from each gradient the part that opposes the other.",
                        "A step no longer raises either of the two losses."});
  }
  const Task dropped = a == Task::span ? b : b == Task::span ? a : b;
  std::vector<Task> others = learned_tasks(e);
  std::erase(others, dropped);
  if (!others.empty()) {
    remedies.push_back({{tasks_patch(others)},
                        fmt::format("Train without the {} task.", name_of(dropped)),
                        "The encoder serves only the remaining tasks."});
  }
  return finding(severity, text, std::move(evidence), std::move(remedies), title);
}

}  // namespace spanlab
