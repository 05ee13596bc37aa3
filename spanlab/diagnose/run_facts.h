// Facts about a run that several rules need: its tasks, settings, steps, last rows, base rate.
#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "spanlab/base/number.h"
#include "spanlab/evaluate/run_evidence.h"
#include "spanlab/recipe/recipe.h"

namespace spanlab {

inline constexpr double kAtRandom = 1.2;  ///< average precision of a random order, in base rates

/// The tasks that the run learns: its recipe's, or those with losses in the
/// tables.
std::vector<Task> learned_tasks(const RunEvidence& evidence);
bool learns(const RunEvidence& evidence, Task task);
/// The run's recipe, or the reported run's settings where there is none.
Recipe settings_of_run(const RunEvidence& evidence);
/// Steps of an epoch and in all; 0 where metadata or recipe are missing.
int64_t steps_an_epoch(const RunEvidence& evidence);
int64_t steps_of_run(const RunEvidence& evidence);
/// Epochs that the run has when it ends: fewer than its recipe's after early
/// stopping.
int epochs_of_run(const RunEvidence& evidence);
/// Number of the last epoch in the tables; 0 without any.
int last_epoch(const RunRecord& record);

/// The last row of a phase; null if there is none.
template <class Row>
const Row* last_row(const std::vector<Row>& rows, Phase phase) {
  const auto found =
      std::find_if(rows.rbegin(), rows.rend(), [&](const Row& row) { return row.phase == phase; });
  return found == rows.rend() ? nullptr : &*found;
}

inline double number(const Cell& cell) {
  return cell.value_or(kNone);
}
inline double loss_of(const LossComponentsRow& row, Task task) {
  return number(row.loss[static_cast<size_t>(task)]);
}

/// Whether span losses are cross-entropies of bars; the tables of a bare folder
/// are taken to be.
bool span_loss_is_cross_entropy(const RunEvidence& evidence);
/// Weight of bars inside spans in the span loss; 1 where no recipe says
/// otherwise.
double pos_weight(const RunEvidence& evidence);

/// Share of bars inside spans among the validation windows, and where it is
/// read.
struct BaseRate {
  double value;
  std::string file;
};
/// Counted where windows are available; where there are only tables and the
/// predictions no longer differ between bars, inferred from their loss.
std::optional<BaseRate> base_rate(const RunEvidence& evidence);
/// Share of bars inside spans among the training windows, of which there must
/// be some.
double training_base_rate(const RunData& data);

/// Entropy of a yes-no question, nats: the smallest loss of a constant prediction.
double entropy(double p);
/// F1 of marking every bar: precision is the base rate, recall 1.
double all_positive_f1(double base_rate);
/// Population standard deviation; NaN for an empty list.
double spread_of(const std::vector<float>& values);

/// A metric of the evaluation; none if it is not there or not defined.
std::optional<Interval> metric(const std::vector<Interval>& metrics, Metric which);

/// "6.1 %".
std::string percent(double share);
/// "+0.092", "-0.126"; "0.000" without a sign where nothing else is left.
std::string with_sign(double value, int decimals);
/// "0.092 above", "0.126 below", "level with": what a sentence continues with
/// the thing compared.
std::string above_or_below(double difference, int decimals);

/// "train.learning_rate=0.0001": `value` to one digit, within 1e-6 .. 1e-2.
std::string learning_rate_patch(double value);
/// "loss.tasks=[\"type\", \"span\"]".
std::string tasks_patch(const std::vector<Task>& tasks);

}  // namespace spanlab
