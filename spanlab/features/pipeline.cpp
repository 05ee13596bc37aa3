// Joins the feature families: one bar in, its features out. Computed in double, rounded at the end.
#include "spanlab/features/pipeline.h"

#include <array>
#include <cassert>
#include <utility>
#include <vector>

#include "spanlab/base/error.h"
#include "spanlab/base/text.h"
#include "spanlab/features/candle.h"
#include "spanlab/features/channel.h"
#include "spanlab/features/cusum.h"
#include "spanlab/features/efficiency.h"
#include "spanlab/features/position.h"
#include "spanlab/features/proxy.h"
#include "spanlab/features/recent_bars.h"
#include "spanlab/features/regime.h"
#include "spanlab/features/returns.h"
#include "spanlab/features/scaled_candle.h"
#include "spanlab/features/swing.h"
#include "spanlab/features/volatility.h"

namespace spanlab {
namespace {

constexpr std::array<FeatureFamily, 11> kFamilies{{
    {"candle", "shape of the bar, independent of its size"},
    {"volatility", "size of the bar compared with the 20 before it"},
    {"swing", "distance and age of the last turning points"},
    {"proxy", "one score each for a current expansion and consolidation"},
    {"position", "position of the bar in the window; contains no market data"},
    {"returns", "price change compared with a random walk over the same time"},
    {"regime", "recent volatility compared with the longer past"},
    {"efficiency", "whether the moves add up (trend) or cancel (consolidation)"},
    {"channel", "position of the close in the recent range: near an edge at a breakout"},
    {"cusum", "evidence that a drift began within the last 15 bars"},
    {"scaled_candle",
     "body and wicks in absolute size, so that a large bar differs from a small one"},
}};

constexpr std::array<FeatureInfo, kFeatureCount> kFeatures{{
    {"open_norm", "candle", 0, 1, "open in the bar's range, 0 = low, 1 = high"},
    {"close_norm", "candle", 0, 1, "close in the bar's range, 0 = low, 1 = high"},
    {"body_pct", "candle", -1, 1, "close minus open over the range"},
    {"upper_wick_pct", "candle", 0, 1, "part of the range above the body"},
    {"lower_wick_pct", "candle", 0, 1, "part of the range below the body"},
    {"range_z", "volatility", 0, 3, "range over its average of 20 bars"},
    {"dist_to_prev_SH", "swing", -3, 3, "last swing high minus close, in ATRs"},
    {"dist_to_prev_SL", "swing", -3, 3, "close minus last swing low, in ATRs"},
    {"bars_since_SH_norm", "swing", 0, 3, "bars since the last swing high, in window lengths"},
    {"bars_since_SL_norm", "swing", 0, 3, "bars since the last swing low, in window lengths"},
    {"expansion_proxy", "proxy", -2, 2, "range_z times trend times body_pct"},
    {"consol_proxy", "proxy", 0, 3, "small range, small body, old swings"},
    {"position_encoding", "position", 0, 1, "position in the window, 0 = first bar, 1 = last"},
    {"return_1", "returns", -15, 15, "change of the close, in scales"},
    {"return_3", "returns", -15, 15, "change over 3 bars, in scales times root 3"},
    {"return_5", "returns", -15, 15, "change over 5 bars, in scales times root 5"},
    {"return_8", "returns", -15, 15, "change over 8 bars, in scales times root 8"},
    {"return_13", "returns", -15, 15, "change over 13 bars, in scales times root 13"},
    {"true_range", "returns", 0, 15, "range and jump from the last close, in scales"},
    {"volatility_10", "regime", -3, 3, "log of the mean move of 10 bars over the scale"},
    {"volatility_30", "regime", -3, 3, "log of the mean move of 30 bars over the scale"},
    {"range_10", "regime", 0, 15, "range of 10 bars, in scales times root 10"},
    {"efficiency_5", "efficiency", -1, 1, "change over 5 bars over the sum of its moves"},
    {"efficiency_10", "efficiency", -1, 1, "change over 10 bars over the sum of its moves"},
    {"efficiency_20", "efficiency", -1, 1, "change over 20 bars over the sum of its moves"},
    {"channel_10", "channel", -1, 1, "close in the range of 10 bars, -1 = low, 1 = high"},
    {"channel_30", "channel", -1, 1, "close in the range of 30 bars, -1 = low, 1 = high"},
    {"channel_60", "channel", -1, 1, "close in the range of 60 bars, -1 = low, 1 = high"},
    {"cusum_up", "cusum", 0, 15, "largest sum of changes in scales minus 0.6 per bar"},
    {"cusum_down", "cusum", 0, 15, "the same of changes downward"},
    {"body_scaled", "scaled_candle", -15, 15, "close minus open, in scales"},
    {"upper_wick_scaled", "scaled_candle", 0, 15, "upper wick, in scales"},
    {"lower_wick_scaled", "scaled_candle", 0, 15, "lower wick, in scales"},
}};
static_assert(kFeatures[kPositionFeature].name == "position_encoding");
static_assert(kWarmUpBars == RecentBars::kScaleReturns + 1);

/// The families of the first set come first.
constexpr size_t kFirstSetFamilies = 5;
static_assert(kFamilies[kFirstSetFamilies].name == kFeatures[kFirstSetCount].family);

constexpr size_t family_index(std::string_view name) {
  size_t index = 0;
  while (kFamilies[index].name != name) ++index;
  return index;
}

}  // namespace

std::span<const FeatureInfo> feature_table() {
  return kFeatures;
}

std::span<const FeatureFamily> feature_families() {
  return kFamilies;
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

std::vector<int> feature_indices(std::span<const std::string> names) {
  std::vector<int> indices;
  for (const std::string& name : names) indices.push_back(feature_index(name));
  return indices;
}

struct FeatureStream::State {
  /// What is wanted: the first set, and each family of the second.
  struct Wanted {
    bool first_set = false;
    std::array<bool, kFamilies.size() - kFirstSetFamilies> family{};
  };

  State(int length, const Wanted& what) : window_length(length), wanted(what), zigzag(length) {
    assert(length > 0);
  }

  static Wanted everything() {
    Wanted wanted{.first_set = true, .family = {}};
    wanted.family.fill(true);
    return wanted;
  }

  static Wanted families_of(std::span<const int> features) {
    Wanted wanted;
    for (const int feature : features) {
      const size_t family = family_index(kFeatures[static_cast<size_t>(feature)].family);
      if (family < kFirstSetFamilies) {
        wanted.first_set = true;
      } else {
        wanted.family[family - kFirstSetFamilies] = true;
      }
    }
    return wanted;
  }

  int window_length;
  Wanted wanted;
  int64_t place = 0;  // bars since the last reset
  RangeAverage range_average;
  AverageTrueRange true_range;
  Zigzag zigzag;
  RecentBars recent;
};

FeatureStream::FeatureStream(int window_length)
    : state_(std::make_unique<State>(window_length, State::everything())) {}

FeatureStream::FeatureStream(int window_length, std::span<const int> wanted)
    : state_(std::make_unique<State>(window_length, State::families_of(wanted))) {}

FeatureStream::FeatureStream(const FeatureStream& other)
    : state_(std::make_unique<State>(*other.state_)) {}

FeatureStream& FeatureStream::operator=(FeatureStream other) noexcept {
  state_ = std::move(other.state_);
  return *this;
}

FeatureStream::~FeatureStream() = default;

void FeatureStream::reset() {
  *state_ = State(state_->window_length, state_->wanted);
}

void FeatureStream::push(const Bar& bar, float* out) {
  State& s = *state_;
  CandleFeatures candle{};
  double range_z = 0;
  SwingFeatures swing{};
  if (s.wanted.first_set) {
    candle = candle_features(bar);
    range_z = s.range_average.push(bar);
    swing = s.zigzag.push(bar, s.true_range.push(bar));
  }
  s.recent.push(bar);
  const auto when_wanted = [&](size_t family, auto features_of) {
    using Features = decltype(features_of(s.recent));
    return s.wanted.family[family] ? features_of(s.recent) : Features{};
  };
  const ReturnFeatures returns = when_wanted(0, return_features);
  const RegimeFeatures regime = when_wanted(1, regime_features);
  const EfficiencyFeatures efficiency = when_wanted(2, efficiency_features);
  const ChannelFeatures channel = when_wanted(3, channel_features);
  const CusumFeatures cusum = when_wanted(4, cusum_features);
  const ScaledCandleFeatures scaled = when_wanted(5, scaled_candle_features);
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
      position_encoding(s.place, s.window_length),
      returns.over_1,
      returns.over_3,
      returns.over_5,
      returns.over_8,
      returns.over_13,
      returns.true_range,
      regime.volatility_10,
      regime.volatility_30,
      regime.range_10,
      efficiency.over_5,
      efficiency.over_10,
      efficiency.over_20,
      channel.over_10,
      channel.over_30,
      channel.over_60,
      cusum.up,
      cusum.down,
      scaled.body,
      scaled.upper_wick,
      scaled.lower_wick,
  };
  for (size_t k = 0; k < values.size(); ++k) out[k] = static_cast<float>(values[k]);
  ++s.place;
}

void compute_features(const Bars& series, BarRange rows, int window_length, float* out) {
  assert(rows.begin >= 0 && rows.begin <= rows.end && rows.end <= series.size());
  FeatureStream stream(window_length);
  for (int64_t row = rows.begin; row < rows.end; ++row, out += kFeatureCount) {
    if (series.gap_before(row)) stream.reset();
    stream.push(series.bar(row), out);
  }
}

}  // namespace spanlab
