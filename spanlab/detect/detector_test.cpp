// Streamed probabilities, divided into windows so that the figures have intervals.
#include "spanlab/detect/detector_test.h"

#include <cmath>

#include "spanlab/metrics/evaluation_sets.h"

namespace spanlab {

Evaluation test_detector(const Detector& detector, const Bars& series,
                         const std::vector<Span>& spans, int64_t first_row, int delay,
                         std::span<const float> probability) {
  const int length = detector.recipe.data.window;
  const HeldOutWindows held_out = held_out_windows(series, spans, first_row, length);
  std::vector<float> tested;
  for (const Window& window : held_out.windows) {
    const BarRange rows = window.rows(length);
    for (int64_t row = rows.begin; row < rows.end; ++row) {
      const float p = probability[static_cast<size_t>(row)];
      tested.push_back(std::isnan(p) ? 0 : p);  // nothing was said: nothing was found
    }
  }
  EvaluationSets sets = test_on(series, held_out, tested);
  sets.threshold = detector.at_delay(delay).threshold;
  sets.threshold_from = "the detector";
  return evaluate(sets);
}

}  // namespace spanlab
