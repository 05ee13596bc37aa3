// Targets whose scale fits neither their loss nor the others (D2), or clipped (D3).
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include "spanlab/base/text.h"
#include "spanlab/diagnose/rule.h"
#include "spanlab/diagnose/run_facts.h"
#include "spanlab/windows/data_checks.h"
#include "spanlab/windows/targets.h"

namespace spanlab {
namespace {

constexpr double kAllLinear = 10.0;    // largest |target| in units of Huber's delta
constexpr double kAllQuadratic = 1.0;  // likewise
constexpr double kScalesApart = 10.0;  // between the targets of two tasks
constexpr double kSaturated = 0.3;     // share of targets at the limit

// Spread and extreme of a regression target over the labelled training windows.
struct Target {
  double spread = kNone, largest = 0.0;
};

// Countdown targets that enter the loss.
Target countdown_target(const RunData& data, CountdownTarget kind) {
  const int length = data.dataset.length;
  std::vector<float> values;
  for (const int w : data.split.train) {
    const std::vector<WindowSpan>& spans = data.windows[static_cast<size_t>(w)].spans;
    if (spans.empty()) continue;
    const float* countdown = data.dataset.countdown.data() + static_cast<size_t>(w * length);
    for (int t = 0; t < length; ++t) {
      const bool far = std::abs(spans.front().start - t) > kFarthestCountdown;
      if (far && kind == CountdownTarget::masked) continue;
      values.push_back(countdown[t]);
    }
  }
  Target target{spread_of(values), 0.0};
  for (const float v : values) {
    target.largest = std::max(target.largest, std::abs(static_cast<double>(v)));
  }
  return target;
}

// Both columns around their own means, taken together.
double pointer_spread(const RunData& data) {
  double variance = 0.0;
  for (size_t column = 0; column < 2; ++column) {
    std::vector<float> values;
    for (const int w : data.split.train) {
      if (data.dataset.labelled[static_cast<size_t>(w)] == 0) continue;
      values.push_back(data.dataset.pointers[2 * static_cast<size_t>(w) + column]);
    }
    const double s = spread_of(values);
    variance += s * s / 2.0;
  }
  return std::sqrt(variance);
}

// Spread of the target that the countdown is compared with, and its name: pointers, or else span.
struct Other {
  std::string name;
  double spread;
};

Other other_target(const RunEvidence& e) {
  if (learns(e, Task::ptr)) return {"pointer", pointer_spread(*e.data)};
  const std::vector<float>& mask = e.data->dataset.mask;
  return {"span", learns(e, Task::span) ? spread_of(mask) : kNone};
}

std::vector<Remedy> scale_remedies() {
  return {{{"loss.countdown_target=unit"},
           "Map the countdown to 0..1.",
           "Its loss starts at the size of the others."},
          {{"loss.countdown_target=masked"},
           "Map the countdown to 0..1 and exclude bars more than 20 bars from the span.",
           "Its loss measures only bars near the span."},
          {{"loss.countdown_delta=10", "balancing.method=initial_loss"},
           "Widen the quadratic zone of the Huber loss and divide each loss by its initial value.",
           "All tasks start with the same share of the loss."}};
}

// What the settings of the balancing make of targets of different scale.
bool scale_is_balanced(const RunEvidence& e) {
  if (!e.recipe) return false;
  switch (e.recipe->balancing.method) {
    case Balancing::initial_loss:
    case Balancing::uncertainty_optimal:
    case Balancing::gradnorm:
    case Balancing::imtl_l:
    case Balancing::imtl_g:
    case Balancing::nash_mtl:
    case Balancing::aligned_mtl:
      return true;
    default:
      return false;
  }
}

/// Half of the targets' range: small errors count by their square, those of the size of the targets
/// do not.
std::vector<Remedy> delta_within(double largest) {
  return {{{fmt::format("loss.countdown_delta={:.3g}", 0.5 * largest)},
           "Set the Huber delta to half of the largest target.",
           "Small errors have a quadratic loss, errors of the size of the targets a linear one."}};
}

std::optional<Finding> target_scale_of_data(const RunEvidence& e) {
  const LossConfig& loss = e.recipe->loss;
  const Target target = countdown_target(*e.data, loss.countdown_target);
  const Other other = other_target(e);
  const double deltas = target.largest / loss.countdown_delta;
  const double ratio = target.spread / other.spread;
  const bool linear = deltas > kAllLinear, apart = ratio > kScalesApart;
  const bool quadratic = deltas > 0.0 && deltas <= kAllQuadratic;
  if (!linear && !apart && !quadratic) return std::nullopt;
  std::string text = fmt::format(
      "Countdown targets reach {:.3g} in size with a standard deviation of {:.3g}; the Huber loss "
      "becomes linear at {}.",
      target.largest, target.spread, number_text(loss.countdown_delta));
  if (std::isfinite(ratio)) {
    text += fmt::format(
        " The {} target has a standard deviation of {:.3g}; the countdown's is {:.1f} times that.",
        other.name, other.spread, ratio);
  }
  if (linear) {
    text += fmt::format(
        " An error can reach {:.0f} deltas: most of the loss is linear, and a bar's gradient does "
        "not depend on the size of its error.",
        deltas);
  } else if (quadratic) {
    text +=
        " No error within the range of the targets reaches that: the loss is half the squared "
        "error.";
  }
  std::vector<Evidence> evidence{
      measured("largest countdown target", deltas, "deltas", "windows", kAllLinear),
      measured("standard deviation of the countdown target", target.spread, "", "windows")};
  if (std::isfinite(ratio)) {
    evidence.push_back(measured(fmt::format("countdown over {} standard deviation", other.name),
                                ratio, "", "windows", kScalesApart));
  }
  if (!linear && !apart) {
    return finding(Severity::note, text, std::move(evidence), delta_within(target.largest),
                   "Countdown targets never exceed the Huber delta");
  }
  const std::string title = apart ? "" : "Countdown targets far exceed the Huber delta";
  if (linear && loss.countdown_target != CountdownTarget::clipped) {
    return finding(Severity::medium, text, std::move(evidence), delta_within(target.largest),
                   title);
  }
  const bool high = linear && apart && !scale_is_balanced(e);
  return finding(high ? Severity::high : Severity::medium, text, std::move(evidence),
                 scale_remedies(), title);
}

// Without the data: the losses of the first epoch, in which little has been learned.
std::optional<Finding> target_scale_of_losses(const RunEvidence& e) {
  for (const LossComponentsRow& row : e.record.loss_components) {
    const double countdown = loss_of(row, Task::countdown);
    double next = kNone;
    for (const Task task : {Task::type, Task::ptr, Task::span}) {
      next = std::fmax(next, loss_of(row, task));
    }
    if (row.phase != Phase::val || !std::isfinite(countdown) || !(next > 0.0)) continue;
    if (!(countdown / next > kScalesApart) || scale_is_balanced(e)) return std::nullopt;
    return finding(
        Severity::medium,
        fmt::format("In epoch {} the countdown loss is {:.4g}, {:.1f} times the largest loss of "
                    "the other tasks ({:.4g}): its targets have a larger scale.",
                    row.epoch, countdown, countdown / next, next),
        {measured("countdown loss over the next largest", countdown / next, "",
                  file_of<LossComponentsRow>(), kScalesApart, row.epoch),
         measured("countdown loss", countdown, "", file_of<LossComponentsRow>(), {}, row.epoch)},
        scale_remedies());
  }
  return std::nullopt;
}

std::optional<Finding> target_scale(const RunEvidence& e) {
  if (!learns(e, Task::countdown)) return std::nullopt;
  return e.data && e.recipe ? target_scale_of_data(e) : target_scale_of_losses(e);
}

std::optional<Finding> saturated_targets(const RunEvidence& e) {
  if (!e.data || !e.recipe || !learns(e, Task::countdown)) return std::nullopt;
  const double share = saturated_countdown_share(e.data->dataset, e.data->split.train,
                                                 e.recipe->loss.countdown_target);
  if (!(share > kSaturated)) return std::nullopt;
  return finding(
      Severity::medium,
      fmt::format("{} of the training windows' countdown targets are clipped at {} bars, where "
                  "they only show on which side the span is. {} still count bars.",
                  percent(share), kFarthestCountdown, percent(1.0 - share)),
      {measured("countdown targets at the limit", 100.0 * share, "%", "windows",
                100.0 * kSaturated)},
      {{{"loss.countdown_target=masked"},
        "Exclude bars beyond the limit from the loss.",
        "The countdown loss measures only bars near the span."},
       {{"loss.tasks=[\"type\", \"ptr\", \"span\"]"},
        "Train without the countdown task.",
        "The encoder serves only the other tasks."}});
}

}  // namespace

std::vector<Rule> target_rules() {
  return {{"D2",
           "Target scales differ by more than 10x",
           "largest countdown target in Huber deltas; its standard deviation over that of the "
           "other targets",
           "above 10 deltas, or standard deviations more than 10x apart; up to 1 delta: note",
           "a hard task: its loss stays high but does not start 10x above the others",
           {"M1", "M2", "M3", "M8", "G4", "C1"},
           target_scale},
          {"D3",
           "Countdown targets are clipped",
           "fraction of the training windows' countdown targets at the limit",
           "above 30 %",
           "a wrong scale: mapping the targets to 0..1 removes D2 but not D3",
           {"M1", "M6"},
           saturated_targets}};
}

}  // namespace spanlab
