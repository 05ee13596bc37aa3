// From a row of the series and a spans file to windows that can be predicted.
#include "spanlab/diagnose/held_out.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "spanlab/base/error.h"
#include "spanlab/labels/spans.h"
#include "spanlab/windows/check.h"
#include "spanlab/windows/tile.h"

namespace spanlab {

HeldOutData read_held_out(const Recipe& recipe, const RunData& data, const HeldOutInputs& inputs) {
  const int length = recipe.data.window;
  int64_t end = 0;  // first row that no window holds
  for (const Window& window : data.windows) end = std::max(end, window.first_row + length);

  HeldOutData held_out;
  held_out.first_row = inputs.first_row.value_or(end + length);
  if (held_out.first_row < end) {
    throw Error(fmt::format("the held-out stretch begins at row {}, but the run's windows reach "
                            "row {}",
                            held_out.first_row, end - 1),
                fmt::format("test on rows that the run has not seen: from {} on", end));
  }
  if (held_out.first_row + length > static_cast<int64_t>(data.series.size())) {
    throw Error(fmt::format("no window of {} bars fits behind row {}: the series has {} bars",
                            length, held_out.first_row, data.series.size()),
                "give a series that goes on behind the run's windows, or an earlier row");
  }
  const std::vector<Span> spans = read_spans(inputs.spans);
  check_spans(data.series, spans, inputs.spans.string());
  held_out.windows =
      tile_windows(data.series, spans, {.first_row = held_out.first_row, .length = length});
  held_out.dataset = build_dataset(data.series, held_out.windows, length, recipe.data.features,
                                   recipe.data.feature_mode, recipe.loss.countdown_target);
  held_out.chosen.resize(held_out.windows.size());
  std::iota(held_out.chosen.begin(), held_out.chosen.end(), 0);
  return held_out;
}

}  // namespace spanlab
