// An evaluation made by hand for golden pages: every number differs from the others.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "spanlab/metrics/evaluation.h"

namespace spanlab::test {

/// All metrics with intervals; `place` tells one predictor from another.
inline std::vector<Interval> made_intervals(double start, double step, double low, double high) {
  std::vector<Interval> intervals;
  for (int m = 0; m < kMetricCount; ++m) {
    const double value = start + step * m;
    intervals.push_back({value, value - low - 0.0013 * m, value + high + 0.0017 * m});
  }
  return intervals;
}

inline Judged made_judged(std::string name, double place) {
  return {std::move(name),
          "",
          0.31 + 0.02 * place,
          {},
          {},
          made_intervals(0.137 * (place + 1), 0.0171, 0.031 + 0.002 * place, 0.053 + 0.003 * place),
          made_intervals(0.213 - 0.061 * place, 0.0111, 0.117, 0.133)};
}

/// 7 windows of 5 bars; of three trivial predictors one is beaten beyond doubt.
inline Evaluation made_evaluation() {
  Evaluation e;
  e.tested_on = "windows made by hand";
  e.threshold_from = "other windows";
  e.windows = 7;
  e.length = 5;
  e.groups = 6;
  e.spans = 8;
  e.positives = 11;
  e.train_windows = 23;
  e.group = {0, 1, 2, 3, 4, 5, 5};
  for (int bar = 0; bar < 35; ++bar) {
    e.mask.push_back(bar % 3 == 1 && bar < 33 ? 1.0F : 0.0F);
    e.model.test_scores.push_back(static_cast<float>(0.05 + 0.02 * bar + 0.1 * (bar % 4)));
  }
  const std::vector<float> scores = e.model.test_scores;
  e.model = made_judged("model", 2.5);
  e.model.threshold = 0.417;
  e.model.description = "the run's last epoch";
  e.model.test_scores = scores;
  e.model.gain.clear();
  double place = 0;
  for (const char* name : {"position_prior", "momentum", "logistic"}) {
    e.trivial.push_back(made_judged(name, place++));
    e.trivial.back().description = std::string("what ") + name + " does";
  }
  e.tasks = {6, 0.71, 0.67, 0.53, 7.1, 9.3, 3.7, 4.9, 5.9, 8.3};
  e.chance = {0.314, 0.478, 0.087, 10.7, 12.9};
  return e;
}

}  // namespace spanlab::test
