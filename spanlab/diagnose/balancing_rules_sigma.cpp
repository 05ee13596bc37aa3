// M3 and M4: what the log-sigmas of uncertainty weighting did, and could have done.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "spanlab/diagnose/balancing_rules-inl.h"
#include "spanlab/diagnose/trace.h"

namespace spanlab {
namespace {

constexpr double kLargestGap = 0.35;  // of a log-sigma: e^(2 x 0.35) = 2 in the weight
constexpr double kSmallestLoss = 1e-12;

bool by_uncertainty(const RunEvidence& evidence) {
  return !evidence.recipe || evidence.recipe->loss.balancing == Balancing::uncertainty;
}

// The way of one log-sigma over the rows of uncertainty_params.csv.
struct SigmaTravel {
  Task task;
  int first_epoch, last_epoch;
  double first, last;  // log-sigma
  double optimum;      // 1/2 ln L, L of the last row's epoch
  double loss;
  double gap() const { return std::abs(optimum - last); }
  double needed() const { return std::abs(optimum - first); }
};

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

std::vector<SigmaTravel> travels_of(const RunEvidence& evidence) {
  std::vector<SigmaTravel> all;
  for (const Task task : learned_tasks(evidence)) {
    if (const auto travel = travel_of(evidence.record, task)) all.push_back(*travel);
  }
  return all;
}

// The task that dominates the weighted loss at the end, if one does.
std::optional<Task> dominating(const RunEvidence& evidence) {
  const std::vector<TaskShares> shares = task_shares(evidence, judged_phase(evidence.record));
  if (shares.empty() || filled(shares.back().weighted) < 2) return std::nullopt;
  const Task task = *largest(shares.back().weighted);
  const double share = *shares.back().weighted[static_cast<size_t>(task)];
  const double limit = kLargeShareTimesTasks / filled(shares.back().weighted);
  return share > limit ? std::optional(task) : std::nullopt;
}

// Under Adam a parameter moves by about the learning rate a step at most.
std::string budget_text(const RunEvidence& evidence, const SigmaTravel& worst) {
  const int64_t steps = steps_of_run(evidence);
  if (steps == 0) {
    const int epochs = worst.last_epoch - worst.first_epoch;
    if (epochs <= 0) return "";
    const double rate = std::abs(worst.last - worst.first) / epochs;
    if (rate <= 0) return " It did not move at all.";
    return fmt::format(" At the {:.2g} an epoch that it moved, the rest takes {:.0f} more epochs.",
                       rate, worst.gap() / rate);
  }
  const double rate = evidence.recipe->train.learning_rate * evidence.recipe->loss.sigma_rate;
  if (rate <= 0) return " Its learning rate is 0.";
  return fmt::format(
      " Adam moves it by at most about {:.2g} a step: {} steps give {:.2g}, and what is left at "
      "the "
      "end takes {:.0f} more.",
      rate, steps, rate * static_cast<double>(steps), worst.gap() / rate);
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
  const std::vector<SigmaTravel> travels = travels_of(evidence);
  if (travels.size() < 2) return std::nullopt;
  const auto less = [](const auto& a, const auto& b) { return a.gap() < b.gap(); };
  const SigmaTravel worst = *std::max_element(travels.begin(), travels.end(), less);
  if (worst.gap() <= kLargestGap) return std::nullopt;
  const std::optional<Task> heavy = dominating(evidence);
  Finding f;
  f.severity = Severity::medium;
  std::string tasks;
  for (const SigmaTravel& s : travels) {
    f.evidence.push_back({fmt::format("log-sigma of {} from its optimum", name_of(s.task)), s.gap(),
                          "nats", kLargestGap, s.last_epoch, file_of(Table::uncertainty_params)});
    f.evidence.push_back(
        {fmt::format("travel that {} needs from epoch {}", name_of(s.task), s.first_epoch),
         s.needed(),
         "nats",
         {},
         s.last_epoch,
         file_of(Table::uncertainty_params)});
    if (s.gap() <= kLargestGap) continue;
    tasks += fmt::format(
        "{}{} is at {:.2f} and should be at {:.2f} (loss {:.3g}), so its weight is "
        "off by a factor of {:.1f}",
        tasks.empty() ? "" : "; ", name_of(s.task), s.last, s.optimum, s.loss,
        std::exp(2 * s.gap()));
    // Its weight is too large, and it dominates because of that.
    if (heavy && *heavy == s.task && s.last < s.optimum) f.severity = Severity::high;
  }
  if (const int64_t steps = steps_of_run(evidence); steps > 0) {
    f.evidence.push_back({"travel that the steps of the run allow",
                          evidence.recipe->train.learning_rate * evidence.recipe->loss.sigma_rate *
                              static_cast<double>(steps),
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
