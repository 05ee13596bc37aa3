// One batch: gather, forward, losses, balance, backward, step.
#include "spanlab/train/learner.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>

#include "spanlab/base/error.h"
#include "spanlab/base/text.h"
#include "spanlab/train/jade_config.h"

namespace spanlab {
namespace {

constexpr char kLogSigma[] = "log_sigma_";
constexpr char kSpanHead[] = "expansion_span_emission.1";

int64_t batches_of(size_t windows, int batch) {
  const auto size = static_cast<size_t>(batch);
  return static_cast<int64_t>((windows + size - 1) / size);
}

/// Whether some task of the recipe has a gradient at the parameter. The others stay as they were
/// initialised: no weight decay either.
bool is_trained(const Recipe& recipe, std::string_view name) {
  const auto of_head = [&](std::string_view head, Task task) {
    return !name.starts_with(head) || recipe.has(task);
  };
  for (int t = 0; t < kTaskCount; ++t) {
    const auto task = static_cast<Task>(t);
    if (name == kLogSigma + std::string(name_of(task))) {
      return recipe.loss.balancing == Balancing::uncertainty && recipe.has(task);
    }
  }
  if (name.starts_with("projection")) return recipe.has(Task::type) || recipe.has(Task::ptr);
  return of_head("classifier", Task::type) && of_head("pointer_head", Task::ptr) &&
         of_head(kSpanHead, Task::span) && of_head("expansion_countdown_head", Task::countdown);
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

Learner::Learner(const Recipe& recipe, const Dataset& dataset, std::span<const int> train,
                 int threads)
    : recipe_(recipe),
      dataset_(dataset),
      pool_(threads),
      model_(jade_config(recipe, dataset)),
      state_(model_.table().size()),
      learning_rate_(recipe, batches_of(train.size(), recipe.train.batch)),
      gradient_(model_.table().size()) {
  model_.table().initialise(static_cast<uint64_t>(recipe.train.seed), state_.parameters.data());
  for (const Parameter& p : model_.table().entries()) {
    if (!is_trained(recipe, p.name)) continue;
    const bool sigma = p.name.starts_with(kLogSigma);
    trained_.push_back({p.offset, p.size, sigma ? recipe.loss.sigma_rate : 1,
                        sigma ? recipe.loss.sigma_decay : 1});
  }
  if (recipe.model.span_start == SpanStart::prior) start_at_base_rate(train);
}

/// Lin et al., "Focal loss for dense object detection", ICCV 2017: with the head saying the base
/// rate, the first steps are not spent on finding it.
void Learner::start_at_base_rate(std::span<const int> train) {
  double inside = 0;
  for (const int window : train) {
    const float* mask = dataset_.mask.data() + static_cast<ptrdiff_t>(window) * dataset_.length;
    inside += std::accumulate(mask, mask + dataset_.length, 0.0);
  }
  const double bars = static_cast<double>(train.size()) * dataset_.length;
  if (bars == 0) return;
  // Half a bar off the ends, where the log odds are infinite.
  inside = std::clamp(inside, 0.5, bars - 0.5);
  const Parameter& weight = parameter(std::string(kSpanHead) + ".weight");
  std::fill_n(state_.parameters.begin() + static_cast<ptrdiff_t>(weight.offset), weight.size, 0.0f);
  state_.parameters[parameter(std::string(kSpanHead) + ".bias").offset] =
      static_cast<float>(std::log(inside / (bars - inside)));
}

const Parameter& Learner::parameter(std::string_view name) const {
  if (const Parameter* found = table().find(name)) return *found;
  std::vector<std::string> names;
  for (const Parameter& p : table().entries()) names.push_back(p.name);
  const std::string near = nearest_name(name, names);
  throw Error(
      "the model has no parameter " + in_quotes(name),
      near.empty() ? "names are those of a checkpoint's tensors" : "did you mean " + near + "?");
}

void Learner::freeze(std::string_view name) {
  const size_t offset = parameter(name).offset;
  std::erase_if(trained_, [&](const AdamWPart& part) { return part.offset == offset; });
}

size_t Learner::trainable_parameters() const {
  size_t count = 0;
  for (const AdamWPart& part : trained_) count += part.count;
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
  const int batch = static_cast<int>(windows.size());
  model_.prepare(pool_, state_.parameters.data());
  output_ = &model_.forward(pool_, state_.parameters.data(), batch, input_.data(), dropout);
  output_gradient_.resize(batch, dataset_.length);
  BatchLosses losses;
  losses.tasks = task_losses(
      batch, dataset_.length, kTypeClasses,
      {recipe_.loss.pointer_delta, recipe_.loss.countdown_delta, recipe_.loss.span_pos_weight},
      TaskTargets<float>{labelled_.data(), type_.data(), pointers_.data(), mask_.data(),
                         countdown_.data()},
      *output_, output_gradient_);
  return losses;
}

BatchLosses Learner::train_batch(std::span<const int> windows, int epoch, int batch) {
  BatchLosses losses =
      forward(windows, DropoutKey{static_cast<uint64_t>(recipe_.train.seed),
                                  static_cast<uint32_t>(epoch), static_cast<uint32_t>(batch)});
  if (on_output_gradient) on_output_gradient(output_gradient_);
  const Balance balanced = balance(losses.tasks);
  losses.total = balanced.total;
  scale_gradients(balanced.weight, output_gradient_);
  std::fill(gradient_.begin(), gradient_.end(), 0.0f);
  model_.backward(pool_, state_.parameters.data(), output_gradient_, gradient_.data());
  for (int t = 0; t < kTaskCount; ++t) {
    gradient_[model_.log_sigma(static_cast<Task>(t))] =
        static_cast<float>(balanced.dlog_sigma[static_cast<size_t>(t)]);
  }
  if (on_gradient) on_gradient(gradient_, epoch, batch);
  step();
  return losses;
}

void Learner::step() {
  state_.update({learning_rate_.at(state_.step), recipe_.train.beta1, recipe_.train.beta2,
                 recipe_.train.epsilon, recipe_.train.weight_decay},
                trained_, clip());
}

/// As PyTorch's clip_grad_norm_ does it. The gradient of the step, [parameters].
const float* Learner::clip() {
  if (recipe_.train.clip_norm == 0) return gradient_.data();
  double squares = 0;
  for (const AdamWPart& part : trained_) {
    for (size_t i = part.offset; i < part.offset + part.count; ++i) {
      const auto g = static_cast<double>(gradient_[i]);
      squares += g * g;
    }
  }
  constexpr double kTiny = 1e-6;
  const double factor = recipe_.train.clip_norm / (std::sqrt(squares) + kTiny);
  if (factor >= 1) return gradient_.data();
  clipped_ = gradient_;  // the gradient itself is recorded as it was
  for (float& g : clipped_) g *= static_cast<float>(factor);
  return clipped_.data();
}

BatchLosses Learner::evaluate_batch(std::span<const int> windows) {
  BatchLosses losses = forward(windows, std::nullopt);
  losses.total = balance(losses.tasks).total;
  return losses;
}

}  // namespace spanlab
