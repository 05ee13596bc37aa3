// Converts between arrays by Task and the balancing method's arrays by the run's tasks.
#include "spanlab/train/task_balancing.h"

#include <cmath>

namespace spanlab {
namespace {

std::vector<double> of_tasks(const std::vector<Task>& tasks,
                             const std::array<double, kTaskCount>& by_task) {
  std::vector<double> values;
  for (const Task task : tasks) values.push_back(by_task[static_cast<size_t>(task)]);
  return values;
}

}  // namespace

TaskBalancing::TaskBalancing(const BalancingConfig& config, const std::vector<Task>& tasks,
                             uint64_t seed)
    : tasks_(tasks),
      method_(make_balancer(config, of_tasks(tasks, config.weights), seed)),
      share_sum_(tasks.size()) {}

std::vector<uint8_t> TaskBalancing::present(const TaskLosses& losses) const {
  std::vector<uint8_t> present;
  for (const Task task : tasks_) present.push_back(losses.present[static_cast<size_t>(task)]);
  return present;
}

BalancerStep TaskBalancing::step(const TaskLosses& losses, std::span<const double> gram,
                                 std::span<const double> log_scale, uint32_t epoch,
                                 uint32_t batch) {
  const std::vector<double> loss = of_tasks(tasks_, losses.loss);
  const std::vector<uint8_t> there = present(losses);
  BalancerStep step = method_->step({loss, there, gram, log_scale, epoch, batch});
  if (batch == 0) {
    share_sum_.assign(tasks_.size(), 0);
  }
  double sum = 0;
  for (const double weight : step.shared) sum += std::abs(weight);
  for (size_t t = 0; t < tasks_.size() && sum != 0; ++t) share_sum_[t] += step.shared[t] / sum;
  return step;
}

double TaskBalancing::total(const TaskLosses& losses, std::span<const double> log_scale) const {
  const std::vector<double> loss = of_tasks(tasks_, losses.loss);
  const std::vector<uint8_t> there = present(losses);
  // Such a method has no memory: its answer is a function of losses and log-scales.
  if (method_->learns_log_scale()) return method_->step({loss, there, {}, log_scale}).total;
  double sum = 0;
  for (size_t t = 0; t < tasks_.size(); ++t) sum += there[t] ? loss[t] : 0;
  return sum;
}

void TaskBalancing::after_step(const TaskLosses& losses) {
  method_->after_step(of_tasks(tasks_, losses.loss));
}

void TaskBalancing::end_epoch(const std::array<double, kTaskCount>& mean_loss) {
  method_->end_epoch(of_tasks(tasks_, mean_loss));
}

std::array<double, kTaskCount> TaskBalancing::shares() const {
  std::array<double, kTaskCount> shares{};
  double sum = 0;
  for (const double share : share_sum_) sum += std::abs(share);
  for (size_t t = 0; t < tasks_.size(); ++t) {
    shares[static_cast<size_t>(tasks_[t])] =
        sum > 0 ? share_sum_[t] / sum : 1 / static_cast<double>(tasks_.size());
  }
  return shares;
}

}  // namespace spanlab
