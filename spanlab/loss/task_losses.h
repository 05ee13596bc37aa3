// The four task losses of a batch and their gradients with respect to the model's output.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <type_traits>

#include "spanlab/base/task.h"
#include "spanlab/loss/binary_cross_entropy.h"
#include "spanlab/loss/cross_entropy.h"
#include "spanlab/loss/huber.h"
#include "spanlab/loss/loss_config.h"

namespace spanlab {

/// Targets of B windows of T bars. Target float in training, double where a test needs it.
template <class Target>
struct TaskTargets {
  const uint8_t* labelled;  ///< [B] 1 where type, pointers and countdown are known
  const int32_t* type;      ///< [B]
  const Target* pointers;   ///< [B, 2]
  const Target* mask;       ///< [B, T]
  const Target* countdown;  ///< [B, T]
  /// [B, T] 1 for bars whose countdown counts; null: all bars of labelled windows.
  const uint8_t* countdown_counted = nullptr;
};

/// Losses by task; `present` tells the tasks that the batch has targets for: without a labelled
/// window it says nothing of type, pointers and countdown, and without a bar that counts nothing of
/// countdown (their loss and gradient are 0).
struct TaskLosses {
  std::array<double, kTaskCount> loss;
  std::array<bool, kTaskCount> present;
};

/// The losses of a batch. `out` and `d` have members logits [B, 3], pointers [B, 2], span [B, T]
/// and countdown [B, T] (a model's output); `d` receives each task's own gradient, unweighted.
/// `span_loss(out, d)` answers the span task's loss and writes its gradient.
template <class Output, class Target, class SpanTaskLoss>
TaskLosses task_losses(int batch, int window, int classes, const LossConfig& config,
                       const TaskTargets<Target>& target, const Output& out, Output& d,
                       SpanTaskLoss&& span_loss) {
  const auto any = [](const uint8_t* flags, int count) {
    return std::any_of(flags, flags + count, [](uint8_t flag) { return flag != 0; });
  };
  const bool labelled = any(target.labelled, batch);
  // Bar by bar, a bar is a row of one value.
  const bool by_bar = target.countdown_counted != nullptr;
  const bool countdown = by_bar ? any(target.countdown_counted, batch * window) : labelled;
  TaskLosses losses{{}, {labelled, labelled, batch > 0, countdown}};
  losses.loss = {cross_entropy(batch, classes, out.logits.data(), target.type, target.labelled,
                               d.logits.data()),
                 huber(batch, 2, out.pointers.data(), target.pointers, target.labelled,
                       config.pointer_delta, d.pointers.data()),
                 span_loss(out, d),
                 huber(by_bar ? batch * window : batch, by_bar ? 1 : window, out.countdown.data(),
                       target.countdown, by_bar ? target.countdown_counted : target.labelled,
                       config.countdown_delta, d.countdown.data())};
  return losses;
}

/// The same with the span task's binary cross-entropy.
template <class Output, class Target>
TaskLosses task_losses(int batch, int window, int classes, const LossConfig& config,
                       const TaskTargets<Target>& target, const Output& out, Output& d) {
  return task_losses(
      batch, window, classes, config, target, out, d, [&](const Output& of, Output& gradient) {
        return binary_cross_entropy(static_cast<int64_t>(batch) * window, of.span.data(),
                                    target.mask, config.span_pos_weight, gradient.span.data());
      });
}

/// Multiplies each task's gradient by its weight.
template <class Output>
void scale_gradients(const std::array<double, kTaskCount>& weight, Output& d) {
  const auto scale = [](auto& values, double by) {
    for (auto& v : values) v *= static_cast<std::decay_t<decltype(v)>>(by);
  };
  scale(d.logits, weight[static_cast<size_t>(Task::type)]);
  scale(d.pointers, weight[static_cast<size_t>(Task::ptr)]);
  scale(d.span, weight[static_cast<size_t>(Task::span)]);
  if constexpr (requires { d.span_scores; }) {
    scale(d.span_scores, weight[static_cast<size_t>(Task::span)]);
    scale(d.span_shared, weight[static_cast<size_t>(Task::span)]);
  }
  scale(d.countdown, weight[static_cast<size_t>(Task::countdown)]);
}

}  // namespace spanlab
