// What a run records while it trains: the rows of its tables.
#pragma once

#include <array>
#include <vector>

#include "spanlab/metrics/span_scores.h"
#include "spanlab/runs/tables.h"
#include "spanlab/train/learner.h"

namespace spanlab {

/// Batches of one phase of an epoch, added up.
class PhaseRecord {
 public:
  PhaseRecord(const LossConfig& loss, const Dataset& dataset) : loss_(loss), dataset_(dataset) {}

  /// Takes in the batch that `learner` has just run.
  void add(const Learner& learner, std::span<const int> windows, const BatchLosses& losses);

  int batches() const { return batches_; }
  /// Mean over the batches that had targets for the task; none for a task that is left out
  /// or no batch had.
  Cell task_loss(Task task) const;
  /// task_loss() of every task; NaN for none.
  std::array<double, kTaskCount> mean_losses() const;
  /// Plain sum of the tasks' means.
  double sum() const;
  /// Mean over the batches of what training minimises; NaN without a batch.
  double total() const { return total_ / batches_; }
  /// Over all windows of the phase, at threshold 0.5.
  SpanScores scores() const;
  /// Empty without the span task: nothing has trained its head.
  ProbabilityStatsRow probabilities(int epoch, Phase phase) const;
  /// Figures are NaN where they are not defined, or where a probability is not a number.
  RankingStatsRow ranking(int epoch, Phase phase) const;

 private:
  const LossConfig& loss_;
  const Dataset& dataset_;
  int batches_ = 0;
  std::array<double, kTaskCount> task_sum_{};
  std::array<int, kTaskCount> task_batches_{};
  double total_ = 0;
  // [windows so far, T], or fewer bars where windows were moved, which no validation window is.
  std::vector<float> probability_, mask_;
};

/// Writes the tables of a run at the cadence of RecordConfig.
class Recorder {
 public:
  /// All referred to must outlive this. `validation` may be empty.
  Recorder(const RecordConfig& config, const LossConfig& loss, Balancing balancing,
           const Dataset& dataset, const std::vector<int>& train,
           const std::vector<int>& validation, RunTables& tables);

  /// Before the first step, from an evaluation of the phase's windows; none of an empty phase.
  void initial_losses(Phase phase, const PhaseRecord& record);
  /// Whether the epoch's first batch is to be diagnosed.
  bool diagnoses(int epoch) const;
  void diagnostics(const BatchDiagnostics& batch);
  /// After the first batch of an epoch.
  void first_batch(int epoch, const Learner& learner);
  /// After both phases. `last`: training ends with this epoch. `seconds`: time of the epoch.
  void epoch(int epoch, bool last, const Learner& learner, const PhaseRecord& train,
             const PhaseRecord& validation, double seconds);

 private:
  bool ranks(int epoch, bool last) const;
  void losses(int epoch, Phase phase, const PhaseRecord& record);
  void features(int epoch, Phase phase, const std::vector<Summary>& summaries);

  const RecordConfig& config_;
  const LossConfig& loss_;
  bool sigmas_;
  const Dataset& dataset_;
  RunTables& tables_;
  // The inputs of a phase are the same in every epoch, so their summaries are taken once.
  std::vector<Summary> train_features_, validation_features_;
};

}  // namespace spanlab
