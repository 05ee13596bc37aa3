// spanlab windows tile: windows at equal steps from a row on.
#include <fmt/format.h>

#include <string>
#include <vector>

#include "cli/commands.h"
#include "cli/output.h"
#include "cli/shared_options.h"
#include "spanlab/base/text.h"
#include "spanlab/labels/spans.h"
#include "spanlab/windows/check.h"
#include "spanlab/windows/cut.h"
#include "spanlab/windows/window.h"

namespace spanlab::cli {
namespace {

struct TileOptions {
  std::string bars, spans, out;
  TileSettings settings;
};

void tile(const TileOptions& options) {
  require_own_file({"--out", options.out}, {{"--bars", options.bars}, {"--spans", options.spans}});
  const Bars series = load_bars(options.bars);
  const TileSettings& settings = options.settings;
  const std::vector<Span> spans = read_spans(options.spans);
  check_spans(series, spans, options.spans);
  const std::vector<Window> windows = tile_windows(series, spans, settings);
  write_windows(options.out, windows);
  const WindowsSummary summary = summarise_windows(windows, settings.length);
  const int labelled = summary.consolidations + summary.retracements;
  const int64_t step = settings.step.value_or(settings.length);
  fmt::print("{}: {} of {} {} from row {}\n", options.out, counted(summary.windows, "window"),
             counted(settings.length, "bar"),
             step == settings.length ? "without overlap" : "every " + counted(step, "bar"),
             settings.first_row);
  fmt::print("  {} with a span, {} without; {:.1f} % of the bars are inside one\n", labelled,
             summary.windows - labelled, 100.0 * summary.span_base_rate);
}

void declare(Options& options, TileOptions& values) {
  options.footer(
      "The labels are complete: they include every span of the file inside a window. The windows "
      "file contains only the first of each window, so pass --spans wherever it is used.\n");
  options.option("--bars", values.bars, "Bars: CSV, plain or gzip").required();
  options.option("--spans", values.spans, "Spans: CSV").required();
  options.option("--out", values.out, "File to write the windows to").required();
  options.settings(settings_of(values.settings));
}

}  // namespace

Command windows_tile_command() {
  return make_command<TileOptions>("tile", "Windows at equal steps over all bars from a row",
                                   declare, tile);
}

}  // namespace spanlab::cli
