// Columns of a run's tables as curves over the epochs, and what rules ask of them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "spanlab/diagnose/run_evidence.h"

namespace spanlab {

/// A column over the epochs; cells without a finite number are left out.
struct Trace {
  std::vector<int> epoch;
  std::vector<double> value;

  size_t size() const { return value.size(); }
  bool empty() const { return value.empty(); }
  void add(int at_epoch, double number);  ///< if it is finite
  /// The last `share` of the points, at least one of them.
  Trace tail(double share) const;
};

Trace task_loss(const RunRecord& record, Phase phase, Task task);
/// Plain sum over the tasks, whatever weights training gives them.
Trace raw_loss(const RunRecord& record, Phase phase);
Trace gradient_norm(const RunRecord& record);

/// The phase to judge losses by: validation where the tables have it, else training.
Phase judged_phase(const RunRecord& record);
/// "validation" or "training".
std::string_view words_of(Phase phase);

/// NaN for an empty list.
double mean_of(const std::vector<double>& values);
double median_of(std::vector<double> values);
/// Mann and Kendall's test for a trend: about standard normal without one, positive if the values
/// rise (Kendall, Rank correlation methods, 1975; no correction for ties). 0 for less than 4.
double trend_of(const std::vector<double>& values);

/// "loss_components.csv".
std::string file_of(Table table);
/// The tasks that the run learns: its recipe's, or those whose losses stand in the tables.
std::vector<Task> learned_tasks(const RunEvidence& evidence);
/// The run's recipe, or the reported run's settings where there is none.
Recipe settings_of_run(const RunEvidence& evidence);
/// Steps of an epoch and in all; 0 where metadata or recipe are missing.
int64_t steps_an_epoch(const RunEvidence& evidence);
/// Epochs that the run has when it ends: fewer than its recipe's if its patience was over.
int epochs_of_run(const RunEvidence& evidence);
int64_t steps_of_run(const RunEvidence& evidence);

/// "train.learning_rate=0.0001": `value` to one digit, within 1e-6 .. 1e-2.
std::string learning_rate_patch(double value);
/// "loss.tasks=[\"type\", \"span\"]".
std::string tasks_patch(const std::vector<Task>& tasks);

}  // namespace spanlab
