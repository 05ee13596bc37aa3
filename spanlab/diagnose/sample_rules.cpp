// Windows on both sides of the split or with contradicting labels (D5), and a sample too
// small to show an effect (D6).
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

namespace spanlab {
namespace {

constexpr double kMuchLeaked = 0.05;  // of the validation windows
constexpr double kGroupShare = 0.7;   // groups over windows
constexpr int kPositiveBars = 50;     // among the validation windows
constexpr int kFewSpans = 5;          // likewise, distinct

// Windows that repeat another one's bars with other spans, or label shared bars differently.
struct Contradictions {
  int pairs = 0;
  int64_t bars = 0;
};

Contradictions contradictions(const RunData& data) {
  Contradictions found;
  for (const Conflict& conflict : conflicting_windows(data.windows, data.dataset.length)) {
    if (conflict.conflicting_bars == 0) continue;
    ++found.pairs;
    found.bars += conflict.conflicting_bars;
  }
  return found;
}

std::optional<Finding> shared_windows(const RunEvidence& e) {
  if (!e.data) return std::nullopt;
  const RunData& data = *e.data;
  const auto validation = static_cast<int64_t>(data.split.validation.size());
  const auto leaked =
      static_cast<int64_t>(leaking_windows(data.split, data.windows, data.dataset.length).size());
  const auto repeated = static_cast<int64_t>(duplicate_windows(data.windows).size());
  const Contradictions against = contradictions(data);
  if (leaked == 0 && repeated == 0 && against.pairs == 0) return std::nullopt;

  std::string text;
  std::vector<Evidence> evidence;
  std::vector<Remedy> remedies;
  Severity severity = Severity::note;
  if (leaked > 0) {
    const double share = static_cast<double>(leaked) / static_cast<double>(validation);
    severity = share > kMuchLeaked ? Severity::high : Severity::medium;
    text += fmt::format(
        "{} of {} validation windows share bars or a base window with a training window: their "
        "scores are not those of unseen bars. ",
        leaked, validation);
    evidence.push_back(measured("validation windows that share bars with training", 100.0 * share,
                                "%", "windows", 0.0));
    remedies.push_back(
        {{"split.kind=grouped"},
         "Keep windows that share bars on one side of the split.",
         "No validation window was seen in training. The scores may fall to their true level."});
  }
  if (repeated > 0) {
    severity = std::max(severity, Severity::medium);
    text += fmt::format(
        "{} another one with the same spans. ",
        repeated == 1 ? "One window repeats" : fmt::format("{} windows each repeat", repeated));
    evidence.push_back(
        measured("windows that repeat another", static_cast<double>(repeated), "", "windows", 0.0));
    remedies.push_back({{}, "Delete repeated windows.", "Each window counts once."});
  }
  if (against.pairs > 0) {
    severity = std::max(severity, Severity::medium);
    text += fmt::format("{} of windows that share bars disagree on the labels of {} bars. ",
                        counted(against.pairs, "pair"), against.bars);
    evidence.push_back(
        measured("pairs of windows with different labels", against.pairs, "", "windows", 0.0));
    evidence.push_back(measured("bars labelled in two ways", static_cast<double>(against.bars),
                                "bars", "windows"));
    remedies.push_back({{},
                        "Train with a spans file of the whole series, so that each window has "
                        "every span that it contains.",
                        "A bar has the same label in every window."});
  }
  text.pop_back();
  return finding(severity, text, std::move(evidence), std::move(remedies),
                 leaked > 0 ? "Training windows leak into validation"
                            : "Windows repeat or contradict one another");
}

// Half the width of the interval of the gain in average precision over answering the base rate, and
// that gain.
struct Effect {
  double gain, half_width;
};

std::optional<Effect> effect(const RunEvidence& e) {
  if (!e.evaluation) return std::nullopt;
  const auto ap = metric(e.evaluation->model.metrics, Metric::average_precision);
  if (!ap || !std::isfinite(ap->low) || !std::isfinite(ap->high)) return std::nullopt;
  return Effect{ap->value - e.evaluation->base_rate(), (ap->high - ap->low) / 2.0};
}

std::vector<Remedy> sample_remedies(const RunEvidence& e) {
  std::vector<Remedy> remedies;
  remedies.push_back({{},
                      "Label more windows, far apart from one another.",
                      "Intervals narrow with the square root of the number of groups."});
  remedies.push_back(
      {{},
       "Repeat the run over several splits and seeds, as the command `lab` does, and bootstrap "
       "whole groups.",
       "The variation between repetitions shows which differences are significant."});
  if (e.recipe && e.recipe->split.validation < 0.2) {
    remedies.insert(remedies.begin(), {{"split.validation=0.2"},
                                       "Use more windows for validation.",
                                       "The validation scores have narrower intervals."});
  }
  return remedies;
}

std::optional<Finding> small_sample(const RunEvidence& e) {
  if (!e.data) return std::nullopt;
  const RunData& data = *e.data;
  const EffectiveSample sample = effective_sample(data.windows, data.split, data.dataset.length);
  const auto windows = static_cast<int>(data.windows.size());
  const double share = static_cast<double>(data.split.groups) / windows;
  const bool dependent = data.split.groups > 0 && share < kGroupShare;
  const bool few_bars = sample.validation.positive_bars < kPositiveBars;
  const auto seen = effect(e);
  const bool wide = seen && seen->gain > 0.0 && seen->half_width > seen->gain;
  if (!dependent && !few_bars && !wide) return std::nullopt;

  std::string text = fmt::format(
      "{} windows form {} groups that share no bar: the effective sample is {} of the windows. The "
      "{} validation windows come from {} groups and contain {} distinct spans with {} bars "
      "inside.",
      windows, data.split.groups, percent(share), sample.validation.windows,
      sample.validation.groups, sample.validation.distinct_spans, sample.validation.positive_bars);
  std::vector<Evidence> evidence{
      measured("groups", data.split.groups, "", "windows", kGroupShare * windows),
      measured("windows", windows, "", "windows"),
      measured("validation bars inside spans", static_cast<double>(sample.validation.positive_bars),
               "bars", "windows", kPositiveBars),
      measured("distinct validation spans", sample.validation.distinct_spans, "", "windows")};
  if (sample.validation.windows == 0) {
    text =
        "There are no validation windows, so learning cannot be distinguished from memorising. " +
        text;
  }
  if (seen) {
    text += fmt::format(" Average precision is {} the base rate with an interval of +-{:.3f}{}.",
                        above_or_below(seen->gain, 3), seen->half_width,
                        wide ? ", wider than the effect" : "");
    evidence.push_back(measured("half width of the interval of average precision", seen->half_width,
                                "", "evaluation", std::max(seen->gain, 0.0)));
  }
  const bool hopeless = sample.validation.distinct_spans < kFewSpans;
  return finding(hopeless ? Severity::high : Severity::medium, text, std::move(evidence),
                 sample_remedies(e));
}

}  // namespace

std::vector<Rule> sample_rules() {
  return {
      {"D5",
       "Windows leak, repeat or contradict one another",
       "validation windows that share bars with training windows; repeated windows; windows with "
       "contradicting labels",
       "any; high above 5 % of the validation windows",
       "overlapping windows on one side of the split: these reduce the sample, see D6",
       {"G2", "R2"},
       shared_windows},
      {"D6",
       "Small effective sample",
       "groups of windows; validation bars inside spans; interval of average precision compared "
       "with its gain",
       "fewer groups than 70 % of the windows, fewer than 50 validation bars inside spans, or an "
       "interval wider than the gain",
       "a model without skill: the gain is near 0 and the interval narrow",
       {"R2"},
       small_sample},
  };
}

}  // namespace spanlab
