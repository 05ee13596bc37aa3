// A bar against itself and the time of the one before.
#include "spanlab/bars/check.h"

#include <algorithm>
#include <cmath>

namespace spanlab {
namespace {

constexpr std::array<BarsCheckInfo, kBarsChecks> kInfo{{{"gaps", false},
                                                        {"steps shorter than a bar", true},
                                                        {"duplicates", true},
                                                        {"time goes back", true},
                                                        {"high < max(open, close)", true},
                                                        {"low > min(open, close)", true},
                                                        {"price not finite", true},
                                                        {"price not positive", true},
                                                        {"volume not finite", true},
                                                        {"volume negative", true},
                                                        {"flat bars", false}}};

void check_step(int64_t row, int64_t step, BarsReport& report, auto&& found) {
  if (step < 0) {
    found(BarsCheck::time_back, row);
  } else if (step == 0) {
    found(BarsCheck::duplicate, row);
  } else if (step < report.bar_ms) {
    found(BarsCheck::short_step, row);
  } else if (step > report.bar_ms) {
    found(BarsCheck::gap, row);
    report.missing_bars += (step - 1) / report.bar_ms;
    report.longest_gap_ms = std::max(report.longest_gap_ms, step);
  }
}

void check_prices(int64_t row, const Bar& bar, auto&& found) {
  const auto prices = {bar.open, bar.high, bar.low, bar.close};
  if (!std::all_of(prices.begin(), prices.end(), [](double p) { return std::isfinite(p); })) {
    found(BarsCheck::not_finite, row);
    return;
  }
  if (std::min(prices) <= 0) found(BarsCheck::not_positive, row);
  if (bar.high < std::max(bar.open, bar.close)) found(BarsCheck::high_too_low, row);
  if (bar.low > std::min(bar.open, bar.close)) found(BarsCheck::low_too_high, row);
  if (std::min(prices) == std::max(prices)) found(BarsCheck::flat, row);
}

void check_volume(int64_t row, double volume, auto&& found) {
  if (!std::isfinite(volume)) {
    found(BarsCheck::volume_not_finite, row);
  } else if (volume < 0) {
    found(BarsCheck::volume_negative, row);
  }
}

}  // namespace

const BarsCheckInfo& info_of(BarsCheck check) {
  return kInfo[static_cast<size_t>(check)];
}

int64_t BarsReport::faults() const {
  int64_t sum = 0;
  for (size_t k = 0; k < findings.size(); ++k) {
    if (kInfo[k].fault) sum += findings[k].count;
  }
  return sum;
}

void BarsChecker::push(const Bar& bar, std::optional<double> volume) {
  const auto found = [&](BarsCheck check, int64_t row) {
    BarsFinding& finding = report_.findings[static_cast<size_t>(check)];
    ++finding.count;
    if (finding.first_rows.size() < BarsFinding::kRowsKept) finding.first_rows.push_back(row);
  };
  const int64_t row = report_.rows++;
  if (row == 0) {
    report_.first_ms = bar.time_ms;
  } else {
    check_step(row, bar.time_ms - report_.last_ms, report_, found);
  }
  report_.last_ms = bar.time_ms;
  check_prices(row, bar, found);
  if (volume) check_volume(row, *volume, found);
}

BarsReport check_bars(const Bars& series) {
  BarsChecker checker(series.bar_ms);
  for (int64_t row = 0; row < series.size(); ++row) {
    std::optional<double> volume;
    if (!series.volume.empty()) volume = series.volume[static_cast<size_t>(row)];
    checker.push(series.bar(row), volume);
  }
  return checker.report();
}

}  // namespace spanlab
