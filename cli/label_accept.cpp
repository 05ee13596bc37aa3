// spanlab label accept: the candidates that the user said yes to become spans.
#include <fmt/format.h>

#include <memory>
#include <string>
#include <vector>

#include "cli/exit_status.h"
#include "cli/label_parts.h"
#include "cli/load_bars.h"
#include "cli/number_range.h"
#include "cli/output_file.h"
#include "spanlab/base/text.h"
#include "spanlab/labels/candidates.h"
#include "spanlab/windows/check.h"
#include "spanlab/windows/labelled_spans.h"
#include "spanlab/windows/window_file.h"

namespace spanlab::cli {
namespace {

struct AcceptOptions {
  std::string candidates, spans, windows, bars, out;
  int length = kWindowLength;
};

// The spans there are, from a spans file or from windows.
std::vector<Span> known_spans(const AcceptOptions& options) {
  if (options.spans.empty() == options.windows.empty()) {
    throw UsageError("the spans to add to are in a spans file or in windows",
                     "give --spans, or --windows with --bars");
  }
  if (!options.spans.empty()) return read_spans(options.spans);
  if (options.bars.empty()) {
    throw UsageError("--windows needs --bars: the directions of their spans are in the bars",
                     "give the bars that the windows were made for");
  }
  const Series series = load_bars(options.bars);
  const std::vector<Window> windows = read_windows(options.windows, options.length);
  check_windows(series, windows, options.length, options.windows);
  return labelled_spans(series, windows);
}

void accept(const AcceptOptions& options) {
  require_own_file({"--out", options.out}, {{"--candidates", options.candidates},
                                            {"--spans", options.spans},
                                            {"--windows", options.windows},
                                            {"--bars", options.bars}});
  const std::vector<Span> known = known_spans(options);
  const Verdicts verdicts = read_verdicts(options.candidates);
  const JoinedSpans joined = add_spans(known, verdicts.accepted);
  write_spans(options.out, joined.spans);
  fmt::print("{}: {}, {} of them added\n", options.out,
             counted(static_cast<int64_t>(joined.spans.size()), "span"),
             joined.spans.size() - known.size());
  for (const auto& [left_out, kept] : joined.collisions) {
    fmt::print("  rows {} to {} were left out: they share bars with the span of rows {} to {}\n",
               left_out.start_row, left_out.end_row, kept.start_row, kept.end_row);
  }
  fmt::print("  {} refused, {} without a verdict\n", verdicts.refused, verdicts.open);
}

}  // namespace

void add_label_accept(CLI::App& group) {
  const auto options = std::make_shared<AcceptOptions>();
  CLI::App* command =
      group.add_subcommand("accept", "Add the candidates with the verdict yes to the spans");
  command->add_option("--candidates", options->candidates, "Candidates with verdicts: CSV")
      ->required();
  command->add_option("--out", options->out, "File to write all spans to")->required();
  command->add_option("--spans", options->spans, "Spans to add to: CSV");
  command->add_option("--windows", options->windows,
                      "Without --spans: windows whose labelled spans to add to");
  command->add_option("--bars", options->bars, "Bars of these windows");
  command->add_option("--length", options->length, "Bars in a window")
      ->check(whole_between(1, 1'000'000))
      ->capture_default_str();
  command->callback([options] { accept(*options); });
}

}  // namespace spanlab::cli
