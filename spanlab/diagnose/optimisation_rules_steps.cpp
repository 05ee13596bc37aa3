// O3, O4, O5 and O10: sizes of steps, saturated gates, tensors at rest, the learning rate.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <tuple>

#include "spanlab/diagnose/optimisation_rules-inl.h"
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

// Median over the trained weight matrices, row by row.
Trace median_ratios(const RunEvidence& evidence) {
  const std::vector<Task> tasks = learned_tasks(evidence);
  const std::vector<std::string>& tensors = evidence.record.tensors;
  Trace trace;
  for (const UpdateStatsRow& row : evidence.record.update_stats) {
    std::vector<double> ratios;
    for (size_t i = 0; i < tensors.size() && i < row.ratios.size(); ++i) {
      const bool counts = is_matrix(tensors[i]) && trains(tensors[i], tasks);
      if (counts && std::isfinite(row.ratios[i])) ratios.push_back(row.ratios[i]);
    }
    if (!ratios.empty()) trace.add(row.epoch, median_of(ratios));
  }
  return trace;
}

// Learning rates of the first `epochs` epochs, as the recipe's schedule has them.
Trace planned_rates(const Recipe& recipe, int epochs) {
  const double peak = recipe.train.learning_rate;
  const double pi = std::acos(-1.0);
  Trace rates;
  for (int epoch = 1; epoch <= epochs; ++epoch) {
    const double done = (epoch - 0.5) / recipe.train.epochs;
    switch (recipe.train.schedule) {
      case Schedule::constant:
        rates.add(epoch, peak);
        break;
      case Schedule::exponential:
        rates.add(epoch, peak * std::pow(recipe.train.schedule_decay, epoch - 1));
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

Rates rates_of(const RunEvidence& evidence) {
  const Trace planned = planned_rates(*evidence.recipe, epochs_of_run(evidence));
  Rates rates{evidence.recipe->train.learning_rate, 0, 0};
  for (const double rate : planned.value) {
    rates.travel += rate * static_cast<double>(steps_an_epoch(evidence));
    rates.idle += rate < kNearZero * rates.peak ? 1 / static_cast<double>(planned.size()) : 0;
  }
  // What was recorded counts more than what was planned.
  const auto& rows = evidence.record.update_stats;
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

bool trains(const std::string& tensor, const std::vector<Task>& tasks) {
  const auto has = [&](Task task) {
    return std::find(tasks.begin(), tasks.end(), task) != tasks.end();
  };
  if (tensor.starts_with("log_sigma")) return false;
  if (tensor.starts_with("projection")) return has(Task::type) || has(Task::ptr);
  if (tensor.starts_with("classifier")) return has(Task::type);
  if (tensor.starts_with("pointer_head")) return has(Task::ptr);
  if (tensor.starts_with("expansion_span")) return has(Task::span);
  if (tensor.starts_with("expansion_countdown")) return has(Task::countdown);
  return true;
}

std::optional<Finding> check_update_ratio(const RunEvidence& evidence) {
  const Trace ratios = median_ratios(evidence);
  if (ratios.empty()) return std::nullopt;
  const double ratio = median_of(ratios.value);
  if (ratio >= kSmallestUpdate && ratio <= kLargestUpdate) return std::nullopt;
  const bool small = ratio < kSmallestUpdate;
  Finding f;
  f.title = small ? "steps are too small for the weights" : "steps are too large for the weights";
  f.severity = ratio < kFarBelow || ratio > kFarAbove ? Severity::high : Severity::medium;
  f.explanation = fmt::format(
      "In the median a step changes a weight matrix by {:.2g} of its length; between {:g} and {:g} "
      "is "
      "usual, about {:g} good. {}",
      ratio, kSmallestUpdate, kLargestUpdate, kGoodUpdate,
      small ? "The weights hardly leave their start." : "Each step overwrites what was learned.");
  f.evidence = {{"median of step over weight", ratio, "", small ? kSmallestUpdate : kLargestUpdate,
                 ratios.epoch.back(), file_of(Table::update_stats)}};
  const double rate = settings_of_run(evidence).train.learning_rate;
  const double wanted =
      ratio > 0 ? rate * (small ? kGoodUpdate : kBoldUpdate) / ratio : kGoodUpdate;
  f.remedies = {{{learning_rate_patch(wanted)},
                 small ? "raise the learning rate" : "lower the learning rate",
                 fmt::format("a step changes the weights by about {:g} of their length",
                             small ? kGoodUpdate : kBoldUpdate)}};
  return f;
}

std::optional<Finding> check_gates(const RunEvidence& evidence) {
  using Gate = std::tuple<int, int, char>;
  std::map<Gate, Trace> gates;
  for (const GateStatsRow& row : evidence.record.gate_stats) {
    gates[{row.layer, row.direction, row.gate}].add(row.epoch, row.low + row.high);
  }
  Finding f;
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
    f.evidence.push_back({"saturated share of " + name, 100 * last, "%", 100 * kHalfSaturated,
                          trace.epoch.back(), file_of(Table::gate_stats)});
  }
  if (count == 0) return std::nullopt;
  f.severity = worst > kFullySaturated ? Severity::high : Severity::medium;
  f.explanation = fmt::format(
      "Over half of the pre-activations lie beyond +-5, where a gate no longer answers: {} (up to "
      "{:.0f} %). Such a gate passes no gradient.",
      names, 100 * worst);
  const double rate = settings_of_run(evidence).train.learning_rate;
  f.remedies = {{{learning_rate_patch(rate / 10), "train.clip_norm=1"},
                 "take smaller steps and cut long gradients",
                 "the pre-activations stay within +-5"},
                {{},
                 "check the features for one of much larger range than the others",
                 "inputs of about one unit keep the gates open"}};
  return f;
}

std::optional<Finding> check_frozen(const RunEvidence& evidence) {
  const auto& rows = evidence.record.update_stats;
  const std::vector<std::string>& tensors = evidence.record.tensors;
  const std::vector<Task> tasks = learned_tasks(evidence);
  if (rows.size() < kRestingRows) return std::nullopt;
  Finding f;
  std::string names;
  size_t moving = 0;
  for (size_t i = 0; i < tensors.size(); ++i) {
    if (!trains(tensors[i], tasks)) continue;
    const bool rests = std::all_of(rows.begin(), rows.end(), [&](const UpdateStatsRow& row) {
      return i < row.ratios.size() && row.ratios[i] < kAtRest;
    });
    if (!rests) {
      ++moving;
      continue;
    }
    names += (names.empty() ? "" : ", ") + tensors[i];
    f.evidence.push_back({"step over weight of " + tensors[i], rows.back().ratios[i], "", kAtRest,
                          rows.back().epoch, file_of(Table::update_stats)});
  }
  if (f.evidence.empty() || moving == 0) return std::nullopt;
  f.severity = Severity::high;
  f.explanation =
      fmt::format("{} {} at rest in all {} recorded epochs while {} other tensors move.", names,
                  f.evidence.size() == 1 ? "is" : "are", rows.size(), moving);
  f.remedies = {{{},
                 "see that the optimizer gets these tensors and that their gradient is not cut off",
                 "their ratio of step to weight is like that of the others"}};
  return f;
}

std::optional<Finding> check_schedule(const RunEvidence& evidence) {
  if (!evidence.recipe) return std::nullopt;
  const Rates rates = rates_of(evidence);
  const bool short_way = steps_of_run(evidence) > 0 && rates.travel < kSmallestTravel;
  const bool idle = rates.idle >= kShareOfRows;
  const bool wild = rates.peak > kLargestRate;
  if (!short_way && !idle && !wild) return std::nullopt;
  Finding f;
  f.severity = Severity::medium;
  if (wild) {
    if (rates.peak > kWildRate) f.severity = Severity::high;
    f.title = "the learning rate is too high";
    f.explanation +=
        fmt::format("A rate of {:g} moves every weight by about as much in one step. ", rates.peak);
    f.evidence.push_back({"learning rate", rates.peak, "", kLargestRate, {}, "recipe.toml"});
  }
  if (short_way) {
    if (rates.travel < kNoTravel) f.severity = Severity::high;
    f.title = "the learning rate is too low for the steps of the run";
    f.explanation += fmt::format(
        "Over its {} steps the rates add up to {:.2g}: about so far, and no farther, a weight can "
        "move. ",
        steps_of_run(evidence), rates.travel);
    f.evidence.push_back({"sum of the learning rate over all steps",
                          rates.travel,
                          "",
                          kSmallestTravel,
                          {},
                          "recipe.toml"});
  }
  if (idle) {
    if (f.title.empty()) f.title = "the schedule leaves the learning rate at 0";
    f.explanation += fmt::format("In {:.0f} % of the epochs the rate is below {:g} of its peak.",
                                 100 * rates.idle, kNearZero);
    f.evidence.push_back({"epochs with next to no learning rate",
                          100 * rates.idle,
                          "%",
                          100 * kShareOfRows,
                          {},
                          file_of(Table::update_stats)});
  }
  const Recipe& recipe = *evidence.recipe;
  const double rate = recipe.train.learning_rate, usual = Recipe{}.train.learning_rate;
  std::vector<std::string> patch;
  if (rate != usual && !(short_way && rate > usual)) {
    patch.emplace_back("train.learning_rate=0.001");
  }
  if (idle && recipe.train.schedule != Schedule::constant) {
    patch.emplace_back("train.schedule=constant");
  }
  std::string action =
      "give the run a learning rate that carries the weights far enough, not farther";
  if (patch.empty() && short_way) {
    patch.push_back(fmt::format("train.epochs={}", 10 * recipe.train.epochs));
    action = "give the run enough steps to carry the weights far enough at its learning rate";
  }
  f.remedies = {{patch, action, "the losses fall steadily"}};
  return f;
}

std::optional<Finding> check_decay(const RunEvidence& evidence) {
  if (!evidence.recipe || steps_of_run(evidence) == 0) return std::nullopt;
  const double decay = evidence.recipe->train.weight_decay;
  const double shrinkage = rates_of(evidence).travel * decay;
  if (!(shrinkage > kLargestDecay)) return std::nullopt;
  Finding f;
  f.severity = Severity::medium;
  f.explanation = fmt::format(
      "Over the {} steps of the run weight decay {:g} shrinks a weight to {:.3g} of its size where "
      "no gradient holds against it: what is learned is forgotten as fast.",
      steps_of_run(evidence), decay, std::exp(-shrinkage));
  f.evidence = {
      {"sum of learning rate x weight decay", shrinkage, "", kLargestDecay, {}, "recipe.toml"}};
  f.remedies = {{{fmt::format("train.weight_decay={:g}", Recipe{}.train.weight_decay)},
                 "decay weights less",
                 "weights keep what they have learned"}};
  return f;
}

}  // namespace spanlab
