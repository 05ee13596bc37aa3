// Makes windows for prediction from a row of the series and its spans.
#include "spanlab/evaluate/evaluation_sets.h"

#include <fmt/format.h>

#include <algorithm>

#include "spanlab/base/error.h"
#include "spanlab/labels/spans.h"
#include "spanlab/windows/check.h"

namespace spanlab {
int64_t held_out_begin(const Recipe& recipe, const RunData& data, const HeldOut& stretch) {
  const int length = recipe.data.window;
  const int64_t rows = data.series().size();
  int64_t end = 0;  // first row that no window holds
  for (const Window& window : data.windows) end = std::max(end, window.rows(length).end);
  const int64_t first_row = stretch.first_row.value_or(end + length);
  if (first_row < end) {
    throw Error(fmt::format("the held-out stretch begins at row {}, but the run's windows reach "
                            "row {}",
                            first_row, end - 1),
                fmt::format("test on unseen rows: from row {}", end));
  }
  if (first_row + length > rows) {
    throw Error(fmt::format("no window of {} bars fits after row {}: the series has {} bars",
                            length, first_row, rows),
                "give a series that continues after the run's windows, or an earlier row");
  }
  return first_row;
}

HeldOutWindows held_out_data(const Recipe& recipe, const RunData& data, const HeldOut& stretch) {
  const Bars& series = data.series();
  const int64_t first_row = held_out_begin(recipe, data, stretch);
  check_spans(series, stretch.spans, stretch.name);
  HeldOutWindows held_out = held_out_windows(series, stretch.spans, first_row, recipe.data.window,
                                             recipe.loss.countdown_target);
  add_input(series, held_out.windows, recipe.data, held_out.dataset, &data.source.inputs());
  return held_out;
}

}  // namespace spanlab
