// Every member in turn, then their mean.
#include "spanlab/detect/window_scorer.h"

#include <algorithm>

#include "spanlab/train/jade_config.h"

namespace spanlab {

WindowScorer::WindowScorer(const Detector& detector, int threads)
    : detector_(detector),
      window_(detector.recipe.data.window),
      features_(static_cast<int>(detector.recipe.data.features.size())),
      pool_(threads) {
  for (const std::vector<float>& member : detector.members) {
    models_.emplace_back(jade_config(detector.recipe, window_, features_));
    models_.back().prepare(pool_, member.data());
  }
}

void WindowScorer::score(int windows, const float* input, float* probability) {
  const size_t bars = static_cast<size_t>(windows) * static_cast<size_t>(window_);
  std::fill_n(probability, bars, 0.0f);
  for (size_t m = 0; m < models_.size(); ++m) {
    const JadeOutput<float>& out =
        models_[m].forward(pool_, detector_.members[m].data(), windows, input, std::nullopt);
    for (size_t i = 0; i < bars; ++i) probability[i] += out.span[i];
  }
  const auto members = static_cast<float>(models_.size());
  for (size_t i = 0; i < bars; ++i) {
    probability[i] =
        static_cast<float>(detector_.calibration(static_cast<double>(probability[i] / members)));
  }
}

}  // namespace spanlab
