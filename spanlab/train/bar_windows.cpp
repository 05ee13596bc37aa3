// A ring of bars and their features, copied out every `stride` bars.
#include "spanlab/train/bar_windows.h"

#include "spanlab/features/position.h"

namespace spanlab {

BarWindows::BarWindows(const BarWindowsConfig& config)
    : config_(config),
      stream_(config.length),
      bars_(static_cast<size_t>(config.length)),
      pass_(bars_.size() * kFeatureCount) {}

bool BarWindows::push(const Bar& bar, float* out) {
  if (last_ms_ && config_.bar_ms > 0 && bar.time_ms - *last_ms_ != config_.bar_ms) {
    stream_.reset();
    since_gap_ = 0;
  }
  last_ms_ = bar.time_ms;
  const size_t place = static_cast<size_t>(since_gap_ % config_.length);
  bars_[place] = bar;
  stream_.push(bar, pass_.data() + place * kFeatureCount);
  ++since_gap_;
  const int64_t behind = since_gap_ - config_.length;
  if (behind < 0 || behind % config_.stride != 0) return false;
  cut(out);
  return true;
}

void BarWindows::cut(float* out) const {
  FeatureStream restarted(config_.length);
  std::vector<float> row(kFeatureCount);
  for (int t = 0; t < config_.length; ++t) {
    const size_t place = static_cast<size_t>((since_gap_ + t) % config_.length);
    const float* values = pass_.data() + place * kFeatureCount;
    if (config_.mode == FeatureMode::per_window) {
      restarted.push(bars_[place], row.data());
      values = row.data();
    }
    for (const int feature : config_.features) {
      const bool position = feature == kPositionFeature;
      *out++ =
          position ? static_cast<float>(position_encoding(t, config_.length)) : values[feature];
    }
  }
}

}  // namespace spanlab
