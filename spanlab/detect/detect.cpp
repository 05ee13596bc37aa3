// Pushes the bars of a series through the same way that live bars go.
#include "spanlab/detect/detect.h"

#include <limits>

namespace spanlab {
namespace {

constexpr int64_t kProgressBars = 4096;

}  // namespace

SeriesDetections detect(const Detector& detector, const Series& series, int delay, int threads,
                        const std::function<bool(int64_t)>& on_progress) {
  SeriesDetections found;
  found.probability.assign(static_cast<size_t>(series.size()),
                           std::numeric_limits<float>::quiet_NaN());
  bool committed = true;
  DetectionBuilder builder(detector.at_delay(delay).threshold, detector.shortest,
                           [&](Detection detection) {
                             detection.committed = committed;
                             found.detections.push_back(detection);
                           });
  const auto take = [&](const DecidedBar& bar) {
    found.probability[static_cast<size_t>(bar.row)] = bar.probability;
    builder.add(bar);
  };
  BarDecider decider(detector, delay, threads, kDetectBatch, take);
  for (int64_t row = 0; row < series.size(); ++row) {
    decider.push(series.bar(row), series.gap_before(row));
    const bool told = on_progress && row % kProgressBars == kProgressBars - 1;
    if (told && !on_progress(row + 1)) return found;
  }
  decider.flush();
  committed = false;
  for (const DecidedBar& bar : decider.undecided()) take(bar);
  builder.end(series.size() - 1);
  return found;
}

}  // namespace spanlab
