// spanlab windows tile: windows side by side from some row on.
#include <fmt/format.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "cli/load_bars.h"
#include "cli/output_file.h"
#include "cli/windows_parts.h"
#include "spanlab/base/text.h"
#include "spanlab/labels/spans.h"
#include "spanlab/windows/summary.h"
#include "spanlab/windows/tile.h"
#include "spanlab/windows/window_file.h"

namespace spanlab::cli {
namespace {

struct TileOptions {
  std::string bars, spans, out;
  int64_t first_row = 0;
  int length = kWindowLength;
};

void tile(const TileOptions& options) {
  require_own_file({"--out", options.out}, {{"--bars", options.bars}, {"--spans", options.spans}});
  const Series series = load_bars(options.bars);
  const std::vector<Window> windows =
      tile_windows(series, read_spans(options.spans), options.first_row, options.length);
  write_windows(options.out, windows);
  const WindowsSummary summary = summarise_windows(windows, options.length);
  const int labelled = summary.consolidations + summary.retracements;
  fmt::print("{}: {} of {} side by side from row {} on\n", options.out,
             counted(summary.windows, "window"), counted(options.length, "bar"), options.first_row);
  fmt::print("  {} with a span, {} without; {:.1f} % of the bars are inside one\n", labelled,
             summary.windows - labelled, 100.0 * summary.span_base_rate);
}

}  // namespace

void add_windows_tile(CLI::App& group) {
  const auto options = std::make_shared<TileOptions>();
  CLI::App* command =
      group.add_subcommand("tile", "Windows side by side over all bars from a row on, for testing");
  command->add_option("--bars", options->bars, "Bars: CSV, plain or gzip")->required();
  command->add_option("--spans", options->spans, "Spans: CSV")->required();
  command->add_option("--out", options->out, "File to write the windows to")->required();
  command->add_option("--first-row", options->first_row, "Row of the first window's first bar")
      ->capture_default_str();
  command->add_option("--length", options->length, "Bars in a window")
      ->check(CLI::Range(1, 1'000'000))
      ->capture_default_str();
  command->callback([options] { tile(*options); });
}

}  // namespace spanlab::cli
