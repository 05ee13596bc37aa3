// Ring buffers of bars and of their features, copied out every `stride` bars.
#include "spanlab/windows/bar_windows.h"

#include <algorithm>
#include <array>
#include <cassert>

#include "spanlab/features/position.h"

namespace spanlab {

BarWindows::BarWindows(const BarWindowsConfig& config)
    : config_(config),
      stream_(config.length, config.features),
      bars_(static_cast<size_t>(std::max(config.length, config.kept))),
      pass_(bars_.size() * config.features.size()) {}

void BarWindows::restart() {
  stream_.reset();
  since_gap_ = 0;
}

bool BarWindows::push(const Bar& bar) {
  const size_t place = static_cast<size_t>(since_gap_) % bars_.size();
  bars_[place] = bar;
  if (config_.every_bar) {
    std::array<float, kFeatureCount> all;
    stream_.push(bar, all.data());
    float* to = pass_.data() + place * config_.features.size();
    for (const int feature : config_.features) *to++ = all[static_cast<size_t>(feature)];
  }
  ++since_gap_;
  const int64_t behind = since_gap_ - config_.length;
  return behind >= 0 && behind % config_.stride == 0;
}

void BarWindows::write(float* out) const {
  assert(filled());
  FeatureStream restarted(config_.length, config_.features);
  std::array<float, kFeatureCount> all;
  const size_t features = config_.features.size();
  for (int t = 0; t < config_.length; ++t) {
    const size_t place = static_cast<size_t>(since_gap_ - config_.length + t) % bars_.size();
    if (config_.mode == FeatureMode::per_window) restarted.push(bars_[place], all.data());
    for (size_t f = 0; f < features; ++f) {
      const auto feature = static_cast<size_t>(config_.features[f]);
      const bool restarts = config_.mode == FeatureMode::per_window;
      *out++ = config_.features[f] == kPositionFeature
                   ? static_cast<float>(position_encoding(t, config_.length))
               : restarts ? all[feature]
                          : pass_[place * features + f];
    }
  }
}

void BarWindows::copy_last(int rows, float* out) const {
  assert(config_.every_bar && rows <= since_gap_ && static_cast<size_t>(rows) <= bars_.size());
  const size_t features = config_.features.size();
  for (int64_t at = since_gap_ - rows; at < since_gap_; ++at) {
    const size_t place = static_cast<size_t>(at) % bars_.size();
    out = std::copy_n(pass_.data() + place * features, features, out);
  }
}

}  // namespace spanlab
