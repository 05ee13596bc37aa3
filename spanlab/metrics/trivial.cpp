// Each predictor gives scores for any windows; what it fits comes from the training windows.
#include "spanlab/metrics/trivial.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <numeric>
#include <utility>

#include "spanlab/base/error.h"
#include "spanlab/base/job.h"
#include "spanlab/metrics/probe.h"
#include "spanlab/metrics/ranking.h"
#include "spanlab/metrics/surroundings.h"

namespace spanlab {
namespace {

constexpr int kLongestMomentum = 20;  // bars
constexpr int kSmoothing = 5;         // places to either side that the position prior looks at

using Scores = std::vector<float>;  // [N, T]

// What the predictors need of a window set, made once.
struct Side {
  const WindowSet& set;
  int length;                      // T
  std::vector<float> mask;         // [N, T]
  std::vector<Surroundings> bars;  // [N]
};

Side side_of(const WindowSet& set) {
  check_window_set(set);
  const int length = set.dataset->length;
  Side side{set, length, chosen_rows(set.dataset->mask, length, set.chosen), {}};
  for (const int window : set.chosen) {
    side.bars.push_back(surroundings(*set.series,
                                     (*set.windows)[static_cast<size_t>(window)].rows(length),
                                     kScaleBars + kLongestMomentum));
  }
  return side;
}

void check_pair(const Dataset& train, const Dataset& test) {
  if (train.length == test.length && train.feature_names == test.feature_names) return;
  throw Error(
      fmt::format("trivial predictors: trained on {} bars of {} features, tested on {} bars "
                  "of {} features",
                  train.length, train.features, test.length, test.features),
      "build both datasets with the same length and features");
}

ScoreLevels levels_of(const RankedBars& ranked, size_t windows) {
  return ranked.weigh(std::vector<double>(windows, 1.0));
}

RankedBars ranked_bars(const Side& side, const Scores& scores) {
  return RankedBars({.windows = static_cast<int>(side.bars.size()),
                     .length = side.length,
                     .probability = scores,
                     .mask = side.mask,
                     .group = {}});
}

double precision_of(const Side& side, const Scores& scores) {
  const RankedBars ranked = ranked_bars(side, scores);
  return average_precision(levels_of(ranked, side.bars.size()));
}

double threshold_of(const Side& side, const Scores& scores) {
  const RankedBars ranked = ranked_bars(side, scores);
  return best_f1_threshold(levels_of(ranked, side.bars.size()));
}

// The same for every window. `by_place`: [T].
Scores same_in_each_window(const Side& side, const std::vector<float>& by_place) {
  Scores scores;
  for (size_t i = 0; i < side.bars.size(); ++i) {
    scores.insert(scores.end(), by_place.begin(), by_place.end());
  }
  return scores;
}

// [T] share of labelled bars at each place of the window.
std::vector<double> share_by_place(const Side& train) {
  std::vector<double> share(static_cast<size_t>(train.length), 0.0);
  for (size_t i = 0; i < train.mask.size(); ++i) share[i % share.size()] += train.mask[i];
  for (double& value : share) value /= static_cast<double>(std::max<size_t>(train.bars.size(), 1));
  return share;
}

// [T] weighted means of the places around, by those that exist.
std::vector<float> smoothed(const std::vector<double>& values) {
  const auto count = static_cast<int>(values.size());
  std::vector<float> out;
  for (int t = 0; t < count; ++t) {
    double sum = 0.0, weights = 0.0;
    for (int i = std::max(0, t - kSmoothing); i <= std::min(count - 1, t + kSmoothing); ++i) {
      const double weight = kSmoothing + 1 - std::abs(i - t);
      sum += weight * values[static_cast<size_t>(i)];
      weights += weight;
    }
    out.push_back(static_cast<float>(sum / weights));
  }
  return out;
}

// From 0 .. infinity to 0 .. 1, in order.
float squashed(double x) {
  return static_cast<float>(x / (1.0 + x));
}

// squashed(ratio(bars, place)) of every bar.
template <class Ratio>
Scores bar_by_bar(const Side& side, Ratio ratio) {
  Scores scores;
  for (const Surroundings& bars : side.bars) {
    for (int i = bars.lead; i < bars.count; ++i) scores.push_back(squashed(ratio(bars, i)));
  }
  return scores;
}

Scores range_scores(const Side& side) {
  return bar_by_bar(side, [](const Surroundings& bars, int i) {
    return bars.range[static_cast<size_t>(i)] / mean_size(bars.range, i - kScaleBars + 1, i);
  });
}

Scores momentum_scores(const Side& side, int k) {
  return bar_by_bar(side, [k](const Surroundings& bars, int i) {
    // Place 0 has no change.
    return std::abs(bars.move(i, k)) / mean_size(bars.change, std::max(1, i - kScaleBars + 1), i);
  });
}

int tuned_momentum(const Side& train) {
  int best = 1;
  double highest = -1.0;
  for (int k = 1; k <= kLongestMomentum; ++k) {
    check_stop();
    const double precision = precision_of(train, momentum_scores(train, k));
    if (!(precision > highest)) continue;
    highest = precision;
    best = k;
  }
  return best;
}

ProbeInput probe_input(const Side& side, const std::vector<float>& values) {
  return {.windows = static_cast<int>(side.bars.size()),
          .length = side.length,
          .width = side.set.dataset->features,
          .values = values};
}

std::vector<float> features_of(const Side& side) {
  const Dataset& data = *side.set.dataset;
  return chosen_rows(data.input.get(), data.length * data.features, side.set.chosen);
}

// Takes what each predictor says of both sides and adds the threshold.
class Collection {
 public:
  Collection(const Side& train, const Side& test) : train_(train), test_(test) {}

  void add(const char* name, std::string description, Scores on_train, Scores on_test) {
    const double threshold = threshold_of(train_, on_train);
    all_.push_back(
        {name, std::move(description), std::move(on_train), std::move(on_test), threshold});
  }
  // `by_place`: [T], the same in each window.
  void add_by_place(const char* name, std::string description, const std::vector<float>& by_place) {
    add(name, std::move(description), same_in_each_window(train_, by_place),
        same_in_each_window(test_, by_place));
  }
  std::vector<TrivialPredictor> take() { return std::move(all_); }

 private:
  const Side& train_;
  const Side& test_;
  std::vector<TrivialPredictor> all_;
};

void add_places(const Side& train, Collection& all) {
  const std::vector<double> share = share_by_place(train);
  const double base_rate =
      std::accumulate(share.begin(), share.end(), 0.0) / static_cast<double>(share.size());
  all.add_by_place("all_positive", "every bar is predicted",
                   std::vector<float>(share.size(), 1.0f));
  all.add_by_place(
      "base_rate",
      fmt::format("the fraction of labelled training bars, {:.4f}, at every bar", base_rate),
      std::vector<float>(share.size(), static_cast<float>(base_rate)));
  all.add_by_place("position_prior",
                   "fraction of labelled training bars at this position of the window, smoothed",
                   smoothed(share));
}

void add_momentum(const Side& train, const Side& test, Collection& all) {
  const int k = tuned_momentum(train);
  all.add("momentum",
          fmt::format("absolute {}-bar momentum over the mean change of {} bars, k of 1..{} tuned "
                      "on the training windows",
                      k, kScaleBars, kLongestMomentum),
          momentum_scores(train, k), momentum_scores(test, k));
}

void add_logistic(const Side& train, const Side& test, Collection& all) {
  const std::vector<float> train_features = features_of(train), test_features = features_of(test);
  const ProbeInput fitted = probe_input(train, train_features);
  const ProbeSettings settings;
  const LogisticProbe probe(fitted, train.mask, settings);
  all.add(
      "logistic",
      fmt::format(
          "logistic regression on {} features and their absolute values, {} bars on either side",
          probe.kept(), settings.context),
      probe.scores(fitted), probe.scores(probe_input(test, test_features)));
}

}  // namespace

std::vector<TrivialPredictor> trivial_predictors(const WindowSet& train_set,
                                                 const WindowSet& test_set) {
  check_pair(*train_set.dataset, *test_set.dataset);
  const Side train = side_of(train_set), test = side_of(test_set);
  if (train.mask.empty()) {
    throw Error("trivial predictors: there is no training window", "choose at least one window");
  }
  Collection all(train, test);
  add_places(train, all);
  all.add("range", fmt::format("high minus low over its mean of {} bars", kScaleBars),
          range_scores(train), range_scores(test));
  add_momentum(train, test, all);
  add_logistic(train, test, all);
  return all.take();
}

}  // namespace spanlab
