// Losses of predictions that ignore the inputs.
#include "spanlab/diagnose/trivial_losses.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "spanlab/model/jade.h"

namespace spanlab {
namespace {

double huber_of(const std::vector<float>& targets, double answer, double delta) {
  double sum = 0;
  for (const float target : targets) {
    const double e = std::abs(answer - static_cast<double>(target));
    sum += e <= delta ? e * e / 2 : delta * (e - delta / 2);
  }
  return sum / static_cast<double>(targets.size());
}

// The Huber loss is convex in the answer: the slope's sign shows on which side the minimum lies.
double best_huber(const std::vector<float>& targets, double delta) {
  constexpr int kHalvings = 40;
  const auto [low_it, high_it] = std::minmax_element(targets.begin(), targets.end());
  double low = *low_it, high = *high_it;
  for (int k = 0; k < kHalvings; ++k) {
    const double middle = (low + high) / 2;
    double slope = 0;
    for (const float target : targets) {
      slope += std::clamp(middle - static_cast<double>(target), -delta, delta);
    }
    (slope > 0 ? high : low) = middle;
  }
  return huber_of(targets, (low + high) / 2, delta);
}

// Targets of the windows that have a labelled span.
struct LabelledTargets {
  std::array<double, kTypeClasses> types{};
  std::array<std::vector<float>, kPointers> pointers;
  std::vector<float> countdown;
};

LabelledTargets labelled_targets(const Dataset& dataset, const std::vector<int>& windows) {
  LabelledTargets targets;
  const auto length = static_cast<size_t>(dataset.length);
  for (const int window : windows) {
    const auto w = static_cast<size_t>(window);
    if (!dataset.labelled[w]) continue;
    targets.types[static_cast<size_t>(dataset.type[w])] += 1;
    for (size_t k = 0; k < kPointers; ++k) {
      targets.pointers[k].push_back(dataset.pointers[kPointers * w + k]);
    }
    const bool all = dataset.countdown_counted.empty();
    for (size_t bar = w * length; bar < (w + 1) * length; ++bar) {
      if (all || dataset.countdown_counted[bar])
        targets.countdown.push_back(dataset.countdown[bar]);
    }
  }
  return targets;
}

void add_span(const LossConfig& loss, SpanHead head, const Dataset& dataset,
              const std::vector<int>& windows, TrivialLosses& losses) {
  const auto length = static_cast<size_t>(dataset.length);
  double positives = 0;
  for (const int window : windows) {
    const size_t first = static_cast<size_t>(window) * length;
    for (size_t bar = first; bar < first + length; ++bar) positives += dataset.mask[bar] > 0;
  }
  const double bars = static_cast<double>(windows.size() * length);
  losses.base_rate = positives / bars;
  const double inside = loss.span_pos_weight * losses.base_rate;
  const double outside = 1 - losses.base_rate;
  const double p = inside / (inside + outside);
  const auto part = [](double weight, double q) { return weight > 0 ? -weight * std::log(q) : 0; };
  if (head != SpanHead::bar || !loss.is_cross_entropy()) return;
  constexpr auto kSpan = static_cast<size_t>(Task::span);
  losses.untrained[kSpan] = (inside + outside) * std::log(2.0);
  losses.constant[kSpan] = part(inside, p) + part(outside, 1 - p);
}

}  // namespace

TrivialLosses trivial_losses(const LossConfig& loss, SpanHead head, const Dataset& dataset,
                             const std::vector<int>& windows) {
  TrivialLosses losses;
  if (windows.empty()) return losses;
  add_span(loss, head, dataset, windows, losses);
  const LabelledTargets targets = labelled_targets(dataset, windows);
  if (targets.pointers[0].empty()) return losses;
  constexpr auto kType = static_cast<size_t>(Task::type), kPtr = static_cast<size_t>(Task::ptr),
                 kCountdown = static_cast<size_t>(Task::countdown);
  losses.untrained[kType] = std::log(static_cast<double>(kTypeClasses));
  double entropy = 0;
  const auto labelled = static_cast<double>(targets.pointers[0].size());
  for (const double count : targets.types) {
    if (count > 0) entropy -= count / labelled * std::log(count / labelled);
  }
  losses.constant[kType] = entropy;
  double half = 0, best = 0;
  for (const std::vector<float>& pointer : targets.pointers) {
    half += huber_of(pointer, 0.5, loss.pointer_delta) / kPointers;
    best += best_huber(pointer, loss.pointer_delta) / kPointers;
  }
  losses.untrained[kPtr] = half;
  losses.constant[kPtr] = best;
  if (targets.countdown.empty()) return losses;
  losses.untrained[kCountdown] = huber_of(targets.countdown, 0, loss.countdown_delta);
  losses.constant[kCountdown] = best_huber(targets.countdown, loss.countdown_delta);
  return losses;
}

}  // namespace spanlab
