// One walk along the bars; a gap starts the count of a window's bars again.
#include "spanlab/windows/tile.h"

#include <fmt/format.h>

#include <string>

#include "spanlab/base/error.h"
#include "spanlab/base/text.h"
#include "spanlab/windows/check.h"
#include "spanlab/windows/join.h"

namespace spanlab {
namespace {

void check(const Series& series, int64_t first_row, int length) {
  if (length < 1) {
    throw Error("tiling with windows: a window needs at least one bar",
                "give a length of 1 or more");
  }
  if (first_row < 0 || first_row >= series.size()) {
    throw Error(fmt::format("tiling with windows: first row {} is outside the {}", first_row,
                            counted(series.size(), "bar")),
                "give a row of the bars, counted from 0");
  }
}

}  // namespace

std::vector<Window> tile_windows(const Series& series, const std::vector<Span>& spans,
                                 int64_t first_row, int length) {
  check(series, first_row, length);
  check_spans(series, spans);
  std::vector<Window> windows;
  int64_t start = first_row;
  for (int64_t row = first_row; row < series.size(); ++row) {
    if (row > start && series.gap_before(row)) start = row;
    if (row - start + 1 < length) continue;
    const std::string id = std::to_string(windows.size());
    windows.push_back({.id = id,
                       .base_id = id,
                       .offset = 0,
                       .first_row = start,
                       .visible_fraction = 0.0,
                       .spans = {}});
    start = row + 1;
  }
  if (windows.empty()) {
    throw Error(fmt::format("no window of {} without gap fits from row {} on",
                            counted(length, "bar"), first_row),
                "give more bars, shorter windows or an earlier row");
  }
  join_spans(windows, spans, length);
  return windows;
}

}  // namespace spanlab
