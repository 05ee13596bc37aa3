// Options that several commands share, and the files that they name. Faults of bars do not stop a
// command, since data are never repaired silently; but they are not hidden.
#include "cli/shared_options.h"

#include <fmt/format.h>

#include <cstdio>
#include <utility>

#include "cli/exit_status.h"
#include "spanlab/bars/check.h"
#include "spanlab/bars/csv_bars.h"
#include "spanlab/base/error.h"
#include "spanlab/base/parallel.h"
#include "spanlab/base/text.h"

namespace spanlab::cli {

void add_threads_option(Options& options, int& threads) {
  options.option("--threads", threads, IntegerRange{0, 1024},
                 "Threads, 0 for one a processor; the result is the same for any number");
}

int threads_of(int threads) {
  return threads > 0 ? threads : available_processors();
}

void add_length_option(Options& options, int& length) {
  options.option("--length", length, IntegerRange{1, 1'000'000}, "Bars in a window");
}

void add_start_option(Options& options, std::string& start) {
  options.option("--start-from", start,
                 "Weights to start from, where names and shapes fit: of `" + program_name() +
                     " pretrain`, or a run's best_model.safetensors");
}

void HeldOutOptions::add_to(Options& options) {
  options.option("--test-spans", spans,
                 "Spans file of the whole series: test on the bars after the windows, side by "
                 "side, instead of on the validation windows");
  options.option("--test-from", first_row, IntegerRange{0, kNoLimit},
                 "First row to test on (default: a window's length after the last window)");
}

std::optional<HeldOut> HeldOutOptions::read() const {
  if (spans.empty()) {
    if (!first_row) return {};
    throw UsageError("--test-from names rows to test on, but no spans to compare with",
                     "give --test-spans too");
  }
  HeldOut held_out;
  held_out.spans = read_spans(spans);
  held_out.name = spans;
  if (first_row) held_out.first_row = *first_row;
  return held_out;
}

void note_faults(const std::string& file, int64_t faults) {
  if (faults == 0) return;
  fmt::print(stderr, "note: {} in {}; {} bars check {} lists {}\n", counted(faults, "fault"), file,
             program_name(), file, faults == 1 ? "it" : "them");
}

TrainingData load_training_data(const TrainingFiles& files, int length) {
  StartWeights start;
  if (!files.start.empty()) start = read_start_weights(files.start);
  TrainingData data(read_labelled({files.bars, files.windows, files.spans}, length),
                    std::move(start));
  note_faults(files.bars, data.bar_faults());
  return data;
}

Bars load_bars(const std::string& file) {
  Bars series = read_bars(file);
  note_faults(file, check_bars(series).faults());
  return series;
}

void DetectorOptions::add_to(Options& options) {
  options
      .positional("detector", file,
                  fmt::format("Detector file, as `{} fit` writes it", program_name()))
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
