// What a run writes down as it goes: the rows of its tables.
#pragma once

#include <array>
#include <vector>

#include "spanlab/measure/span_scores.h"
#include "spanlab/runs/tables.h"
#include "spanlab/train/learner.h"

namespace spanlab {

/// Batches of one phase of an epoch, added up.
class PhaseRecord {
 public:
  explicit PhaseRecord(const Dataset& dataset) : dataset_(dataset) {}

  /// Takes in the batch that `learner` has just run.
  void add(const Learner& learner, std::span<const int> windows, const BatchLosses& losses);

  int batches() const { return batches_; }
  /// Means over the batches; NaN without one.
  double task_loss(Task task) const { return task_[static_cast<size_t>(task)] / batches_; }
  double sum() const { return sum_ / batches_; }
  double total() const { return total_ / batches_; }
  /// Over all windows of the phase, at threshold 0.5.
  SpanScores scores() const;
  ProbabilityStatsRow probabilities(int epoch, Phase phase) const;

 private:
  const Dataset& dataset_;
  int batches_ = 0;
  std::array<double, kTaskCount> task_{};
  double sum_ = 0, total_ = 0;
  std::vector<float> probability_, mask_;  // [windows so far, T]
};

/// Writes the tables of a run at the recipe's cadence.
class Recorder {
 public:
  /// All referred to must outlive this. `validation` may be empty.
  Recorder(const Recipe& recipe, const Dataset& dataset, const std::vector<int>& train,
           const std::vector<int>& validation, RunTables& tables);

  /// After the first batch of an epoch.
  void first_batch(int epoch, const Learner& learner);
  /// After both phases. `seconds`: time of the epoch.
  void epoch(int epoch, const Learner& learner, const PhaseRecord& train,
             const PhaseRecord& validation, double seconds);

 private:
  void losses(int epoch, Phase phase, const PhaseRecord& record);
  void features(int epoch, Phase phase, const std::vector<Summary>& summaries);

  const Recipe& recipe_;
  const Dataset& dataset_;
  RunTables& tables_;
  // The inputs of a phase are the same in every epoch, so their summaries are taken once.
  std::vector<Summary> train_features_, validation_features_;
};

}  // namespace spanlab
