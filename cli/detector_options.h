// The detector of a command and how it is used: file, delay, threshold, shortest span.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

#include "spanlab/bars/series.h"
#include "spanlab/detect/detector.h"

namespace spanlab::cli {

struct DetectorOptions {
  std::string file;
  int delay = -1;         ///< below 0: the detector's own
  double threshold = -1;  ///< below 0: the detector's, of best F1
  double precision = -1;  ///< below 0: not asked for
  double per_day = -1;    ///< likewise
  int shortest = 0;       ///< 0: the detector's own

  void add_to(CLI::App& command);
  /// The detector, its threshold and shortest span replaced if asked for. Throws Error.
  Detector read() const;
  int delay_of(const Detector& detector) const {
    return delay < 0 ? detector.default_delay : delay;
  }
};

/// Bars for the detector; what makes them unlike those of its training goes to stderr as warnings.
Series load_bars_for(const Detector& detector, const std::string& file);

}  // namespace spanlab::cli
