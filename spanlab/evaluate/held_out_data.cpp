// From a row of the series and its spans to windows that can be predicted.
#include "spanlab/evaluate/evaluation_sets.h"

#include <fmt/format.h>

#include <algorithm>
#include <mutex>

#include "spanlab/base/error.h"
#include "spanlab/labels/spans.h"
#include "spanlab/windows/check.h"

namespace spanlab {
namespace {

/// Several threads may test on one stretch.
std::shared_ptr<InputCache> input_cache(const HeldOut& stretch) {
  static std::mutex mutex;
  const std::lock_guard lock(mutex);
  if (!stretch.inputs) stretch.inputs = std::make_shared<InputCache>();
  return stretch.inputs;
}

}  // namespace

HeldOutWindows held_out_data(const Recipe& recipe, const RunData& data, const HeldOut& stretch) {
  const Bars& series = data.series();
  const int length = recipe.data.window;
  int64_t end = 0;  // first row that no window holds
  for (const Window& window : data.windows) end = std::max(end, window.rows(length).end);
  const int64_t first_row = stretch.first_row.value_or(end + length);
  if (first_row < end) {
    throw Error(fmt::format("the held-out stretch begins at row {}, but the run's windows reach "
                            "row {}",
                            first_row, end - 1),
                fmt::format("test on rows that the run has not seen: from {} on", end));
  }
  if (first_row + length > series.size()) {
    throw Error(fmt::format("no window of {} bars fits behind row {}: the series has {} bars",
                            length, first_row, series.size()),
                "give a series that goes on behind the run's windows, or an earlier row");
  }
  check_spans(series, stretch.spans, stretch.name);
  HeldOutWindows held_out = held_out_windows(series, stretch.spans, first_row, length);
  held_out.dataset = build_dataset(series, held_out.windows, recipe.data,
                                   recipe.loss.countdown_target, input_cache(stretch).get());
  return held_out;
}

}  // namespace spanlab
