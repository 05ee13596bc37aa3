// spanlab label accept: adds the candidates with verdict yes to the spans.
#include <fmt/format.h>

#include <string>
#include <vector>

#include "cli/commands.h"
#include "cli/exit_status.h"
#include "cli/output.h"
#include "cli/shared_options.h"
#include "spanlab/base/text.h"
#include "spanlab/labels/candidates.h"
#include "spanlab/windows/labelled.h"

namespace spanlab::cli {
namespace {

struct AcceptOptions {
  std::string candidates, spans, windows, bars, out;
  int length = kWindowLength;
};

// The spans there are, from a spans file or from windows.
std::vector<Span> known_spans(const AcceptOptions& options) {
  if (options.spans.empty() == options.windows.empty()) {
    throw UsageError("give exactly one of --spans and --windows", "--windows also needs --bars");
  }
  if (!options.spans.empty()) return read_spans(options.spans);
  if (options.bars.empty()) {
    throw UsageError("--windows needs --bars, which determine the directions of the spans",
                     "give the bars that the windows were made for");
  }
  const Labelled labelled = load_labelled({options.bars, options.windows}, options.length);
  return labelled_spans(labelled.bars, complete_windows(labelled, options.length));
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
    fmt::print("  rows {} to {} were skipped: they share bars with the span of rows {} to {}\n",
               left_out.start_row, left_out.end_row, kept.start_row, kept.end_row);
  }
  fmt::print("  {} refused, {} without a verdict\n", verdicts.refused, verdicts.open);
}

void declare(Options& options, AcceptOptions& values) {
  options.option("--candidates", values.candidates, "Candidates with verdicts: CSV").required();
  options.option("--out", values.out, "File to write all spans to").required();
  options.option("--spans", values.spans, "Spans to add to: CSV");
  options.option("--windows", values.windows,
                 "Instead of --spans: windows with the labelled spans to add to");
  options.option("--bars", values.bars, "Bars of these windows");
  add_length_option(options, values.length);
}

}  // namespace

Command label_accept_command() {
  return make_command<AcceptOptions>(
      "accept", "Add the candidates with the verdict yes to the spans", declare, accept);
}

}  // namespace spanlab::cli
