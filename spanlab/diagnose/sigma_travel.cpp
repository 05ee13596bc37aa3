// Reads the course of each log-sigma from the tables.
#include "spanlab/diagnose/sigma_travel.h"

#include <optional>

#include "spanlab/diagnose/run_facts.h"
#include "spanlab/diagnose/trace.h"

namespace spanlab {
namespace {

constexpr double kSmallestLoss = 1e-12;

// The loss that a trace has at that epoch; none if there is none, or none that has a logarithm.
std::optional<double> loss_at(const Trace& trace, int epoch) {
  for (size_t i = 0; i < trace.size(); ++i) {
    if (trace.epoch[i] == epoch && trace.value[i] > kSmallestLoss) return trace.value[i];
  }
  return std::nullopt;
}

std::optional<SigmaTravel> travel_of(const RunRecord& record, Task task) {
  Trace sigma;
  for (const UncertaintyParamsRow& row : record.uncertainty_params) {
    const Cell& cell = row.sigma[static_cast<size_t>(task)];
    if (cell && *cell > 0) sigma.add(row.epoch, *cell);
  }
  if (sigma.empty()) return std::nullopt;
  auto loss = loss_at(task_loss(record, Phase::train, task), sigma.epoch.back());
  if (!loss) loss = loss_at(task_loss(record, Phase::val, task), sigma.epoch.back());
  if (!loss) return std::nullopt;
  return SigmaTravel{task,
                     sigma.epoch.front(),
                     sigma.epoch.back(),
                     std::log(sigma.value.front()),
                     std::log(sigma.value.back()),
                     std::log(*loss) / 2,
                     *loss};
}

}  // namespace

bool by_uncertainty(const RunEvidence& evidence) {
  return !evidence.recipe || evidence.recipe->balancing.method == Balancing::uncertainty;
}

std::vector<SigmaTravel> sigma_travels(const RunEvidence& evidence) {
  std::vector<SigmaTravel> all;
  for (const Task task : learned_tasks(evidence)) {
    if (const auto travel = travel_of(evidence.record, task)) all.push_back(*travel);
  }
  return all;
}

SigmaBudget sigma_budget(const RunEvidence& evidence) {
  const auto& rows = evidence.record.uncertainty_params;
  if (rows.empty() || !evidence.recipe) return {0, 0};
  return {evidence.recipe->train.rate.peak * evidence.recipe->balancing.sigma_rate,
          steps_an_epoch(evidence) * (rows.back().epoch - rows.front().epoch)};
}

}  // namespace spanlab
