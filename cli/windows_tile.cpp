// spanlab windows tile: windows at equal steps from some row on.
#include <fmt/format.h>

#include <memory>
#include <string>
#include <vector>

#include "cli/load_bars.h"
#include "cli/number_range.h"
#include "cli/output_file.h"
#include "cli/windows_parts.h"
#include "spanlab/base/text.h"
#include "spanlab/labels/spans.h"
#include "spanlab/windows/check.h"
#include "spanlab/windows/summary.h"
#include "spanlab/windows/tile.h"
#include "spanlab/windows/window_file.h"

namespace spanlab::cli {
namespace {

struct TileOptions {
  std::string bars, spans, out;
  TileSettings settings;
};

void tile(const TileOptions& options) {
  require_own_file({"--out", options.out}, {{"--bars", options.bars}, {"--spans", options.spans}});
  const Series series = load_bars(options.bars);
  const TileSettings& settings = options.settings;
  const std::vector<Span> spans = read_spans(options.spans);
  check_spans(series, spans, options.spans);
  const std::vector<Window> windows = tile_windows(series, spans, settings);
  write_windows(options.out, windows);
  const WindowsSummary summary = summarise_windows(windows, settings.length);
  const int labelled = summary.consolidations + summary.retracements;
  const int64_t step = settings.step.value_or(settings.length);
  fmt::print("{}: {} of {} {} from row {} on\n", options.out, counted(summary.windows, "window"),
             counted(settings.length, "bar"),
             step == settings.length ? "side by side" : "every " + counted(step, "bar"),
             settings.first_row);
  fmt::print("  {} with a span, {} without; {:.1f} % of the bars are inside one\n", labelled,
             summary.windows - labelled, 100.0 * summary.span_base_rate);
}

}  // namespace

void add_windows_tile(CLI::App& group) {
  const auto options = std::make_shared<TileOptions>();
  CLI::App* command =
      group.add_subcommand("tile", "Windows at equal steps over all bars from a row on");
  command->footer(
      "Their labels are complete: every span of the file that shows in a window is one of its "
      "labels. The windows file names only the first of them, so give --spans again wherever it is "
      "used.\n");
  TileSettings& settings = options->settings;
  command->add_option("--bars", options->bars, "Bars: CSV, plain or gzip")->required();
  command->add_option("--spans", options->spans, "Spans: CSV")->required();
  command->add_option("--out", options->out, "File to write the windows to")->required();
  command->add_option("--first-row", settings.first_row, "Row of the first window's first bar")
      ->capture_default_str();
  command->add_option("--end-row", settings.end_row,
                      "No window reaches this row: the bars from there on stay for testing");
  command->add_option("--length", settings.length, "Bars in a window")
      ->check(whole_between(1, 1'000'000))
      ->capture_default_str();
  command->add_option("--step", settings.step,
                      "Bars from a window's first to the next one's (default: --length, side by "
                      "side); smaller: windows overlap");
  command->callback([options] { tile(*options); });
}

}  // namespace spanlab::cli
