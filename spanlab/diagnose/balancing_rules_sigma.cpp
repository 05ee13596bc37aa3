// M3 and M4: what the log-sigmas of uncertainty weighting did, and could have done.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "spanlab/diagnose/balancing_rules-inl.h"
#include "spanlab/diagnose/sigma_travel.h"
#include "spanlab/diagnose/trace.h"

namespace spanlab {
namespace {

// The task that dominates the weighted loss at the end, if one does.
std::optional<Task> dominating(const RunEvidence& evidence) {
  const std::vector<TaskShares> shares = task_shares(evidence, judged_phase(evidence.record));
  if (shares.empty() || filled(shares.back().weighted) < 2) return std::nullopt;
  const Task task = *largest(shares.back().weighted);
  const double share = *shares.back().weighted[static_cast<size_t>(task)];
  const double limit = kLargeShareTimesTasks / filled(shares.back().weighted);
  return share > limit ? std::optional(task) : std::nullopt;
}

std::string budget_text(const RunEvidence& evidence, const SigmaTravel& worst) {
  const SigmaBudget budget = sigma_budget(evidence);
  const int epochs = worst.last_epoch - worst.first_epoch;
  if (!evidence.recipe || budget.steps == 0) {
    if (epochs <= 0) return "";
    const double rate = worst.moved() / epochs;
    if (rate <= 0) return " It did not move at all.";
    return fmt::format(" At the {:.2g} an epoch that it moved, the rest takes {:.0f} more epochs.",
                       rate, worst.gap() / rate);
  }
  if (!budget.known()) return " Its learning rate is 0.";
  return fmt::format(
      " Adam moves it by at most about {:.2g} a step: the {} steps from epoch {} on give {:.2g}, "
      "and what is left at the end takes {:.0f} more.",
      budget.rate, budget.steps, worst.first_epoch, budget.nats(), worst.gap() / budget.rate);
}

std::vector<Remedy> remedies_for_lag(const RunEvidence& evidence) {
  const Recipe recipe = settings_of_run(evidence);
  std::vector<std::string> faster;
  if (recipe.loss.sigma_start != SigmaStart::warm) faster.emplace_back("loss.sigma_start=warm");
  if (recipe.loss.sigma_rate < 50) faster.emplace_back("loss.sigma_rate=50");
  if (recipe.loss.sigma_decay > 0) faster.emplace_back("loss.sigma_decay=0");
  std::vector<Remedy> remedies;
  if (!faster.empty()) {
    remedies.push_back({faster, "start the log-sigmas at their optimum and let them move faster",
                        "every weighted loss stays near 1/2 from the first step on"});
  }
  remedies.push_back({{"loss.balancing=uncertainty_optimal"},
                      "put the optimal sigma in at every step instead of learning it",
                      "the weights follow the losses without delay"});
  remedies.push_back({{"loss.balancing=initial_loss"},
                      "divide each loss by its value before the first step",
                      "the weights are right from the start, and stay"});
  return remedies;
}

}  // namespace

std::optional<Finding> check_sigma_lag(const RunEvidence& evidence) {
  if (!by_uncertainty(evidence)) return std::nullopt;
  const std::vector<SigmaTravel> travels = sigma_travels(evidence);
  if (travels.size() < 2) return std::nullopt;
  const auto less = [](const auto& a, const auto& b) { return a.gap() < b.gap(); };
  const SigmaTravel worst = *std::max_element(travels.begin(), travels.end(), less);
  if (worst.arrived()) return std::nullopt;
  const std::optional<Task> heavy = dominating(evidence);
  Finding f;
  f.severity = Severity::medium;
  std::string tasks;
  for (const SigmaTravel& s : travels) {
    f.evidence.push_back({fmt::format("log-sigma of {} from its optimum", name_of(s.task)), s.gap(),
                          "nats", kSigmaArrived, s.last_epoch, file_of(Table::uncertainty_params)});
    f.evidence.push_back(
        {fmt::format("travel that {} needs from epoch {}", name_of(s.task), s.first_epoch),
         s.needed(),
         "nats",
         {},
         s.last_epoch,
         file_of(Table::uncertainty_params)});
    if (s.arrived()) continue;
    tasks += fmt::format(
        "{}{} is at {:.2f} and should be at {:.2f} (loss {:.3g}), so its weight is "
        "off by a factor of {:.1f}",
        tasks.empty() ? "" : "; ", name_of(s.task), s.last, s.optimum, s.loss,
        std::exp(2 * s.gap()));
    // Its weight is too large, and it dominates because of that.
    if (heavy && *heavy == s.task && s.last < s.optimum) f.severity = Severity::high;
  }
  if (const SigmaBudget budget = sigma_budget(evidence); budget.known()) {
    f.evidence.push_back(
        {fmt::format("travel that the steps from epoch {} on allow", worst.first_epoch),
         budget.nats(),
         "nats",
         {},
         {},
         "recipe.toml"});
  }
  f.explanation = fmt::format(
                      "The optimum of a log-sigma is half the logarithm of its loss. At epoch "
                      "{} {}.",
                      worst.last_epoch, tasks) +
                  budget_text(evidence, worst);
  f.remedies = remedies_for_lag(evidence);
  return f;
}

std::optional<Finding> check_sigma_pathology(const RunEvidence& evidence) {
  constexpr double kOfAnEqualShare = 0.01;
  constexpr double kProgress = 0.02;
  if (!evidence.recipe || !by_uncertainty(evidence)) return std::nullopt;
  Finding f;
  f.severity = Severity::note;
  const std::vector<TaskShares> shares = task_shares(evidence, Phase::train);
  if (!shares.empty() && filled(shares.back().weight) >= 2) {
    const TaskShares& last = shares.back();
    const double limit = kOfAnEqualShare / filled(last.weight);
    for (size_t t = 0; t < kTaskCount; ++t) {
      if (!last.weight[t] || *last.weight[t] >= limit) continue;
      f.severity = Severity::medium;
      f.explanation +=
          fmt::format("{} has {:.2g} % of the weights at epoch {}: it is as good as switched off. ",
                      kTaskNames[t], 100 * *last.weight[t], last.epoch);
      f.evidence.push_back({fmt::format("share of {} in the weights", kTaskNames[t]),
                            100 * *last.weight[t], "%", 100 * limit, last.epoch,
                            file_of(Table::uncertainty_params)});
    }
  }
  Trace total;
  for (const EpochMetricsRow& row : evidence.record.epoch_metrics) {
    total.add(row.epoch, row.train_loss);
  }
  const Trace raw = raw_loss(evidence.record, Phase::train);
  if (!total.empty() && !raw.empty() && total.value.back() < 0 &&
      total.value.back() < total.value.front() &&
      raw.value.back() > (1 - kProgress) * raw.value.front()) {
    f.explanation += fmt::format(
        "The training total falls from {:.3g} to {:.3g}, below 0, while the plain sum of the "
        "losses "
        "goes from {:.3g} to {:.3g}: only the sigmas improve.",
        total.value.front(), total.value.back(), raw.value.front(), raw.value.back());
    f.evidence.push_back({"training total", total.value.back(), "", 0.0, total.epoch.back(),
                          file_of(Table::epoch_metrics)});
    f.severity = Severity::medium;
  }
  if (f.evidence.empty()) return std::nullopt;
  f.remedies = remedies_for_lag(evidence);
  return f;
}

}  // namespace spanlab
