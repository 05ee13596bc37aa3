// One pass over the bars; a gap restarts the count of a window's bars.
#include "spanlab/windows/cut.h"

#include <fmt/format.h>

#include <string>

#include "spanlab/bars/check.h"
#include "spanlab/base/error.h"
#include "spanlab/base/settings.h"
#include "spanlab/base/text.h"
#include "spanlab/windows/check.h"
#include "spanlab/windows/labelled.h"

namespace spanlab {
namespace {

void check(const Bars& series, const TileSettings& settings) {
  if (settings.length < 1) {
    throw Error("tile.length: a window needs at least one bar", "give a length of 1 or more");
  }
  if (settings.step && *settings.step < 1) {
    throw Error(fmt::format("tile.step: a step of {} is too small", counted(*settings.step, "bar")),
                "give a step of 1 or more");
  }
  if (settings.first_row < 0 || settings.first_row >= series.size()) {
    throw Error(fmt::format("tile.first_row: row {} is outside the {}", settings.first_row,
                            counted(series.size(), "bar")),
                "give a row of the bars, counted from 0");
  }
  if (settings.rows_before <= settings.first_row) {
    throw Error(fmt::format("tile.rows_before: no row from {} on lies before row {}",
                            settings.first_row, settings.rows_before),
                "give a later row as the limit, or an earlier first row");
  }
}

}  // namespace

std::vector<Window> tile_windows(const Bars& series, const std::vector<Span>& spans,
                                 const TileSettings& settings) {
  check(series, settings);
  check_spans(series, spans);
  const int64_t rows_before = rows_below(series, settings.rows_before, "tile.rows_before");
  std::vector<Window> windows;
  int64_t start = settings.first_row;
  for (int64_t row = settings.first_row; row < rows_before; ++row) {
    if (series.gap_before(row)) start = row;
    if (row - start + 1 < settings.length) continue;
    const std::string id = std::to_string(windows.size());
    windows.push_back({.id = id,
                       .base_id = id,
                       .offset = 0,
                       .first_row = start,
                       .visible_fraction = 0.0,
                       .spans = {}});
    start += settings.step.value_or(settings.length);
  }
  if (windows.empty()) {
    throw Error(fmt::format("no window of {} without gap fits into rows {} to {}",
                            counted(settings.length, "bar"), settings.first_row, rows_before - 1),
                "give more bars, shorter windows or an earlier row");
  }
  join_spans(windows, spans, settings.length);
  return windows;
}

std::vector<Setting> settings_of(TileSettings& s) {
  return {integer_setting("tile.first_row", s.first_row, {0, kNoLimit},
                          "row of the first window's first bar"),
          integer_setting_or_none(
              "tile.rows_before", s.rows_before, kNoLimit, {0, kNoLimit},
              "all windows end before this row: the bars from there are kept for testing"),
          integer_setting("tile.length", s.length, {1, 1'000'000}, "bars in a window"),
          integer_setting("tile.step", s.step, {1, 1'000'000'000},
                          "bars between the first bars of neighbouring windows (default: the "
                          "window's length); a smaller step makes windows overlap")};
}

}  // namespace spanlab
