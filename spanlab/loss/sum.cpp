// The plain sum of the tasks' losses.
#include "spanlab/loss/balance.h"

namespace spanlab {

Balance balance_by_sum(const std::vector<Task>& tasks, const std::array<double, kTaskCount>& loss) {
  Balance balance;
  for (const Task task : tasks) {
    const auto t = static_cast<size_t>(task);
    balance.total += loss[t];
    balance.weight[t] = 1;
  }
  return balance;
}

}  // namespace spanlab
