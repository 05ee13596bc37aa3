// Proves that a detector does not repaint: compares a stream of bars with the result for each
// prefix.
#pragma once

#include <cstdint>
#include <vector>

#include "spanlab/bars/bars.h"
#include "spanlab/base/job.h"
#include "spanlab/detect/detect.h"
#include "spanlab/detect/detector.h"

namespace spanlab {

struct ReplayResult {
  int64_t prefixes = 0;  ///< of the series, each compared with what the stream had committed
  int64_t repaints = 0;  ///< prefixes whose committed detections differ from the stream's
  int64_t anew = 0;      ///< prefixes among them that were detected from nothing once more
  std::vector<Detection> committed;  ///< by the stream
  int64_t withdrawn = 0;             ///< provisional detections that came to nothing
  double mean_wait = 0;              ///< bars from a detection's end to its commitment
  double seconds_a_bar = 0;          ///< of the stream alone
  SeenInputs inputs;                 ///< see input_warnings()
};

/// Streams the bars one by one. Then, for every prefix of the series, builds the detections from
/// the bars that windows scored in batches decide within it, and compares them with what the stream
/// had committed by then; for `anew` prefixes, evenly spread, detect() runs on a copy of the prefix
/// that knows of no later bar. Progress: stages "stream" and "prefixes", a step a bar. Throws Error
/// as Detector::at_delay() does, Stopped.
ReplayResult replay(const Detector& detector, const Bars& series, int delay, int64_t anew,
                    const Job& job = {});

}  // namespace spanlab
