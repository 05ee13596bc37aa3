// Options that several commands share, and the files that they name.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "cli/options.h"
#include "spanlab/bars/bars.h"
#include "spanlab/detect/detect.h"
#include "spanlab/detect/detector.h"
#include "spanlab/evaluate/held_out.h"
#include "spanlab/windows/labelled.h"

namespace spanlab::cli {

void add_threads_option(Options& options, int& threads);

/// --length, of windows.
void add_length_option(Options& options, int& length);

/// --start-from, of the commands that train.
void add_start_option(Options& options, std::string& start);

/// --test-spans and --test-from: a held-out stretch.
struct HeldOutOptions {
  std::string spans;
  std::optional<int64_t> first_row;

  void add_to(Options& options);
  /// Reads --test-spans; none without it. `labelled`: has been read; if its spans are of the same
  /// file, they are taken. Throws UsageError for --test-from alone.
  std::optional<HeldOut> read(const Labelled* labelled = nullptr) const;
};

/// Tells stderr that the bars of `file` have so many faults and how to see them; nothing at 0.
void note_faults(const std::string& file, int64_t faults);

/// read_labelled(), then note_faults(). `length`: bars in a window. Throws as the readers do.
Labelled load_labelled(const LabelledFiles& files, int length);

/// The weights of --start-from; none without it.
StartWeights load_start(const std::string& file);

/// read_bars(), then note_faults() with what check_bars() counts. Throws as read_bars() does.
Bars load_bars(const std::string& file);

/// The detector of a command and how it is used: file, delay, threshold, shortest span.
struct DetectorOptions {
  std::string file;
  DetectorUse use;

  void add_to(Options& options);
  /// The detector as it is to be used. Throws Error; UsageError where options exclude one another.
  Detector read() const;
};

/// What makes bars unlike those of the detector's training goes to stderr as warnings.
void warn_of_inputs(const Detector& detector, const Bars& series, const SeenInputs& inputs);

}  // namespace spanlab::cli
