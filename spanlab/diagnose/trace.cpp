// Columns of the tables as curves, medians and trends.
#include "spanlab/diagnose/trace.h"

#include <algorithm>
#include <cmath>

#include "spanlab/base/number.h"

namespace spanlab {

void Trace::add(int at_epoch, double number) {
  if (!std::isfinite(number)) return;
  epoch.push_back(at_epoch);
  value.push_back(number);
}

Trace Trace::tail(double share) const {
  const auto count = std::max<ptrdiff_t>(
      1, static_cast<ptrdiff_t>(std::ceil(share * static_cast<double>(size()))));
  if (count >= static_cast<ptrdiff_t>(size())) return *this;
  return {{epoch.end() - count, epoch.end()}, {value.end() - count, value.end()}};
}

Trace task_loss(const RunRecord& record, Phase phase, Task task) {
  Trace trace;
  for (const LossComponentsRow& row : record.loss_components) {
    const Cell& cell = row.loss[static_cast<size_t>(task)];
    if (row.phase == phase && cell) trace.add(row.epoch, *cell);
  }
  return trace;
}

Trace raw_loss(const RunRecord& record, Phase phase) {
  Trace trace;
  for (const LossComponentsRow& row : record.loss_components) {
    if (row.phase != phase) continue;
    double sum = 0;
    bool any = false;
    for (const Cell& cell : row.loss) {
      if (!cell) continue;
      sum += *cell;
      any = true;
    }
    if (any) trace.add(row.epoch, sum);
  }
  return trace;
}

Trace gradient_norm(const RunRecord& record) {
  Trace trace;
  for (const GradientStatsRow& row : record.gradient_stats) {
    trace.add(row.epoch, row.total_grad_norm);
  }
  return trace;
}

Phase judged_phase(const RunRecord& record) {
  return raw_loss(record, Phase::val).empty() ? Phase::train : Phase::val;
}

std::string_view words_of(Phase phase) {
  return phase == Phase::val ? "validation" : "training";
}

double median_of(std::vector<double> values) {
  if (values.empty()) return kNone;
  std::sort(values.begin(), values.end());
  const size_t middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

double trend_of(const std::vector<double>& values) {
  constexpr size_t kFewest = 4;
  const size_t n = values.size();
  if (n < kFewest) return 0;
  int64_t sum = 0;
  for (size_t i = 0; i < n; ++i) {
    for (size_t j = i + 1; j < n; ++j) {
      sum += (values[j] > values[i]) - (values[j] < values[i]);
    }
  }
  const auto count = static_cast<double>(n);
  const double deviation = std::sqrt(count * (count - 1) * (2 * count + 5) / 18);
  return static_cast<double>(sum - (sum > 0) + (sum < 0)) / deviation;
}

}  // namespace spanlab
