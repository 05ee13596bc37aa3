// One batch: gather, forward, losses, balance, backward, step.
#include "spanlab/train/learner.h"

#include <algorithm>
#include <cmath>
#include <string_view>

#include "spanlab/train/jade_config.h"

namespace spanlab {
namespace {

/// Whether some task of the recipe has a gradient at the parameter. The others stay as they were
/// initialised: no weight decay either.
bool is_trained(const Recipe& recipe, std::string_view name) {
  const auto of_head = [&](std::string_view head, Task task) {
    return !name.starts_with(head) || recipe.has(task);
  };
  for (int t = 0; t < kTaskCount; ++t) {
    const auto task = static_cast<Task>(t);
    if (name == "log_sigma_" + std::string(name_of(task))) {
      return recipe.loss.balancing == Balancing::uncertainty && recipe.has(task);
    }
  }
  if (name.starts_with("projection")) return recipe.has(Task::type) || recipe.has(Task::ptr);
  return of_head("classifier", Task::type) && of_head("pointer_head", Task::ptr) &&
         of_head("expansion_span_emission", Task::span) &&
         of_head("expansion_countdown_head", Task::countdown);
}

/// Appends `width` values of each of the windows.
template <class T>
void gather(const std::vector<T>& from, std::span<const int> windows, size_t width,
            std::vector<T>& to) {
  to.resize(windows.size() * width);
  for (size_t i = 0; i < windows.size(); ++i) {
    const auto start =
        from.begin() + static_cast<ptrdiff_t>(static_cast<size_t>(windows[i]) * width);
    std::copy(start, start + static_cast<ptrdiff_t>(width),
              to.begin() + static_cast<ptrdiff_t>(i * width));
  }
}

}  // namespace

Learner::Learner(const Recipe& recipe, const Dataset& dataset, int threads)
    : recipe_(recipe),
      dataset_(dataset),
      pool_(threads),
      model_(jade_config(recipe, dataset)),
      state_(model_.table().size()),
      gradient_(model_.table().size()) {
  model_.table().initialise(static_cast<uint64_t>(recipe.train.seed), state_.parameters.data());
  for (const Parameter& p : model_.table().entries()) {
    if (is_trained(recipe, p.name)) trained_.emplace_back(p.offset, p.size);
  }
}

size_t Learner::trainable_parameters() const {
  size_t count = 0;
  for (const auto& part : trained_) count += part.second;
  return count;
}

double Learner::sigma(Task task) const {
  return std::exp(static_cast<double>(state_.parameters[model_.log_sigma(task)]));
}

std::array<double, kTaskCount> Learner::task_weights() const {
  std::array<double, kTaskCount> weight{};
  double sum = 0;
  for (const Task task : recipe_.loss.tasks) {
    const double s = recipe_.loss.balancing == Balancing::uncertainty ? sigma(task) : 1;
    weight[static_cast<size_t>(task)] = 1 / (s * s);
    sum += 1 / (s * s);
  }
  for (double& w : weight) w /= sum;
  return weight;
}

Balance Learner::balance(const TaskLosses& losses) const {
  std::vector<Task> tasks;  // a task without targets in this batch must not move its sigma
  for (const Task task : recipe_.loss.tasks) {
    if (losses.present[static_cast<size_t>(task)]) tasks.push_back(task);
  }
  if (recipe_.loss.balancing == Balancing::sum) return balance_by_sum(tasks, losses.loss);
  std::array<double, kTaskCount> log_sigma{};
  for (const Task task : tasks) {
    log_sigma[static_cast<size_t>(task)] =
        static_cast<double>(state_.parameters[model_.log_sigma(task)]);
  }
  return balance_by_uncertainty(tasks, losses.loss, log_sigma);
}

BatchLosses Learner::forward(std::span<const int> windows,
                             const std::optional<DropoutKey>& dropout) {
  const auto length = static_cast<size_t>(dataset_.length);
  gather(dataset_.input, windows, length * static_cast<size_t>(dataset_.features), input_);
  gather(dataset_.labelled, windows, 1, labelled_);
  gather(dataset_.type, windows, 1, type_);
  gather(dataset_.pointers, windows, kPointers, pointers_);
  gather(dataset_.mask, windows, length, mask_);
  gather(dataset_.countdown, windows, length, countdown_);
  const bool masked = !dataset_.countdown_counted.empty();
  if (masked) gather(dataset_.countdown_counted, windows, length, countdown_counted_);
  const int batch = static_cast<int>(windows.size());
  model_.prepare(pool_, state_.parameters.data());
  output_ = &model_.forward(pool_, state_.parameters.data(), batch, input_.data(), dropout);
  output_gradient_.resize(batch, dataset_.length);
  BatchLosses losses;
  losses.tasks = task_losses(
      batch, dataset_.length, kTypeClasses,
      {recipe_.loss.pointer_delta, recipe_.loss.countdown_delta, recipe_.loss.span_pos_weight},
      TaskTargets<float>{labelled_.data(), type_.data(), pointers_.data(), mask_.data(),
                         countdown_.data(), masked ? countdown_counted_.data() : nullptr},
      *output_, output_gradient_);
  return losses;
}

BatchLosses Learner::train_batch(std::span<const int> windows, int epoch, int batch) {
  BatchLosses losses =
      forward(windows, DropoutKey{static_cast<uint64_t>(recipe_.train.seed),
                                  static_cast<uint32_t>(epoch), static_cast<uint32_t>(batch)});
  const Balance balanced = balance(losses.tasks);
  losses.total = balanced.total;
  scale_gradients(balanced.weight, output_gradient_);
  std::fill(gradient_.begin(), gradient_.end(), 0.0f);
  model_.backward(pool_, state_.parameters.data(), output_gradient_, gradient_.data());
  for (int t = 0; t < kTaskCount; ++t) {
    gradient_[model_.log_sigma(static_cast<Task>(t))] =
        static_cast<float>(balanced.dlog_sigma[static_cast<size_t>(t)]);
  }
  state_.update({recipe_.train.learning_rate, recipe_.train.beta1, recipe_.train.beta2,
                 recipe_.train.epsilon, recipe_.train.weight_decay},
                trained_, gradient_.data());
  return losses;
}

BatchLosses Learner::evaluate_batch(std::span<const int> windows) {
  BatchLosses losses = forward(windows, std::nullopt);
  losses.total = balance(losses.tasks).total;
  return losses;
}

}  // namespace spanlab
