// The features of a series: names, one pass over many bars, windows of it.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "spanlab/bars/bars.h"

namespace spanlab {

inline constexpr int kFeatureCount = 33;
/// Features 0 .. 12 are the first set, the rest the second.
inline constexpr int kFirstSetCount = 13;
/// Number of position_encoding, the only feature that has no meaning outside a window.
inline constexpr int kPositionFeature = 12;
/// Bars after which the second set gives the same bits whatever came before them: 120 returns need
/// one bar more.
inline constexpr int kWarmUpBars = 121;

/// Where the state of the features begins that remember bars.
enum class FeatureMode {
  per_window,  ///< restarted at each window's first bar, as the reported run did
  continuous,  ///< runs through the series, afresh after each gap; a window is a slice
};

struct FeatureInfo {
  std::string_view name;
  std::string_view family;  ///< name of its family in feature_families()
  double low, high;         ///< range it is clipped to
  std::string_view help;    ///< its formula in words
};

struct FeatureFamily {
  std::string_view name;
  std::string_view tells;  ///< what its features tell of the market
};

/// All features in the order of their numbers.
std::span<const FeatureInfo> feature_table();
/// The families in the order of their first features.
std::span<const FeatureFamily> feature_families();
/// Number of the feature of that name; throws Error with the nearest name.
int feature_index(std::string_view name);
/// Numbers of several features, in their order; throws likewise.
std::vector<int> feature_indices(std::span<const std::string> names);

/// Takes closed bars in order, one at a time, and gives each bar's features. The batch function
/// below runs this same code, so both agree bit for bit. Behind a gap the caller resets it.
class FeatureStream {
 public:
  /// All features. `window_length` (bars, at least 1) scales bars_since_* and position_encoding.
  explicit FeatureStream(int window_length);
  /// Those that are wanted, by number, and what comes along with them; the others may be 0.
  FeatureStream(int window_length, std::span<const int> wanted);
  FeatureStream(const FeatureStream& other);
  FeatureStream& operator=(FeatureStream other) noexcept;
  ~FeatureStream();
  /// Forgets all bars: the next one is the first.
  void reset();
  /// `out`: [kFeatureCount]. position_encoding counts from the last reset() and stops at 1.
  /// Causal: what it gives for a bar depends on that bar and those before it only, and in
  /// the second set only on the last kWarmUpBars of them. Finite bars give finite features.
  void push(const Bar& bar, float* out);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// All features of some rows, state starting with the first of them and afresh at each row after a
/// gap (Bars::gap_before). `out`: [rows, kFeatureCount].
void compute_features(const Bars& series, BarRange rows, int window_length, float* out);

}  // namespace spanlab
