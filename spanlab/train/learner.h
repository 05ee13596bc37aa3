// The model while it learns: one batch forward, backward and a step; or batches only evaluated.
#pragma once

#include <array>
#include <span>
#include <utility>
#include <vector>

#include "spanlab/base/parallel.h"
#include "spanlab/loss/balance.h"
#include "spanlab/loss/task_losses.h"
#include "spanlab/model/jade.h"
#include "spanlab/train/adamw_state.h"
#include "spanlab/train/recipe.h"
#include "spanlab/windows/dataset.h"

namespace spanlab {

/// What a batch gave.
struct BatchLosses {
  TaskLosses tasks{};  ///< each task's own loss
  double total = 0;    ///< what training minimises
};

/// Model, parameters and optimizer of one run. Same recipe, data and seed: same bits, for any
/// number of threads.
class Learner {
 public:
  /// Starts from the initial parameters of recipe.train.seed. `dataset` must outlive this.
  Learner(const Recipe& recipe, const Dataset& dataset, int threads);

  /// Trains on the given windows, batch number `batch` (from 0) of `epoch` (from 1).
  BatchLosses train_batch(std::span<const int> windows, int epoch, int batch);

  /// Losses and output without dropout, nothing changed.
  BatchLosses evaluate_batch(std::span<const int> windows);

  /// Probabilities of the last batch, [windows, T].
  const std::vector<float>& span_probabilities() const { return output_->span; }
  /// Gradient of the last train_batch(), [parameters].
  const std::vector<float>& gradient() const { return gradient_; }

  const ParameterTable& table() const { return model_.table(); }
  size_t trainable_parameters() const;
  /// sigma of a task, exp(log_sigma).
  double sigma(Task task) const;
  /// Share of each task in the balancing: 1 / sigma^2 over their sum, or equal shares.
  std::array<double, kTaskCount> task_weights() const;

  AdamWState& state() { return state_; }
  const AdamWState& state() const { return state_; }

 private:
  BatchLosses forward(std::span<const int> windows, const std::optional<DropoutKey>& dropout);
  Balance balance(const TaskLosses& losses) const;

  Recipe recipe_;
  const Dataset& dataset_;
  ThreadPool pool_;
  Jade<float> model_;
  AdamWState state_;
  std::vector<std::pair<size_t, size_t>> trained_;  // (offset, count) that the recipe's tasks reach

  // The batch, gathered: [B, T, D], [B], [B], [B, 2], [B, T], [B, T], [B, T].
  std::vector<float> input_;
  std::vector<uint8_t> labelled_;
  std::vector<int32_t> type_;
  std::vector<float> pointers_, mask_, countdown_;
  std::vector<uint8_t> countdown_counted_;

  const JadeOutput<float>* output_ = nullptr;
  JadeOutput<float> output_gradient_;
  std::vector<float> gradient_;
};

}  // namespace spanlab
