// Options that several commands share, and the files that they name. Faults of bars do not stop a
// command, because data are never repaired silently, but they are reported.
#include "cli/shared_options.h"

#include <fmt/format.h>

#include <cstdio>
#include <utility>

#include "cli/exit_status.h"
#include "cli/output.h"
#include "spanlab/bars/check.h"
#include "spanlab/bars/csv_bars.h"
#include "spanlab/base/error.h"
#include "spanlab/base/text.h"
#include "spanlab/detect/detect.h"

namespace spanlab::cli {

void add_threads_option(Options& options, int& threads) {
  options.option("--threads", threads, IntegerRange{0, 1024},
                 "Threads, 0 for one per processor; the result does not depend on it");
}

void add_length_option(Options& options, int& length) {
  options.option("--length", length, IntegerRange{1, 1'000'000}, "Bars in a window");
}

void add_start_option(Options& options, std::string& start) {
  options.option("--start-from", start,
                 "Initial weights, for tensors whose names and shapes match: from `" +
                     program_name() + " pretrain`, or a run's best_model.safetensors");
}

void HeldOutOptions::add_to(Options& options) {
  options.option("--test-spans", spans,
                 "Spans file of the whole series: test on consecutive windows after the run's "
                 "windows, instead of on the validation windows");
  options.option("--test-from", first_row, IntegerRange{0, kNoLimit},
                 "First row to test on (default: a window's length after the last window)");
}

std::optional<HeldOut> HeldOutOptions::read(const Labelled* labelled) const {
  if (spans.empty()) {
    if (!first_row) return {};
    throw UsageError("--test-from needs --test-spans, the spans to compare with",
                     "give --test-spans too");
  }
  HeldOut held_out;
  const bool known =
      labelled != nullptr && labelled->spans && same_file(labelled->names.spans, spans);
  held_out.spans = known ? *labelled->spans : read_spans(spans);
  held_out.name = spans;
  if (first_row) held_out.first_row = *first_row;
  return held_out;
}

void note_faults(const std::string& file, int64_t faults) {
  if (faults == 0) return;
  fmt::print(stderr, "note: {} in {}; {} bars check {} lists {}\n", counted(faults, "fault"), file,
             program_name(), file, faults == 1 ? "it" : "them");
}

Labelled load_labelled(const LabelledFiles& files, int length) {
  Labelled labelled = read_labelled(files, length);
  note_faults(files.bars.string(), check_bars(labelled.bars).faults());
  return labelled;
}

StartWeights load_start(const std::string& file) {
  return file.empty() ? StartWeights() : read_start_weights(file);
}

Bars load_bars(const std::string& file) {
  Bars series = read_bars(file);
  note_faults(file, check_bars(series).faults());
  return series;
}

void DetectorOptions::add_to(Options& options) {
  options
      .positional("detector", file,
                  fmt::format("Detector file, as written by `{} fit`", program_name()))
      .required();
  options.settings(settings_of(use));
}

Detector DetectorOptions::read() const {
  try {
    check_use(use);
  } catch (const Error& e) {
    throw UsageError(e.what(), e.hint());
  }
  return used_as(read_detector(file), use);
}

void warn_of_inputs(const Detector& detector, const Bars& series, const SeenInputs& inputs) {
  for (const std::string& warning : input_warnings(detector, series, inputs)) {
    fmt::print(stderr, "warning: {}\n", warning);
  }
}

}  // namespace spanlab::cli
