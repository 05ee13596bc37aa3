// Made-up results in which every number differs from its neighbours, so that a swap shows.
#pragma once

#include <string>
#include <vector>

#include "spanlab/fit/fit.h"
#include "spanlab/lab/lab.h"
#include "spanlab/metrics/evaluation.h"

namespace spanlab::test {

/// [kMetricCount] intervals in thousandths: metric m is `first` + 10 m, from 21 below to 34 above.
inline std::vector<Interval> made_up_metrics(int first) {
  std::vector<Interval> metrics;
  for (int m = 0; m < kMetricCount; ++m) {
    const int value = first + 10 * m;
    metrics.push_back({value / 1000.0, (value - 21) / 1000.0, (value + 34) / 1000.0});
  }
  return metrics;
}

inline Judged made_up_judged(const std::string& name, int first, int gain, double threshold) {
  Judged judged{name, "what " + name + " does", threshold, {}, {}, made_up_metrics(first), {}};
  if (gain != 0) judged.gain = made_up_metrics(gain);
  return judged;
}

/// 7 windows of 10 bars; momentum is the trivial predictor of the highest average precision.
inline Evaluation made_up_evaluation() {
  Evaluation evaluation;
  evaluation.tested_on = "seven made-up windows";
  evaluation.threshold_from = "other made-up windows";
  evaluation.length = 10;
  evaluation.windows = 7;
  evaluation.groups = 5;
  evaluation.spans = 6;
  evaluation.positives = 14;
  evaluation.train_windows = 20;
  evaluation.group = {0, 0, 1, 2, 3, 3, 4};
  for (int i = 0; i < 70; ++i) evaluation.mask.push_back(i % 5 == 0 ? 1.0f : 0.0f);
  evaluation.model = made_up_judged("model", 411, 0, 0.37);
  for (int i = 0; i < 70; ++i) {
    evaluation.model.test_scores.push_back(static_cast<float>(i % 10) / 10.0f);
  }
  evaluation.trivial = {made_up_judged("base rate", 152, 263, 0.21),
                        made_up_judged("momentum", 343, -14, 0.43),
                        made_up_judged("range", 234, 175, 0.65)};
  evaluation.tasks = {7, 0.61, 0.58, 0.53, 3.1, 4.2, 5.3, 6.4, 7.5, 8.6};
  evaluation.chance = {0.2, 0.333, 0.117, 2.5, 3.5};
  return evaluation;
}

inline Finding made_up_finding(const std::string& rule, Severity severity) {
  Finding finding;
  finding.rule = rule;
  finding.severity = severity;
  finding.title = "title of " + rule;
  finding.explanation = "Explanation of " + rule + ".";
  return finding;
}

/// Four recipes of two runs each; the third, span-only, is the best and helps.
inline LabResult made_up_lab() {
  LabResult result;
  result.held_out = true;
  const auto add = [&](const Experiment& experiment, int metrics, int difference, Verdict verdict) {
    RecipeResult recipe{experiment, {}, {}, {}, {}, verdict};
    recipe.recipe.train.epochs = metrics;
    for (const char* run : {"-1-aaaa", "-2-bbbb"}) {
      recipe.runs.push_back(std::filesystem::path("somewhere/runs") / (experiment.name + run));
    }
    recipe.metrics = made_up_metrics(metrics);
    if (difference != 0) recipe.difference = made_up_metrics(difference);
    result.recipes.push_back(std::move(recipe));
  };
  add({kBaseline, {}, "the unchanged recipe"}, 311, 0, Verdict::no_evidence);
  add({kNoCountdown, {"loss.tasks=[\"span\", \"type\"]"}, "option 1"}, 203, -108, Verdict::hurts);
  add({kSpanOnly, {"loss.tasks=[\"span\"]", "balancing.method=sum"}, "option 3"}, 505, 194,
      Verdict::helps);
  add({"remedy-M1", {"train.epochs=20"}, "remedy of M1: train longer"}, 317, 6,
      Verdict::no_evidence);
  result.findings = {made_up_finding("M1", Severity::high), made_up_finding("B2", Severity::medium),
                     made_up_finding("D3", Severity::note)};
  result.baseline = made_up_evaluation();
  result.path = {{{kNoCountdown, 0.0812, "first decision"}, {kSpanOnly, 0.1934, "second decision"}},
                 kSpanOnly};
  result.best = 2;
  return result;
}

/// Two members and three delays; the second is the default.
inline Detector made_up_detector() {
  Detector detector;
  detector.recipe.data.window = 10;
  detector.recipe.data.features.resize(9);
  detector.members = {{1, 2}, {3, 4}};
  detector.stride = 3;
  detector.delays = {{0, 0.31, 0.412, 0.513, 0.614, 0.715},
                     {4, 0.32, 0.423, 0.524, 0.625, 0.726},
                     {7, 0.33, 0.434, 0.535, 0.636, 0.737}};
  detector.default_delay = 4;
  return detector;
}

inline FitResult made_up_fit() {
  FitResult fit;
  fit.detector = made_up_detector();
  fit.threshold = 0.29;
  fit.folds = made_up_metrics(221);
  fit.windows = 24;
  fit.groups = 18;
  fit.test = made_up_evaluation();
  fit.member = made_up_metrics(332);
  return fit;
}

}  // namespace spanlab::test
