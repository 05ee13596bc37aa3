// Counts at a hundred thresholds.
#include "spanlab/detect/operating_points.h"

#include <fmt/format.h>

#include <algorithm>

#include "spanlab/base/error.h"
#include "spanlab/metrics/segment_scores.h"

namespace spanlab {
namespace {

constexpr double kDayMs = 24 * 3600 * 1000.0;

}  // namespace

std::vector<OperatingPoint> operating_points(const ScoredWindows& scored, int shortest,
                                             int64_t bar_ms) {
  std::vector<OperatingPoint> points;
  const auto length = static_cast<size_t>(scored.length);
  const double days =
      static_cast<double>(scored.mask.size()) * static_cast<double>(bar_ms) / kDayMs;
  for (int percent = 1; percent < 100; ++percent) {
    const double threshold = percent / 100.0;
    double hits = 0, predicted = 0, inside = 0, detections = 0;
    for (size_t w = 0; w < static_cast<size_t>(scored.windows); ++w) {
      const std::span<const float> mask = scored.mask.subspan(w * length, length);
      for (const float bar : mask) inside += static_cast<double>(bar);
      for (const BarSegment& run :
           segments_above(scored.probability.subspan(w * length, length), threshold)) {
        if (run.length() < shortest) continue;
        ++detections;
        predicted += run.length();
        for (int t = run.start; t <= run.end; ++t) {
          hits += static_cast<double>(mask[static_cast<size_t>(t)]);
        }
      }
    }
    if (predicted == 0) break;
    points.push_back({.threshold = threshold,
                      .precision = hits / predicted,
                      .recall = inside > 0 ? hits / inside : 0,
                      .per_day = detections / days});
  }
  return points;
}

double threshold_for_precision(std::span<const OperatingPoint> points, double precision) {
  size_t first = points.size();
  while (first > 0 && points[first - 1].precision >= precision) --first;
  if (first < points.size()) return points[first].threshold;
  double best = 0;
  for (const OperatingPoint& point : points) best = std::max(best, point.precision);
  throw Error(fmt::format("no threshold reaches a precision of {:.3g}", precision),
              fmt::format("the highest precision of the detector is {:.3g}", best));
}

double threshold_for_rate(std::span<const OperatingPoint> points, double per_day) {
  size_t first = points.size();
  while (first > 0 && points[first - 1].per_day <= per_day) --first;
  if (first < points.size()) return points[first].threshold;
  throw Error(fmt::format("no threshold gives at most {:.3g} detections a day", per_day),
              points.empty() ? "the detector predicts nothing at any threshold"
                             : fmt::format("at the highest threshold the detector gives {:.3g}",
                                           points.back().per_day));
}

}  // namespace spanlab
