// spanlab label review: lists what looks like an expansion in labelled windows and is not labelled.
#include <fmt/format.h>

#include <filesystem>
#include <string>
#include <vector>

#include "cli/commands.h"
#include "cli/exit_status.h"
#include "cli/output.h"
#include "cli/shared_options.h"
#include "spanlab/base/error.h"
#include "spanlab/base/text.h"
#include "spanlab/detect/detect.h"
#include "spanlab/labels/candidates.h"
#include "spanlab/metrics/label_review.h"
#include "spanlab/windows/labelled.h"

namespace spanlab::cli {
namespace {

struct ReviewOptions {
  std::string bars, windows, spans, detector, out;
  int length = kWindowLength;
  double quantile = 0.1;
  int threads = 0;
};

// Of all bars; empty without a detector.
std::vector<float> probabilities(const ReviewOptions& options, const Bars& series) {
  if (options.detector.empty()) return {};
  const Detector detector = read_detector(options.detector);
  return detect(detector, series, detector.default_delay, {.threads = options.threads}).probability;
}

/// Verdicts are a person's work: a file of them, or one that is something else, is not replaced.
void require_no_verdicts(const std::string& file) {
  if (!std::filesystem::exists(file)) return;
  bool only_open = false;
  try {
    const Verdicts there = read_verdicts(std::filesystem::path(file));
    only_open = there.accepted.empty() && there.refused == 0;
  } catch (const Error&) {  // something else
  }
  if (only_open) return;
  throw Error(file + " is there already, and is not a list of candidates without verdicts",
              "give --out another name, or remove the file");
}

void review(const ReviewOptions& options) {
  require_own_file({"--out", options.out}, {{"--bars", options.bars},
                                            {"--windows", options.windows},
                                            {"--spans", options.spans},
                                            {"--detector", options.detector}});
  require_no_verdicts(options.out);
  const Labelled labelled =
      load_labelled({options.bars, options.windows, options.spans}, options.length);
  const Bars& series = labelled.bars;
  const std::vector<Window> windows = complete_windows(labelled, options.length);
  const std::vector<Candidate> candidates = review_candidates(
      series, windows, options.length, options.quantile, probabilities(options, series));
  write_candidates(options.out, series, candidates);
  fmt::print("{}: {} in {}, {} first\n", options.out,
             counted(static_cast<int64_t>(candidates.size()), "candidate"),
             counted(static_cast<int64_t>(windows.size()), "window"),
             options.detector.empty() ? "the highest score" : "the most probable");
  fmt::print("  write yes or no into the column verdict, then `{} label accept` adds them\n",
             program_name());
}

void declare(Options& options, ReviewOptions& values) {
  options.option("--bars", values.bars, "Bars: CSV, plain or gzip").required();
  options.option("--windows", values.windows, "Labelled windows: CSV").required();

  options.option("--spans", values.spans, "Spans: CSV, further spans of the windows");
  options.option("--out", values.out, "File to write the candidates to").required();
  options.option("--detector", values.detector, "Detector: order candidates by its probability");
  options.option("--quantile", values.quantile, NumberRange{0, 1},
                 "Quantile of the labelled spans' scores that a candidate must reach");
  add_length_option(options, values.length);
  add_threads_option(options, values.threads);
}

}  // namespace

Command label_review_command() {
  return make_command<ReviewOptions>(
      "review", "List bars of windows that look like expansions and are not labelled", declare,
      review);
}

}  // namespace spanlab::cli
