// Computes targets from the labelled span.
#include "spanlab/windows/targets.h"

#include <algorithm>
#include <cstdlib>

namespace spanlab {

void write_targets(const Window& window, int length, CountdownTarget target, float* pointers,
                   float* mask, float* countdown) {
  std::fill_n(pointers, 2, 0.0f);
  std::fill_n(mask, length, 0.0f);
  std::fill_n(countdown, length, 0.0f);
  if (window.spans.empty()) return;

  for (const WindowSpan& span : window.spans) {
    std::fill(mask + span.start, mask + span.end + 1, 1.0f);
  }
  const auto [start, end, type] = window.spans.front();
  pointers[0] = static_cast<float>((start + end) / 2.0 / length);
  pointers[1] = static_cast<float>(static_cast<double>(end - start) / length);
  for (int t = 0; t < length; ++t) {
    const int bars = std::clamp(start - t, -kFarthestCountdown, kFarthestCountdown);
    countdown[t] = target == CountdownTarget::clipped
                       ? static_cast<float>(bars)
                       : static_cast<float>(bars + kFarthestCountdown) / (2 * kFarthestCountdown);
  }
}

void write_countdown_counted(const Window& window, int length, uint8_t* counted) {
  std::fill_n(counted, length, uint8_t{0});
  if (window.spans.empty()) return;
  for (int t = 0; t < length; ++t) {
    counted[t] = std::abs(window.spans.front().start - t) <= kFarthestCountdown;
  }
}

Direction direction_over(const Bars& series, BarRange rows) {
  const bool follows = rows.begin > 0 && !series.gap_before(rows.begin);
  const double from = follows ? series.close[static_cast<size_t>(rows.begin - 1)]
                              : series.open[static_cast<size_t>(rows.begin)];
  const double to = series.close[static_cast<size_t>(rows.end - 1)];
  return to >= from ? Direction::up : Direction::down;
}

std::vector<DirectedSpan> directed_spans(const Bars& series, const Window& window) {
  std::vector<DirectedSpan> spans;
  for (const WindowSpan& span : window.spans) {
    const int64_t begin = window.first_row + span.start;
    spans.push_back({span.start, span.end, direction_over(series, {begin, begin + span.length()})});
  }
  std::sort(spans.begin(), spans.end(),
            [](const DirectedSpan& a, const DirectedSpan& b) { return a.start < b.start; });
  return spans;
}

}  // namespace spanlab
