// Uncertainty weighting.
#include <cmath>

#include "spanlab/loss/balance.h"

namespace spanlab {

Balance balance_by_uncertainty(const std::vector<Task>& tasks,
                               const std::array<double, kTaskCount>& loss,
                               const std::array<double, kTaskCount>& log_sigma) {
  Balance balance;
  for (const Task task : tasks) {
    const auto t = static_cast<size_t>(task);
    const double precision = std::exp(-2 * log_sigma[t]);  // 1 / sigma^2
    balance.total += loss[t] * precision / 2 + log_sigma[t];
    balance.weight[t] = precision / 2;
    balance.dlog_sigma[t] = 1 - loss[t] * precision;
  }
  return balance;
}

}  // namespace spanlab
