// The model in training: one batch forward, backward and a step, or batches evaluated only.
#pragma once

#include <array>
#include <functional>
#include <span>
#include <string_view>
#include <vector>

#include "spanlab/base/parallel.h"
#include "spanlab/loss/task_losses.h"
#include "spanlab/model/jade.h"
#include "spanlab/recipe/recipe.h"
#include "spanlab/train/adamw_state.h"
#include "spanlab/train/batch_diagnostics.h"
#include "spanlab/train/schedule.h"
#include "spanlab/train/span_objective.h"
#include "spanlab/train/task_balancing.h"
#include "spanlab/train/task_gradients.h"
#include "spanlab/train/window_view.h"
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
  /// Starts from the initial parameters of recipe.train.seed. `train`: the windows to train on;
  /// their number sets the steps of an epoch, their bars the base rate. `dataset` must outlive
  /// this.
  Learner(const Recipe& recipe, const Dataset& dataset, std::span<const int> train, int threads);

  /// Trains on the given windows, batch number `batch` (from 0) of `epoch` (from 1). Fills
  /// `diagnostics` if it is given, which changes no bit of the result and takes a backward pass for
  /// each task.
  BatchLosses train_batch(std::span<const int> windows, int epoch, int batch,
                          BatchDiagnostics* diagnostics = nullptr);

  /// To be called after the batches of an epoch. `mean_loss`: over them, by Task; NaN where none
  /// had targets.
  void end_epoch(const std::array<double, kTaskCount>& mean_loss) {
    balancing_.end_epoch(mean_loss);
  }

  /// Losses and output of the model without dropout, nothing changed. The model is the parameters'
  /// average if the recipe keeps one.
  BatchLosses evaluate_batch(std::span<const int> windows);

  /// Probabilities of the last batch, before its step, [windows, T].
  const std::vector<float>& span_probabilities() const { return span_probabilities_; }
  /// How it saw the windows of the last batch, [windows].
  const std::vector<WindowView>& views() const { return views_; }
  /// Gradient of the last train_batch(), [parameters], before it was clipped.
  const std::vector<float>& gradient() const { return gradient_; }

  const ParameterTable& table() const { return model_.table(); }
  size_t trainable_parameters() const;
  /// sigma of a task, exp(log_sigma).
  double sigma(Task task) const;
  /// Share of each task in the balancing: under uncertainty weighting 1 / sigma^2 over their sum as
  /// it is now; under other methods TaskBalancing::shares().
  std::array<double, kTaskCount> task_weights() const;

  /// Trains a parameter no more; it keeps its value. Throws Error for an unknown name.
  void freeze(std::string_view parameter);

  // Ways to intervene in each training batch, for experiments. May be empty.
  /// Given each task's own gradient with respect to the output, unweighted, before the way back.
  std::function<void(JadeOutput<float>&)> on_output_gradient;
  /// Given the gradient [parameters] before it is clipped and the step is taken.
  std::function<void(std::span<float> gradient, int epoch, int batch)> on_gradient;

  AdamWState& state() { return state_; }
  const AdamWState& state() const { return state_; }
  /// What the balancing method remembers; with state() all that a resumed run needs.
  std::vector<double>& balancing_state() { return balancing_.state(); }
  const std::vector<double>& balancing_state() const { return balancing_.state(); }

 private:
  /// With a key the window is seen as the recipe has it in training, else as it is.
  WindowView view_of(int window, const std::optional<DropoutKey>& key) const;
  void gather_batch(std::span<const int> windows, const std::optional<DropoutKey>& key);
  /// Losses of the gathered batch under `parameters`; leaves each task's gradient in
  /// output_gradient_.
  TaskLosses forward(const std::vector<float>& parameters,
                     const std::optional<DropoutKey>& dropout);
  void warm_start(const TaskLosses& losses);
  /// Leaves the gradient of the balanced tasks in gradient_. What training minimises.
  double backward(const TaskLosses& losses, int epoch, int batch, BatchDiagnostics* diagnostics);
  void step(int epoch, BatchDiagnostics* diagnostics);
  /// The parts as they are trained in an epoch: layers that are still frozen have a rate of 0, so
  /// that their moments are ready when they move.
  std::vector<AdamWPart> parts_in(int epoch) const;
  const float* clip(std::span<const AdamWPart> parts);
  /// [T] in the order of the recipe's tasks; empty unless the balancing learns them.
  std::vector<double> log_scales() const;

  Recipe recipe_;
  const Dataset& dataset_;
  ThreadPool pool_;
  Jade<float> model_;
  AdamWState state_;
  SpanObjective span_objective_;
  LearningRate learning_rate_;
  TaskBalancing balancing_;
  std::vector<AdamWPart> trained_;  // what the recipe's tasks reach, without what is frozen
  TaskGradients task_gradients_;

  int batch_ = 0;  // B
  // The batch, gathered: [B, T, D], [B], [B], [B], [B, 2], [B, T], [B, T], [B, T].
  std::vector<float> input_;
  std::vector<WindowView> views_;
  std::vector<uint8_t> labelled_;
  std::vector<int32_t> type_;
  std::vector<float> pointers_, mask_, countdown_;
  std::vector<uint8_t> countdown_counted_;

  const JadeOutput<float>* output_ = nullptr;
  JadeOutput<float> output_gradient_;
  std::vector<float> span_probabilities_;
  std::vector<float> gradient_, clipped_;
};

}  // namespace spanlab
