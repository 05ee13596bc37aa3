// Targets as plain arithmetic on the labelled span.
#include "spanlab/windows/targets.h"

#include <algorithm>

namespace spanlab {
namespace {

constexpr int kFarthest = 20;  // bars

}  // namespace

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
    const int bars = std::clamp(start - t, -kFarthest, kFarthest);
    countdown[t] = target == CountdownTarget::clipped
                       ? static_cast<float>(bars)
                       : static_cast<float>(bars + kFarthest) / (2 * kFarthest);
  }
}

}  // namespace spanlab
