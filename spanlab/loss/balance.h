// How the losses of several tasks become one: what every balancing method answers.
#pragma once

#include <array>
#include <vector>

#include "spanlab/base/task.h"

namespace spanlab {

/// The training total and its gradient, task by task. Entries of tasks that are not trained are 0.
struct Balance {
  double total = 0;                             ///< what training minimises
  std::array<double, kTaskCount> weight{};      ///< d total / d loss
  std::array<double, kTaskCount> dlog_sigma{};  ///< d total / d log_sigma
};

/// Kendall, Gal and Cipolla, "Multi-task learning using uncertainty to weigh losses", CVPR 2018:
/// sum over `tasks` of loss / (2 sigma^2) + ln sigma, sigma = exp(log_sigma).
Balance balance_by_uncertainty(const std::vector<Task>& tasks,
                               const std::array<double, kTaskCount>& loss,
                               const std::array<double, kTaskCount>& log_sigma);

/// The plain sum over `tasks`.
Balance balance_by_sum(const std::vector<Task>& tasks, const std::array<double, kTaskCount>& loss);

}  // namespace spanlab
