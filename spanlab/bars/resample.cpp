// Finds complete runs of bars and joins each.
#include "spanlab/bars/resample.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "spanlab/bars/bars.h"
#include "spanlab/bars/timestamps.h"
#include "spanlab/base/error.h"

namespace spanlab {
namespace {

// True if all of these rows exist and follow each other at `bar_ms`.
bool complete_run(const Bars& series, BarRange rows) {
  return widened(series, {rows.begin, rows.begin + 1}, 0, rows.size() - 1) == rows;
}

void append_joined(const Bars& series, BarRange rows, Bars& out) {
  const auto range = [&](const std::vector<double>& values) {
    return std::pair(values.begin() + rows.begin, values.begin() + rows.end);
  };
  const auto [low, low_end] = range(series.low);
  const auto [high, high_end] = range(series.high);
  out.time_ms.push_back(series.time_ms[static_cast<size_t>(rows.begin)]);
  out.open.push_back(series.open[static_cast<size_t>(rows.begin)]);
  out.high.push_back(*std::max_element(high, high_end));
  out.low.push_back(*std::min_element(low, low_end));
  out.close.push_back(series.close[static_cast<size_t>(rows.end - 1)]);
  if (!series.volume.empty()) {
    const auto [volume, volume_end] = range(series.volume);
    out.volume.push_back(std::accumulate(volume, volume_end, 0.0));
  }
}

}  // namespace

Resampled resample(const Bars& series, int64_t to_ms) {
  const int64_t from_ms = series.bar_ms;
  if (from_ms <= 0) {
    throw Error("the bar size is unknown: the series has no two bars in order",
                "give at least two bars, in order of time");
  }
  if (to_ms < 2 * from_ms || to_ms % from_ms != 0) {
    throw Error(fmt::format("bars of {} cannot be resampled to bars of {}", duration_text(from_ms),
                            duration_text(to_ms)),
                fmt::format("choose a multiple of {}, at least {}", duration_text(from_ms),
                            duration_text(2 * from_ms)));
  }
  const int64_t count = to_ms / from_ms;
  Resampled result;
  result.bars.bar_ms = to_ms;
  for (int64_t row = 0; row < series.size();) {
    const BarRange run{row, row + count};
    if (series.time_ms[static_cast<size_t>(row)] % to_ms == 0 && complete_run(series, run)) {
      append_joined(series, run, result.bars);
      row = run.end;
    } else {
      ++result.dropped_bars;
      ++row;
    }
  }
  if (result.bars.size() == 0) {
    throw Error(fmt::format("no bar of {} is complete in these {} bars", duration_text(to_ms),
                            series.size()),
                fmt::format("a longer bar needs {} bars of {} without a gap, from a multiple of {} "
                            "in the file's clock",
                            count, duration_text(from_ms), duration_text(to_ms)));
  }
  return result;
}

}  // namespace spanlab
