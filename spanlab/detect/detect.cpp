// Pushes the bars of a series through the code that live bars pass through.
#include "spanlab/detect/detect.h"

#include <limits>

#include "spanlab/detect/detection_builder.h"

namespace spanlab {
namespace {

constexpr int64_t kProgressBars = 1024;  // a stop is noticed in 0.1 s, with the slowest kernels too

}  // namespace

SeriesDetections detect(const Detector& detector, const Bars& series, int delay, const Job& job) {
  const StopScope scope(job);
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
  BarDecider decider(detector, delay, job.thread_count(), kDetectBatch, take);
  for (int64_t row = 0; row < series.size(); ++row) {
    decider.push(series.bar(row), series.gap_before(row));
    if (row % kProgressBars != kProgressBars - 1) continue;
    check_stop();
    job.report({"detection", row + 1, series.size(), {}, {}});
  }
  decider.flush();
  committed = false;
  for (const DecidedBar& bar : decider.undecided()) take(bar);
  builder.end(series.size() - 1);
  found.inputs = decider.seen();
  return found;
}

}  // namespace spanlab
