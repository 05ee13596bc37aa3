// Computes the detections in three ways and compares them at every bar.
#include "spanlab/detect/replay.h"

#include <algorithm>
#include <chrono>

#include "spanlab/bars/bars.h"
#include "spanlab/detect/detect.h"
#include "spanlab/detect/detection_builder.h"
#include "spanlab/detect/live_detector.h"

namespace spanlab {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int64_t kBarsBetweenReports = 256;

/// The detections committed within the first `rows` bars.
std::vector<Detection> committed_by(const std::vector<Detection>& all, int64_t rows) {
  std::vector<Detection> by;
  for (const Detection& d : all) {
    if (d.known_at < rows) by.push_back(d);
  }
  return by;
}

void stream_bars(const Detector& detector, const Bars& series, int delay, const Job& job,
                 ReplayResult& result) {
  LiveDetector live(detector, delay, job.thread_count(), true, series.bar_ms);
  std::vector<LiveEvent> events;
  const auto begin = Clock::now();
  double wait = 0;
  for (int64_t row = 0; row < series.size(); ++row) {
    live.push(series.bar(row), events);
    for (const LiveEvent& event : events) {
      result.withdrawn += event.kind == EventKind::withdrawn;
      if (event.kind != EventKind::committed) continue;
      wait += static_cast<double>(row - event.detection.end_row);
      result.committed.push_back(event.detection);
    }
    result.prefixes = row + 1;
    check_stop();
    job.report({"stream", row + 1, series.size(), {}, {}});
  }
  const std::chrono::duration<double> taken = Clock::now() - begin;
  result.seconds_a_bar = taken.count() / static_cast<double>(std::max<int64_t>(result.prefixes, 1));
  if (!result.committed.empty()) {
    result.mean_wait = wait / static_cast<double>(result.committed.size());
  }
}

/// Every bar with the window that decides it, scored in batches.
std::vector<DecidedBar> decided_bars(const Detector& detector, const Bars& series, int delay,
                                     int threads, SeenInputs& inputs) {
  std::vector<DecidedBar> bars;
  BarDecider decider(detector, delay, threads, kDetectBatch,
                     [&](const DecidedBar& bar) { bars.push_back(bar); });
  for (int64_t row = 0; row < series.size(); ++row) {
    decider.push(series.bar(row), series.gap_before(row));
  }
  decider.flush();
  inputs = decider.seen();
  return bars;
}

}  // namespace

ReplayResult replay(const Detector& detector, const Bars& series, int delay, int64_t anew,
                    const Job& job) {
  const StopScope scope(job);
  const int threads = job.thread_count();
  ReplayResult result;
  stream_bars(detector, series, delay, job, result);
  const Bars seen = prefix(series, result.prefixes);

  const std::vector<DecidedBar> bars = decided_bars(detector, seen, delay, threads, result.inputs);
  const double threshold = detector.at_delay(delay).threshold;
  for (int64_t rows = 1; rows <= result.prefixes; ++rows) {
    std::vector<Detection> found;
    DetectionBuilder builder(threshold, detector.shortest,
                             [&](const Detection& d) { found.push_back(d); });
    for (const DecidedBar& bar : bars) {
      if (bar.decided_at >= rows) break;
      builder.add(bar);
    }
    result.repaints += found != committed_by(result.committed, rows);
    if (rows % kBarsBetweenReports != 0) continue;
    check_stop();
    job.report({"prefixes", rows, result.prefixes, {}, {}});
  }
  for (int64_t i = 1; i <= anew && result.prefixes > 0; ++i) {
    check_stop();
    const int64_t rows = std::max<int64_t>(result.prefixes * i / anew, 1);
    std::vector<Detection> found =
        detect(detector, prefix(seen, rows), delay, {.threads = threads}).detections;
    std::erase_if(found, [](const Detection& d) { return !d.committed; });
    ++result.anew;
    result.repaints += found != committed_by(result.committed, rows);
  }
  return result;
}

}  // namespace spanlab
