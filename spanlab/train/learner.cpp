// One batch: gather, forward, losses, balance, backward, step.
#include "spanlab/train/learner.h"

#include <algorithm>
#include <cmath>

#include "spanlab/recipe/jade_config.h"
#include "spanlab/train/trained_parameters.h"

namespace spanlab {
namespace {

int64_t batches_of(size_t windows, int batch) {
  const auto size = static_cast<size_t>(batch);
  return static_cast<int64_t>((windows + size - 1) / size);
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
      model_(jade_config(recipe.model, dataset.length, dataset.features)),
      state_(model_.table().size()),
      span_objective_(recipe.loss, model_.config(), dataset),
      learning_rate_(recipe.train.rate, recipe.train.epochs,
                     batches_of(train.size(), recipe.train.batch)),
      balancing_(recipe.balancing, recipe.loss.tasks, static_cast<uint64_t>(recipe.train.seed)),
      trained_(trained_parts(recipe.loss.tasks, recipe.balancing, table(),
                             balancing_.method().learns_log_scale())),
      task_gradients_(table(), balancing_.tasks()),
      gradient_(table().size()) {
  state_.parameters = initial_parameters(recipe.model, static_cast<uint64_t>(recipe.train.seed),
                                         table(), dataset, train);
}

void Learner::freeze(std::string_view parameter) {
  const size_t offset = require_parameter(table(), parameter).offset;
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
  if (recipe_.balancing.method != Balancing::uncertainty) return balancing_.shares();
  std::array<double, kTaskCount> weight{};
  double sum = 0;
  for (const Task task : balancing_.tasks()) {
    const double s = sigma(task);
    weight[static_cast<size_t>(task)] = 1 / (s * s);
    sum += 1 / (s * s);
  }
  for (double& w : weight) w /= sum;
  return weight;
}

std::vector<double> Learner::log_scales() const {
  std::vector<double> scales;
  if (!balancing_.method().learns_log_scale()) return scales;
  for (const Task task : balancing_.tasks()) {
    scales.push_back(static_cast<double>(state_.parameters[model_.log_sigma(task)]));
  }
  return scales;
}

void Learner::warm_start(const TaskLosses& losses) {
  if (!balancing_.method().learns_log_scale()) return;
  for (const Task task : balancing_.tasks()) {
    const auto t = static_cast<size_t>(task);
    if (!losses.present[t]) continue;
    state_.parameters[model_.log_sigma(task)] =
        static_cast<float>(balancing_.method().warm_log_scale(losses.loss[t]));
  }
}

WindowView Learner::view_of(int window, const std::optional<DropoutKey>& key) const {
  WindowView view;
  if (!key) return view;
  const auto w = static_cast<uint32_t>(window);
  if (recipe_.train.mirror) {
    view.mirrored = (RandomStream(key->seed, Purpose::mirror, key->epoch, w).bits() & 1) != 0;
  }
  if (recipe_.train.shift > 0) {
    const int before = dataset_.wide.before[w], after = dataset_.wide.after[w];
    RandomStream stream(key->seed, Purpose::window_shift, key->epoch, w);
    view.shift = static_cast<int>(stream.below(static_cast<uint64_t>(before + after + 1))) - before;
  }
  return view;
}

void Learner::gather_batch(std::span<const int> windows, const std::optional<DropoutKey>& key) {
  const auto length = static_cast<size_t>(dataset_.length);
  const size_t values = length * static_cast<size_t>(dataset_.features);
  batch_ = static_cast<int>(windows.size());
  views_.clear();
  gather(dataset_.input.get(), windows, values, input_);
  for (size_t i = 0; i < windows.size(); ++i) {
    const WindowView view = view_of(windows[i], key);
    views_.push_back(view);
    float* const input = input_.data() + i * values;
    if (view.shift != 0) {
      copy_moved_input(dataset_, windows[i], view.shift, view.mirrored, input);
    } else if (view.mirrored) {
      const size_t start = static_cast<size_t>(windows[i]) * values;
      std::copy_n(dataset_.mirrored_input.data() + start, values, input);
    }
  }
  span_objective_.gather(windows, views_);
  gather(dataset_.labelled, windows, 1, labelled_);
  gather(dataset_.type, windows, 1, type_);
  gather(dataset_.pointers, windows, kPointers, pointers_);
  gather(dataset_.mask, windows, length, mask_);
  gather(dataset_.countdown, windows, length, countdown_);
  if (!dataset_.countdown_counted.empty()) {
    gather(dataset_.countdown_counted, windows, length, countdown_counted_);
  }
}

TaskLosses Learner::forward(const std::vector<float>& parameters,
                            const std::optional<DropoutKey>& dropout) {
  const bool masked = !dataset_.countdown_counted.empty();
  model_.prepare(pool_, parameters.data());
  output_ = &model_.forward(pool_, parameters.data(), batch_, input_.data(), dropout);
  output_gradient_.resize(batch_, model_.config());
  return task_losses(
      batch_, dataset_.length, kTypeClasses, recipe_.loss,
      TaskTargets<float>{labelled_.data(), type_.data(), pointers_.data(), mask_.data(),
                         countdown_.data(), masked ? countdown_counted_.data() : nullptr},
      *output_, output_gradient_, [&](const JadeOutput<float>& out, JadeOutput<float>& d) {
        return span_objective_(pool_, out, d);
      });
}

BatchLosses Learner::train_batch(std::span<const int> windows, int epoch, int batch,
                                 BatchDiagnostics* diagnostics) {
  const DropoutKey key{static_cast<uint64_t>(recipe_.train.seed), static_cast<uint32_t>(epoch),
                       static_cast<uint32_t>(batch)};
  gather_batch(windows, key);
  BatchLosses losses{forward(state_.parameters, key), 0};
  span_probabilities_ = output_->span;
  if (on_output_gradient) on_output_gradient(output_gradient_);
  if (diagnostics != nullptr) diagnostics->gates = gate_stats_rows(epoch, model_);
  if (state_.step == 0 && recipe_.balancing.sigma_start == SigmaStart::warm) {
    warm_start(losses.tasks);
  }
  losses.total = backward(losses.tasks, epoch, batch, diagnostics);
  if (on_gradient) on_gradient(gradient_, epoch, batch);
  step(epoch, diagnostics);
  if (balancing_.method().needs_losses_after()) {
    balancing_.after_step(forward(state_.parameters, key));
  }
  return losses;
}

double Learner::backward(const TaskLosses& losses, int epoch, int batch,
                         BatchDiagnostics* diagnostics) {
  const Balancer& method = balancing_.method();
  std::vector<double> gram;
  if (method.needs_gram() || diagnostics != nullptr) {
    task_gradients_.compute(model_, pool_, state_.parameters.data(), output_gradient_,
                            balancing_.present(losses));
    gram = task_gradients_.gram();
  }
  const BalancerStep balanced =
      balancing_.step(losses, method.needs_gram() ? gram : std::vector<double>{}, log_scales(),
                      static_cast<uint32_t>(epoch), static_cast<uint32_t>(batch));
  if (diagnostics != nullptr) {
    diagnostics->task_gradients = task_gradients_row(
        epoch, balancing_.tasks(), balancing_.present(losses), gram, balanced.shared);
  }
  std::fill(gradient_.begin(), gradient_.end(), 0.0f);
  if (method.needs_gram()) {
    task_gradients_.combine(balanced, gradient_.data());
  } else {
    // Such a method weighs shared and own parameters alike: one pass for all tasks.
    std::array<double, kTaskCount> weight{};
    for (size_t t = 0; t < balancing_.tasks().size(); ++t) {
      weight[static_cast<size_t>(balancing_.tasks()[t])] = balanced.shared[t];
    }
    scale_gradients(weight, output_gradient_);
    model_.backward(pool_, state_.parameters.data(), output_gradient_, gradient_.data());
  }
  for (size_t t = 0; t < balanced.dlog_scale.size(); ++t) {
    gradient_[model_.log_sigma(balancing_.tasks()[t])] = static_cast<float>(balanced.dlog_scale[t]);
  }
  return balanced.total;
}

void Learner::step(int epoch, BatchDiagnostics* diagnostics) {
  const double rate = learning_rate_.at(state_.step);
  std::vector<float> before;
  if (diagnostics != nullptr) before = state_.parameters;
  const std::vector<AdamWPart> parts = parts_in(epoch);
  state_.update(recipe_.train.adamw, rate, parts, clip(parts));
  if (recipe_.train.average > 0) state_.add_to_average(recipe_.train.average);
  if (diagnostics != nullptr) {
    diagnostics->updates = update_stats_row(epoch, rate, table(), before, state_.parameters);
  }
}

std::vector<AdamWPart> Learner::parts_in(int epoch) const {
  std::vector<AdamWPart> parts = trained_;
  for (AdamWPart& part : parts) {
    const int64_t frozen =
        frozen_epochs(recipe_.train.freeze_encoder, recipe_.model.layers, table(), part.offset);
    if (epoch <= frozen) part.rate = 0;
  }
  return parts;
}

/// The gradient of the step, [parameters].
const float* Learner::clip(std::span<const AdamWPart> parts) {
  if (recipe_.train.clip_norm == 0) return gradient_.data();
  std::vector<AdamWPart> moving(parts.begin(), parts.end());
  if (recipe_.train.freeze_encoder > 0) {
    std::erase_if(moving, [](const AdamWPart& part) { return part.rate == 0; });
  }
  const double factor = clip_factor(moving, gradient_.data(), recipe_.train.clip_norm);
  if (factor == 1) return gradient_.data();
  clipped_ = gradient_;  // the gradient itself is recorded as it was
  for (float& g : clipped_) g *= static_cast<float>(factor);
  return clipped_.data();
}

BatchLosses Learner::evaluate_batch(std::span<const int> windows) {
  gather_batch(windows, std::nullopt);
  BatchLosses losses{forward(state_.model(), std::nullopt), 0};
  span_probabilities_ = output_->span;
  losses.total = balancing_.total(losses.tasks, log_scales());
  return losses;
}

}  // namespace spanlab
