// Checks of bars: how often each oddity occurs and where.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "spanlab/bars/bars.h"

namespace spanlab {

enum class BarsCheck {
  gap,                ///< the step from the bar before is longer than a bar
  short_step,         ///< the step from the bar before is forward but shorter than a bar
  duplicate,          ///< same time as the bar before
  time_back,          ///< earlier than the bar before
  high_too_low,       ///< high < max(open, close)
  low_too_high,       ///< low > min(open, close)
  not_finite,         ///< a price is NaN or infinite
  not_positive,       ///< a finite price is 0 or below
  volume_not_finite,  ///< the volume is NaN or infinite
  volume_negative,    ///< the volume is finite and below 0
  flat,               ///< open = high = low = close
};
inline constexpr int kBarsChecks = 11;

struct BarsCheckInfo {
  std::string_view name;  ///< for a table: "time goes back"
  /// True if sound data never have it. Gaps and flat bars occur in every market's data.
  bool fault;
};
const BarsCheckInfo& info_of(BarsCheck check);

/// The bars that one check found.
struct BarsFinding {
  static constexpr size_t kRowsKept = 5;

  int64_t count = 0;
  std::vector<int64_t> first_rows;  ///< the first kRowsKept rows; row 0 = first bar
};

struct BarsReport {
  int64_t rows = 0;
  int64_t first_ms = 0, last_ms = 0;  ///< time of the first and of the last bar in file order
  int64_t bar_ms = 0;                 ///< Bars::bar_ms
  int64_t missing_bars = 0;           ///< bars that would fill the gaps
  int64_t longest_gap_ms = 0;         ///< longest step that is a gap; 0 without gaps
  std::array<BarsFinding, kBarsChecks> findings;  ///< by BarsCheck

  const BarsFinding& of(BarsCheck check) const { return findings[static_cast<size_t>(check)]; }
  int64_t faults() const;  ///< sum of the counts of the checks that are faults
};

/// Looks at bars that come one at a time. A price that is not finite takes part in no other check
/// of prices.
class BarsChecker {
 public:
  /// `bar_ms`: as Bars::bar_ms.
  explicit BarsChecker(int64_t bar_ms) { report_.bar_ms = bar_ms; }
  void push(const Bar& bar, std::optional<double> volume);
  const BarsReport& report() const { return report_; }

 private:
  BarsReport report_;
};

/// Throws Error naming column and row if no computation can use the series: no bars, columns of
/// unlike lengths, times that do not ascend or lie beyond any market, a price or volume that is NaN
/// or infinite, a bar_ms that is not the most common step. What readers return is usable.
/// `name`: of the series, for the message.
void require_usable(const Bars& series, std::string_view name);

/// Number of rows before `rows_before`, a setting that keeps the bars from that row on for testing;
/// the largest int64 stands for no limit. Throws Error, calling the setting `name`, if the series
/// has no such row: then nothing would be kept, though it was asked for.
int64_t rows_below(const Bars& series, int64_t rows_before, std::string_view name);

/// Looks at all bars of a series, whose columns must have the same length.
BarsReport check_bars(const Bars& series);

}  // namespace spanlab
