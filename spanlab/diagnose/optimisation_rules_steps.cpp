// O3, O4, O5 and O10: sizes of steps, saturated gates, tensors that do not move, the learning rate.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <tuple>
#include <utility>

#include "spanlab/diagnose/optimisation_checks.h"
#include "spanlab/diagnose/run_facts.h"
#include "spanlab/diagnose/trace.h"

namespace spanlab {
namespace {

constexpr double kSmallestUpdate = 1e-5, kLargestUpdate = 1e-1;
constexpr double kFarBelow = 1e-6, kFarAbove = 1;  // of high severity
constexpr double kGoodUpdate = 1e-3, kBoldUpdate = 1e-2;
constexpr double kHalfSaturated = 0.5, kFullySaturated = 0.9;
constexpr double kShareOfRows = 0.5;
constexpr double kAtRest = 1e-10;
constexpr size_t kRestingRows = 3;
constexpr double kLargestRate = 1e-2, kWildRate = 1e-1;
constexpr double kSmallestTravel = 1e-2, kNoTravel = 1e-3;
constexpr double kLargestDecay = 0.5;  // logarithm
constexpr double kNearZero = 1e-3;     // of the peak rate

bool is_matrix(const std::string& tensor) {
  return tensor.find("weight") != std::string::npos;
}

// Whether one of `tasks` trains the tensor; log_sigmas are left out.
bool trains(const std::optional<Role>& role, const std::vector<Task>& tasks) {
  return !role || (role->part != ModelPart::log_sigma && role->serves(tasks));
}

// Median over the trained weight matrices, row by row.
Trace median_ratios(const RunEvidence& e) {
  const std::vector<Task> tasks = learned_tasks(e);
  const std::vector<std::string>& tensors = e.record.tensors;
  const std::vector<std::optional<Role>> roles = roles_of_tensors(e);
  Trace trace;
  for (const UpdateStatsRow& row : e.record.update_stats) {
    std::vector<double> ratios;
    for (size_t i = 0; i < tensors.size() && i < row.ratios.size(); ++i) {
      const bool counts = is_matrix(tensors[i]) && trains(roles[i], tasks);
      if (counts && std::isfinite(row.ratios[i])) ratios.push_back(row.ratios[i]);
    }
    if (!ratios.empty()) trace.add(row.epoch, median_of(ratios));
  }
  return trace;
}

// Learning rates of the first `epochs` epochs, as the schedule has them.
Trace planned_rates(const TrainConfig& train, int epochs) {
  const double peak = train.rate.peak;
  const double pi = std::acos(-1.0);
  Trace rates;
  for (int epoch = 1; epoch <= epochs; ++epoch) {
    const double done = (epoch - 0.5) / train.epochs;
    switch (train.rate.schedule) {
      case Schedule::constant:
        rates.add(epoch, peak);
        break;
      case Schedule::exponential:
        rates.add(epoch, peak * std::pow(train.rate.decay, epoch - 1));
        break;
      case Schedule::cosine:
      case Schedule::one_cycle:
        // One cycle warms up in the first part; its sum is about that of a cosine.
        rates.add(epoch, peak * (1 + std::cos(pi * done)) / 2);
        break;
    }
  }
  return rates;
}

struct Rates {
  double peak = 0;
  double travel = 0;  // sum over all steps
  double idle = 0;    // share of the epochs near 0
};

Rates rates_of(const RunEvidence& e) {
  const Trace planned = planned_rates(e.recipe->train, epochs_of_run(e));
  Rates rates{e.recipe->train.rate.peak, 0, 0};
  for (const double rate : planned.value) {
    rates.travel += rate * static_cast<double>(steps_an_epoch(e));
    rates.idle += rate < kNearZero * rates.peak ? 1 / static_cast<double>(planned.size()) : 0;
  }
  // What was recorded counts more than what was planned.
  const auto& rows = e.record.update_stats;
  const auto zeros = std::count_if(rows.begin(), rows.end(), [&](const UpdateStatsRow& row) {
    return row.learning_rate < kNearZero * rates.peak;
  });
  if (!rows.empty()) {
    rates.idle =
        std::max(rates.idle, static_cast<double>(zeros) / static_cast<double>(rows.size()));
  }
  return rates;
}

}  // namespace

std::optional<Finding> check_update_ratio(const RunEvidence& e) {
  const Trace ratios = median_ratios(e);
  if (ratios.empty()) return std::nullopt;
  const double ratio = median_of(ratios.value);
  if (ratio >= kSmallestUpdate && ratio <= kLargestUpdate) return std::nullopt;
  const bool small = ratio < kSmallestUpdate;
  const std::string title =
      small ? "Update-to-weight ratio is too small" : "Update-to-weight ratio is too large";
  const Severity severity =
      ratio < kFarBelow || ratio > kFarAbove ? Severity::high : Severity::medium;
  const std::string text = fmt::format(
      "The median update changes a weight matrix by {:.2g} of its norm; {:g} to {:g} is usual, "
      "about {:g} is good. {}",
      ratio, kSmallestUpdate, kLargestUpdate, kGoodUpdate,
      small ? "The weights hardly leave their initial values."
            : "Each update overwrites what was learned.");
  std::vector<Evidence> evidence = {
      measured("median update-to-weight ratio", ratio, "", file_of<UpdateStatsRow>(),
               small ? kSmallestUpdate : kLargestUpdate, ratios.epoch.back())};
  const double rate = settings_of_run(e).train.rate.peak;
  const double wanted =
      ratio > 0 ? rate * (small ? kGoodUpdate : kBoldUpdate) / ratio : kGoodUpdate;
  return finding(severity, text, std::move(evidence),
                 {{{learning_rate_patch(wanted)},
                   small ? "Raise the learning rate." : "Lower the learning rate.",
                   fmt::format("An update changes the weights by about {:g} of their norm.",
                               small ? kGoodUpdate : kBoldUpdate)}},
                 title);
}

std::optional<Finding> check_gates(const RunEvidence& e) {
  using Gate = std::tuple<int, int, char>;
  std::map<Gate, Trace> gates;
  for (const GateStatsRow& row : e.record.gate_stats) {
    gates[{row.layer, row.direction, row.gate}].add(row.epoch, row.low + row.high);
  }
  std::vector<Evidence> evidence;
  std::string names;
  double worst = 0;
  size_t count = 0;
  for (const auto& [gate, trace] : gates) {
    if (trace.empty()) continue;
    const auto rows = std::count_if(trace.value.begin(), trace.value.end(),
                                    [](double share) { return share > kHalfSaturated; });
    const double last = trace.value.back();
    if (last <= kHalfSaturated ||
        static_cast<double>(rows) < kShareOfRows * static_cast<double>(trace.size())) {
      continue;
    }
    const auto [layer, direction, letter] = gate;
    const std::string name = fmt::format("gate {} of layer {}, {}", letter, layer,
                                         direction == 0 ? "forward" : "reverse");
    names += (count++ > 0 ? "; " : "") + name;
    worst = std::max(worst, last);
    evidence.push_back(measured("saturated fraction of " + name, 100 * last, "%",
                                file_of<GateStatsRow>(), 100 * kHalfSaturated, trace.epoch.back()));
  }
  if (count == 0) return std::nullopt;
  const Severity severity = worst > kFullySaturated ? Severity::high : Severity::medium;
  const std::string text = fmt::format(
      "Over half of the pre-activations lie beyond +-5, where a gate no longer responds: {} (up to "
      "{:.0f} %). A saturated gate passes no gradient.",
      names, 100 * worst);
  const double rate = settings_of_run(e).train.rate.peak;
  return finding(severity, text, std::move(evidence),
                 {{{learning_rate_patch(rate / 10), "train.clip_norm=1"},
                   "Lower the learning rate and clip the gradient norm.",
                   "The pre-activations stay within +-5."},
                  {{},
                   "Check the features for one with a much larger range than the others.",
                   "Inputs of about unit size keep the gates open."}});
}

std::optional<Finding> check_frozen(const RunEvidence& e) {
  const auto& rows = e.record.update_stats;
  const std::vector<std::string>& tensors = e.record.tensors;
  const std::vector<Task> tasks = learned_tasks(e);
  if (rows.size() < kRestingRows) return std::nullopt;
  const std::vector<std::optional<Role>> roles = roles_of_tensors(e);
  std::vector<Evidence> evidence;
  std::string names;
  size_t moving = 0;
  for (size_t i = 0; i < tensors.size(); ++i) {
    if (!trains(roles[i], tasks)) continue;
    const bool rests = std::all_of(rows.begin(), rows.end(), [&](const UpdateStatsRow& row) {
      return i < row.ratios.size() && row.ratios[i] < kAtRest;
    });
    if (!rests) {
      ++moving;
      continue;
    }
    names += (names.empty() ? "" : ", ") + tensors[i];
    evidence.push_back(measured("update-to-weight ratio of " + tensors[i], rows.back().ratios[i],
                                "", file_of<UpdateStatsRow>(), kAtRest, rows.back().epoch));
  }
  if (evidence.empty() || moving == 0) return std::nullopt;
  const std::string text =
      fmt::format("{} {} not updated in any of the {} recorded epochs, while {} other tensors are.",
                  names, evidence.size() == 1 ? "is" : "are", rows.size(), moving);
  return finding(
      Severity::high, text, std::move(evidence),
      {{{},
        "Check that the optimizer receives these tensors and that their gradient is not cut off.",
        "Their update-to-weight ratio becomes like that of the others."}});
}

std::optional<Finding> check_schedule(const RunEvidence& e) {
  if (!e.recipe) return std::nullopt;
  const Rates rates = rates_of(e);
  const bool short_way = steps_of_run(e) > 0 && rates.travel < kSmallestTravel;
  const bool idle = rates.idle >= kShareOfRows;
  const bool wild = rates.peak > kLargestRate;
  if (!short_way && !idle && !wild) return std::nullopt;
  std::string title;
  std::string text;
  std::vector<Evidence> evidence;
  Severity severity = Severity::medium;
  if (wild) {
    if (rates.peak > kWildRate) severity = Severity::high;
    title = "Learning rate is too high";
    text += fmt::format(
        "At a learning rate of {:g}, one step moves every weight by about as much. ", rates.peak);
    evidence.push_back(measured("learning rate", rates.peak, "", "recipe.toml", kLargestRate));
  }
  if (short_way) {
    if (rates.travel < kNoTravel) severity = Severity::high;
    title = "Learning rate is too low for the number of steps";
    text += fmt::format(
        "The learning rates of all {} steps add up to {:.2g}, about the farthest that a weight can "
        "move. ",
        steps_of_run(e), rates.travel);
    evidence.push_back(measured("sum of the learning rate over all steps", rates.travel, "",
                                "recipe.toml", kSmallestTravel));
  }
  if (idle) {
    if (title.empty()) title = "Schedule keeps the learning rate near 0";
    text += fmt::format("In {:.0f} % of the epochs the learning rate is below {:g} of its peak.",
                        100 * rates.idle, kNearZero);
    evidence.push_back(measured("epochs with a learning rate near 0", 100 * rates.idle, "%",
                                file_of<UpdateStatsRow>(), 100 * kShareOfRows));
  }
  const Recipe& recipe = *e.recipe;
  const double rate = recipe.train.rate.peak, usual = Recipe{}.train.rate.peak;
  std::vector<std::string> patch;
  if (rate != usual && !(short_way && rate > usual)) {
    patch.emplace_back("train.learning_rate=0.001");
  }
  if (idle && recipe.train.rate.schedule != Schedule::constant) {
    patch.emplace_back("train.schedule=constant");
  }
  std::string action = "Set a learning rate that suits the number of steps.";
  if (patch.empty() && short_way) {
    patch.push_back(fmt::format("train.epochs={}", 10 * recipe.train.epochs));
    action = "Train for enough steps to move the weights far enough at this learning rate.";
  }
  return finding(severity, text, std::move(evidence),
                 {{patch, action, "The losses fall steadily."}}, title);
}

std::optional<Finding> check_decay(const RunEvidence& e) {
  if (!e.recipe || steps_of_run(e) == 0) return std::nullopt;
  const double decay = e.recipe->train.adamw.weight_decay;
  const double shrinkage = rates_of(e).travel * decay;
  if (!(shrinkage > kLargestDecay)) return std::nullopt;
  const std::string text = fmt::format(
      "Over the {} steps of the run, a weight decay of {:g} shrinks a weight without gradient to "
      "{:.3g} of its size: the model forgets as fast as it learns.",
      steps_of_run(e), decay, std::exp(-shrinkage));
  std::vector<Evidence> evidence = {
      measured("sum of learning rate x weight decay", shrinkage, "", "recipe.toml", kLargestDecay)};
  return finding(Severity::medium, text, std::move(evidence),
                 {{{fmt::format("train.weight_decay={:g}", Recipe{}.train.adamw.weight_decay)},
                   "Lower the weight decay.",
                   "The weights keep what they have learned."}});
}

}  // namespace spanlab
