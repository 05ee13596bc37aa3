// M3 and M4: what the log-sigmas of uncertainty weighting did, and what they could have done.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "spanlab/diagnose/balancing_checks.h"
#include "spanlab/diagnose/run_facts.h"
#include "spanlab/diagnose/sigma_travel.h"
#include "spanlab/diagnose/trace.h"

namespace spanlab {
namespace {

// The task that dominates the weighted loss at the end, if one does.
std::optional<Task> dominating(const RunEvidence& e) {
  const std::vector<TaskShares> shares = task_shares(e, judged_phase(e.record));
  if (shares.empty() || filled(shares.back().weighted) < 2) return std::nullopt;
  const Task task = *largest(shares.back().weighted);
  const double share = *shares.back().weighted[static_cast<size_t>(task)];
  const double limit = kLargeShareTimesTasks / filled(shares.back().weighted);
  return share > limit ? std::optional(task) : std::nullopt;
}

std::string budget_text(const RunEvidence& e, const SigmaTravel& worst) {
  const SigmaBudget budget = sigma_budget(e);
  const int epochs = worst.last_epoch - worst.first_epoch;
  if (!e.recipe || budget.steps == 0) {
    if (epochs <= 0) return "";
    const double rate = worst.moved() / epochs;
    if (rate <= 0) return " It does not move at all.";
    return fmt::format(
        " It moves {:.2g} per epoch, so the remaining distance takes {:.0f} more epochs.", rate,
        worst.gap() / rate);
  }
  if (!budget.known()) return " Its learning rate is 0.";
  return fmt::format(
      " Adam moves it by at most about {:.2g} per step. The {} steps from epoch {} on allow "
      "{:.2g}; the remaining distance takes {:.0f} more steps.",
      budget.rate, budget.steps, worst.first_epoch, budget.nats(), worst.gap() / budget.rate);
}

std::vector<Remedy> remedies_for_lag(const RunEvidence& e) {
  const Recipe recipe = settings_of_run(e);
  std::vector<std::string> faster;
  if (recipe.balancing.sigma_start != SigmaStart::warm)
    faster.emplace_back("balancing.sigma_start=warm");
  if (recipe.balancing.sigma_rate < 50) faster.emplace_back("balancing.sigma_rate=50");
  if (recipe.balancing.sigma_decay > 0) faster.emplace_back("balancing.sigma_decay=0");
  std::vector<Remedy> remedies;
  if (!faster.empty()) {
    remedies.push_back({faster, "Start the log-sigmas at their optimum and let them move faster.",
                        "Every weighted loss stays near 1/2 from the first step on."});
  }
  remedies.push_back({{"balancing.method=uncertainty_optimal"},
                      "Set each sigma to its optimum at every step instead of learning it.",
                      "The weights track the losses without delay."});
  remedies.push_back({{"balancing.method=initial_loss"},
                      "Divide each loss by its initial value.",
                      "The weights are right from the start and stay constant."});
  return remedies;
}

}  // namespace

std::optional<Finding> check_sigma_lag(const RunEvidence& e) {
  if (!by_uncertainty(e)) return std::nullopt;
  const std::vector<SigmaTravel> travels = sigma_travels(e);
  if (travels.size() < 2) return std::nullopt;
  const auto less = [](const auto& a, const auto& b) { return a.gap() < b.gap(); };
  const SigmaTravel worst = *std::max_element(travels.begin(), travels.end(), less);
  if (worst.arrived()) return std::nullopt;
  const std::optional<Task> heavy = dominating(e);
  std::vector<Evidence> evidence;
  Severity severity = Severity::medium;
  std::string tasks;
  for (const SigmaTravel& s : travels) {
    evidence.push_back(
        measured(fmt::format("log-sigma of {}, distance from its optimum", name_of(s.task)),
                 s.gap(), "nats", file_of<UncertaintyParamsRow>(), kSigmaArrived, s.last_epoch));
    evidence.push_back(measured(
        fmt::format("distance that {} needs from epoch {}", name_of(s.task), s.first_epoch),
        s.needed(), "nats", file_of<UncertaintyParamsRow>(), {}, s.last_epoch));
    if (s.arrived()) continue;
    tasks += fmt::format(
        "{}that of {} is {:.2f} and should be {:.2f} (loss {:.3g}), so its weight is off by a "
        "factor of {:.1f}",
        tasks.empty() ? "" : "; ", name_of(s.task), s.last, s.optimum, s.loss,
        std::exp(2 * s.gap()));
    // Its weight is too large, and it dominates because of that.
    if (heavy && *heavy == s.task && s.last < s.optimum) severity = Severity::high;
  }
  if (const SigmaBudget budget = sigma_budget(e); budget.known()) {
    evidence.push_back(
        measured(fmt::format("distance that the steps from epoch {} on allow", worst.first_epoch),
                 budget.nats(), "nats", "recipe.toml"));
  }
  const std::string text =
      fmt::format("The optimum of a log-sigma is half the log of its loss. At epoch {}, {}.",
                  worst.last_epoch, tasks) +
      budget_text(e, worst);
  return finding(severity, text, std::move(evidence), remedies_for_lag(e));
}

std::optional<Finding> check_sigma_pathology(const RunEvidence& e) {
  constexpr double kOfAnEqualShare = 0.01;
  constexpr double kProgress = 0.02;
  if (!e.recipe || !by_uncertainty(e)) return std::nullopt;
  std::string text;
  std::vector<Evidence> evidence;
  Severity severity = Severity::note;
  const std::vector<TaskShares> shares = task_shares(e, Phase::train);
  if (!shares.empty() && filled(shares.back().weight) >= 2) {
    const TaskShares& last = shares.back();
    const double limit = kOfAnEqualShare / filled(last.weight);
    for (size_t t = 0; t < kTaskCount; ++t) {
      if (!last.weight[t] || *last.weight[t] >= limit) continue;
      severity = Severity::medium;
      text += fmt::format(
          "The {} task has {:.2g} % of the weights at epoch {}: it is practically switched off. ",
          kTaskNames[t], 100 * *last.weight[t], last.epoch);
      evidence.push_back(measured(fmt::format("share of {} in the weights", kTaskNames[t]),
                                  100 * *last.weight[t], "%", file_of<UncertaintyParamsRow>(),
                                  100 * limit, last.epoch));
    }
  }
  Trace total;
  for (const EpochMetricsRow& row : e.record.epoch_metrics) {
    total.add(row.epoch, row.train_loss);
  }
  const Trace raw = raw_loss(e.record, Phase::train);
  if (!total.empty() && !raw.empty() && total.value.back() < 0 &&
      total.value.back() < total.value.front() &&
      raw.value.back() > (1 - kProgress) * raw.value.front()) {
    text += fmt::format(
        "The training total falls from {:.3g} to {:.3g}, below 0, while the unweighted sum of the "
        "losses changes from {:.3g} to {:.3g}: only the sigmas improve.",
        total.value.front(), total.value.back(), raw.value.front(), raw.value.back());
    evidence.push_back(measured("training total", total.value.back(), "",
                                file_of<EpochMetricsRow>(), 0.0, total.epoch.back()));
    severity = Severity::medium;
  }
  if (evidence.empty()) return std::nullopt;
  return finding(severity, text, std::move(evidence), remedies_for_lag(e));
}

}  // namespace spanlab
