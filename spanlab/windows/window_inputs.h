// The model's inputs for windows of a series, computed once and shared.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "spanlab/bars/bars.h"
#include "spanlab/features/pipeline.h"
#include "spanlab/windows/window.h"

namespace spanlab {

/// Floats that several owners share and nobody changes; own() makes a copy that may be changed.
class SharedFloats {
 public:
  SharedFloats() = default;
  SharedFloats(std::vector<float> values)  // NOLINT: a vector is as good
      : values_(std::make_shared<std::vector<float>>(std::move(values))) {}

  const std::vector<float>& get() const { return values_ ? *values_ : none(); }
  const float* data() const { return get().data(); }
  size_t size() const { return get().size(); }
  bool empty() const { return get().empty(); }
  float operator[](size_t i) const { return get()[i]; }
  auto begin() const { return get().begin(); }
  auto end() const { return get().end(); }
  /// The values, no longer shared.
  std::vector<float>& own();

  bool operator==(const SharedFloats& other) const { return get() == other.get(); }

 private:
  static const std::vector<float>& none();
  std::shared_ptr<std::vector<float>> values_;
};

/// What makes inputs of a window's bars.
struct InputConfig {
  std::vector<int> features;  ///< numbers of the D columns, in order
  FeatureMode mode = FeatureMode::per_window;
  int length = kWindowLength;  ///< T, bars in a window
};

/// Inputs [N, T, D] of windows that fit the series (see check_places()), by one pass over its
/// bars; of the bars in a mirror (see Mirror) if `mirrored`. Throws Error naming feature, window
/// and row where a value is not finite.
std::vector<float> window_inputs(const Bars& series, const std::vector<Window>& windows,
                                 const InputConfig& config, bool mirrored);

/// The same in FeatureMode::continuous with the bars around each window: [N, margin + T + margin,
/// D]. `before`, `after` [N]: how many bars of the margin there are; 0 beyond them.
std::vector<float> wide_window_inputs(const Bars& series, const std::vector<Window>& windows,
                                      const InputConfig& config, int margin,
                                      const std::vector<int>& before, const std::vector<int>& after,
                                      bool mirrored);

/// Keeps inputs for those who ask again, from any thread. One for each series.
class InputCache {
 public:
  /// The values under `key`, made by `make()` the first time.
  template <class Make>
  SharedFloats get(const std::string& key, const Make& make) {
    const std::lock_guard lock(mutex_);
    const auto [place, added] = kept_.try_emplace(key);
    if (added) {
      try {
        place->second = SharedFloats(make());
      } catch (...) {
        kept_.erase(place);
        throw;
      }
    }
    return place->second;
  }

 private:
  std::mutex mutex_;
  std::map<std::string, SharedFloats> kept_;
};

}  // namespace spanlab
