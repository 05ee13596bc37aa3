// Joins the feature families: one bar in, 13 numbers out. Computed in double, rounded at the end.
#include "spanlab/features/pipeline.h"

#include <array>
#include <cassert>
#include <vector>

#include "spanlab/base/error.h"
#include "spanlab/base/text.h"
#include "spanlab/features/candle.h"
#include "spanlab/features/position.h"
#include "spanlab/features/proxy.h"

namespace spanlab {
namespace {

constexpr std::array<FeatureInfo, kFeatureCount> kFeatures{{
    {"open_norm", 0, 1, "open in the bar's range, 0 = low, 1 = high"},
    {"close_norm", 0, 1, "close in the bar's range, 0 = low, 1 = high"},
    {"body_pct", -1, 1, "close minus open over the range"},
    {"upper_wick_pct", 0, 1, "part of the range above the body"},
    {"lower_wick_pct", 0, 1, "part of the range below the body"},
    {"range_z", 0, 3, "range over its average of 20 bars"},
    {"dist_to_prev_SH", -3, 3, "last swing high minus close, in ATRs"},
    {"dist_to_prev_SL", -3, 3, "close minus last swing low, in ATRs"},
    {"bars_since_SH_norm", 0, 3, "bars since the last swing high, in window lengths"},
    {"bars_since_SL_norm", 0, 3, "bars since the last swing low, in window lengths"},
    {"expansion_proxy", -2, 2, "range_z times trend times body_pct"},
    {"consol_proxy", 0, 3, "small range, small body, old swings"},
    {"position_encoding", 0, 1, "place in the window, 0 = first bar, 1 = last"},
}};

}  // namespace

std::span<const FeatureInfo> feature_table() {
  return kFeatures;
}

int feature_index(std::string_view name) {
  std::vector<std::string> names;
  for (const FeatureInfo& feature : kFeatures) {
    if (feature.name == name) return static_cast<int>(names.size());
    names.emplace_back(feature.name);
  }
  const std::string nearest = nearest_name(name, names);
  std::string hint = "did you mean " + in_quotes(nearest) + "?";
  if (nearest.empty()) {
    hint = "the features are";
    for (const std::string& known : names) hint += " " + known;
  }
  throw Error("unknown feature " + in_quotes(name), hint);
}

FeatureStream::FeatureStream(int window_length)
    : window_length_(window_length), zigzag_(window_length) {
  assert(window_length > 0);
}

void FeatureStream::push(const Bar& bar, float* out) {
  const CandleFeatures candle = candle_features(bar);
  const double range_z = range_average_.push(bar);
  const SwingFeatures swing = zigzag_.push(bar, true_range_.push(bar));
  const std::array<double, kFeatureCount> values{
      candle.open_norm,
      candle.close_norm,
      candle.body_pct,
      candle.upper_wick_pct,
      candle.lower_wick_pct,
      range_z,
      swing.dist_to_prev_high,
      swing.dist_to_prev_low,
      swing.bars_since_high,
      swing.bars_since_low,
      expansion_proxy(candle, range_z, swing),
      consolidation_proxy(candle, range_z, swing),
      position_encoding(place_, window_length_),
  };
  for (size_t k = 0; k < values.size(); ++k) out[k] = static_cast<float>(values[k]);
  ++place_;
}

void compute_features(const Series& series, int64_t first, int64_t count, int window_length,
                      float* out) {
  assert(first >= 0 && count >= 0 && first + count <= series.size());
  FeatureStream stream(window_length);
  for (int64_t row = first; row < first + count; ++row, out += kFeatureCount) {
    stream.push(series.bar(row), out);
  }
}

}  // namespace spanlab
