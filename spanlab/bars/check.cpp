// Compares a bar with itself and with the time of the one before.
#include "spanlab/bars/check.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include "spanlab/bars/csv_bars.h"
#include "spanlab/bars/timestamps.h"
#include "spanlab/base/error.h"

namespace spanlab {
namespace {

constexpr int64_t kTimeLimit = 100'000'000'000'000;  // milliseconds; parse_time() reads none beyond

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

void require_usable(const Bars& series, std::string_view name) {
  const size_t rows = series.time_ms.size();
  const auto refuse = [&](const std::string& what, const std::string& hint) {
    throw Error(fmt::format("{}: {}", name, what), hint);
  };
  if (rows == 0) refuse("there are no bars", "give a series with at least one bar");
  const std::pair<const char*, const std::vector<double>*> columns[] = {{"open", &series.open},
                                                                        {"high", &series.high},
                                                                        {"low", &series.low},
                                                                        {"close", &series.close},
                                                                        {"volume", &series.volume}};
  for (const auto& [column, values] : columns) {
    if (values->size() == rows || (values == &series.volume && values->empty())) continue;
    refuse(fmt::format("the column {} has {} values, but there are {} times", column,
                       values->size(), rows),
           "give every column one value per bar; volume is optional");
  }
  size_t steps = 0;  // that are bar_ms long
  for (size_t i = 0; i < rows; ++i) {
    const int64_t time = series.time_ms[i];
    if (time <= -kTimeLimit || time >= kTimeLimit) {
      refuse(fmt::format("row {}: the time {} is out of range", i, time),
             "give times in milliseconds since 1970");
    }
    if (i == 0) continue;
    if (time <= series.time_ms[i - 1]) {
      refuse(fmt::format("row {}: {} is not after {}, the time of the bar before", i,
                         time_text(time), time_text(series.time_ms[i - 1])),
             "sort the bars by time, oldest first, with one bar per time");
    }
    steps += time - series.time_ms[i - 1] == series.bar_ms;
  }
  for (const auto& [column, values] : columns) {
    const auto bad = std::find_if(values->begin(), values->end(),
                                  [](double value) { return !std::isfinite(value); });
    if (bad == values->end()) continue;
    refuse(fmt::format("row {}: {} is {}", bad - values->begin(), column, *bad),
           "repair or remove the bar");
  }
  const bool majority = 2 * steps > rows;
  if (!majority && series.bar_ms != most_common_step(series.time_ms)) {
    refuse(fmt::format("bar_ms is {}, but the most common step between bars is {} ms",
                       series.bar_ms, most_common_step(series.time_ms)),
           "set bar_ms to the most common step");
  }
}

int64_t rows_below(const Bars& series, int64_t rows_before, std::string_view name) {
  if (rows_before == std::numeric_limits<int64_t>::max()) return series.size();
  if (rows_before <= series.size()) return rows_before;
  throw Error(fmt::format("{}: there is no row {}, the bars have {} rows", name, rows_before,
                          series.size()),
              fmt::format("give at most {}, and less to keep bars for testing; or leave it out",
                          series.size()));
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
