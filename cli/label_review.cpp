// spanlab label review: what looks like an expansion in labelled windows and is not labelled.
#include <fmt/format.h>

#include <memory>
#include <string>
#include <vector>

#include "cli/label_parts.h"
#include "cli/load_bars.h"
#include "cli/number_range.h"
#include "cli/output_file.h"
#include "cli/program_name.h"
#include "cli/threads_option.h"
#include "spanlab/base/text.h"
#include "spanlab/detect/detect.h"
#include "spanlab/measure/label_review.h"
#include "spanlab/windows/check.h"
#include "spanlab/windows/join.h"
#include "spanlab/windows/window_file.h"

namespace spanlab::cli {
namespace {

struct ReviewOptions {
  std::string bars, windows, spans, detector, out;
  int length = kWindowLength;
  double quantile = 0.1;
  int threads = 0;
};

std::vector<Window> labelled_windows(const ReviewOptions& options, const Series& series) {
  std::vector<Window> windows = read_windows(options.windows, options.length);
  check_windows(series, windows, options.length, options.windows);
  if (options.spans.empty()) return windows;
  const std::vector<Span> spans = read_spans(options.spans);
  check_spans(series, spans, options.spans);
  join_spans(windows, spans, options.length);
  return windows;
}

// Of all bars; empty without a detector.
std::vector<float> probabilities(const ReviewOptions& options, const Series& series) {
  if (options.detector.empty()) return {};
  const Detector detector = read_detector(options.detector);
  return detect(detector, series, detector.default_delay, threads_of(options.threads)).probability;
}

void review(const ReviewOptions& options) {
  require_own_file({"--out", options.out}, {{"--bars", options.bars},
                                            {"--windows", options.windows},
                                            {"--spans", options.spans},
                                            {"--detector", options.detector}});
  const Series series = load_bars(options.bars);
  const std::vector<Window> windows = labelled_windows(options, series);
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

}  // namespace

void add_label_review(CLI::App& group) {
  const auto options = std::make_shared<ReviewOptions>();
  CLI::App* command = group.add_subcommand(
      "review", "List bars of windows that look like expansions and are not labelled");
  command->add_option("--bars", options->bars, "Bars: CSV, plain or gzip")->required();
  command->add_option("--windows", options->windows, "Labelled windows: CSV")->required();
  command->add_option("--spans", options->spans, "Spans: CSV, further spans of the windows");
  command->add_option("--out", options->out, "File to write the candidates to")->required();
  command->add_option("--detector", options->detector,
                      "Detector: candidates go by its probability");
  command
      ->add_option("--quantile", options->quantile,
                   "Candidates score at least what this part of the labelled spans stays below")
      ->check(number_between(0, 1))
      ->capture_default_str();
  command->add_option("--length", options->length, "Bars in a window")
      ->check(whole_between(1, 1'000'000))
      ->capture_default_str();
  add_threads_option(*command, options->threads);
  command->callback([options] { review(*options); });
}

}  // namespace spanlab::cli
