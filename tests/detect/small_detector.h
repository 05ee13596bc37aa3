// A small detector with weights as they are drawn, and bars for it.
#pragma once

#include <algorithm>
#include <cmath>
#include <vector>

#include "spanlab/base/random.h"
#include "spanlab/detect/detect.h"
#include "spanlab/detect/detector.h"
#include "spanlab/model/jade.h"
#include "spanlab/recipe/jade_config.h"

namespace spanlab {

/// Windows of 12 bars every 3 bars, delays of 0, 4 and 9 bars, two members of 16 units. Weights are
/// four times as large as training starts with, so that probabilities differ from bar to bar.
inline Detector small_detector(SpanHead head = SpanHead::bar) {
  Detector detector;
  Recipe& recipe = detector.recipe;
  recipe.data.window = 12;
  recipe.data.features = {"close_norm", "body_pct", "range_z", "dist_to_prev_SH"};
  recipe.model.hidden = 16;
  recipe.model.projection = 4;
  recipe.model.span_head = head;
  recipe.model.longest_span = 5;
  const ParameterTable table = Jade<float>(jade_config(recipe.model, 12, 4)).table();
  for (const uint64_t seed : {1u, 2u}) {
    detector.members.emplace_back(table.size());
    table.initialise(seed, detector.members.back().data());
    for (float& value : detector.members.back()) value *= 4;
  }
  detector.calibration = {1.5, 0.25};
  detector.stride = 3;
  detector.shortest = 2;
  detector.delays = {
      {0, 0.5, 0.1, 0.2, 0.3, 0.4}, {4, 0.5, 0.6, 0.7, 0.8, 0.9}, {9, 0.5, 1.0 / 3, 0, 1, 0.125}};
  detector.default_delay = 4;
  detector.points = {{0.25, 0.5, 1.0 / 3, 7}, {0.75, 0.9, 0.1, 1.5}};
  detector.bar_ms = 60'000;
  detector.inputs = {{0, 1}, {0.1, 2}, {1.0 / 3, 3}, {-1e-9, 4}};
  detector.data_hash = "0123456789abcdef";
  detector.version = "1.2.3";
  return detector;
}

/// `bars` bars of a random walk, one a minute; bars are missing before each row of `gaps`.
inline Bars walk(int64_t bars, const std::vector<int64_t>& gaps = {}) {
  RandomStream random(3, Purpose::market);
  Bars series;
  series.bar_ms = 60'000;
  double price = 1000;
  int64_t time = 0;
  for (int64_t row = 0; row < bars; ++row) {
    const double open = price;
    price += 2 * random.normal();
    if (std::find(gaps.begin(), gaps.end(), row) != gaps.end()) time += 3'600'000;
    series.time_ms.push_back(time);
    series.open.push_back(open);
    series.high.push_back(std::max(open, price) + random.uniform());
    series.low.push_back(std::min(open, price) - random.uniform());
    series.close.push_back(price);
    series.volume.push_back(1 + random.uniform());
    time += series.bar_ms;
  }
  return series;
}

/// A small detector that finds something there: its threshold at every delay is the median
/// probability of the series' bars.
inline Detector detector_for(const Bars& series) {
  Detector detector = small_detector();
  for (DelayRow& row : detector.delays) {
    std::vector<float> sorted;
    for (const float p : detect(detector, series, row.delay, {.threads = 1}).probability) {
      if (!std::isnan(p)) sorted.push_back(p);
    }
    std::nth_element(sorted.begin(), sorted.begin() + static_cast<ptrdiff_t>(sorted.size() / 2),
                     sorted.end());
    row.threshold = static_cast<double>(sorted[sorted.size() / 2]);
  }
  return detector;
}

inline std::vector<Detection> committed_ones(std::vector<Detection> all) {
  std::erase_if(all, [](const Detection& detection) { return !detection.committed; });
  return all;
}

}  // namespace spanlab
