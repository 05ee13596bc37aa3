// Streamed probabilities, cut into windows so that their figures have intervals.
#include "spanlab/detect/detector_test.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "spanlab/windows/tile.h"

namespace spanlab {
namespace {

constexpr uint64_t kSeed = 1;  // of the bootstrap

}  // namespace

DetectorTest test_detector(const Detector& detector, const Bars& series,
                           const std::vector<Span>& spans, int64_t first_row, int delay,
                           std::span<const float> probability) {
  const int length = detector.recipe.data.window;
  const std::vector<Window> windows =
      tile_windows(series, spans, {.first_row = first_row, .length = length});
  std::vector<float> tested, mask;
  DetectorTest test;
  for (const Window& window : windows) {
    const size_t begin = mask.size();
    mask.resize(begin + static_cast<size_t>(length));
    for (const WindowSpan& span : window.spans) {
      std::fill(mask.begin() + static_cast<ptrdiff_t>(begin) + span.start,
                mask.begin() + static_cast<ptrdiff_t>(begin) + span.end + 1, 1.0f);
    }
    test.spans += static_cast<int>(window.spans.size());
    for (int64_t row = window.first_row; row < window.first_row + length; ++row) {
      const float p = probability[static_cast<size_t>(row)];
      tested.push_back(std::isnan(p) ? 0 : p);  // nothing was said: nothing was found
    }
  }
  std::vector<int> group(windows.size());
  std::iota(group.begin(), group.end(), 0);
  test.first_row = first_row;
  test.windows = static_cast<int>(windows.size());
  test.base_rate =
      std::accumulate(mask.begin(), mask.end(), 0.0) / static_cast<double>(mask.size());
  test.threshold = detector.at_delay(delay).threshold;
  test.metrics =
      metric_intervals({test.windows, length, tested, mask, group}, test.threshold, kSeed);
  return test;
}

}  // namespace spanlab
