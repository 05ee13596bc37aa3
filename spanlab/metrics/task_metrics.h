// How well type, pointers and countdown are predicted, compared with a constant prediction.
#pragma once

#include <span>

#include "spanlab/base/number.h"
#include "spanlab/base/task.h"

namespace spanlab {

struct Dataset;

/// What a model says of N windows of T bars. An empty array: that task was switched off.
struct TaskOutputs {
  std::span<const float> types;      ///< [N, classes] logits or probabilities
  std::span<const float> pointers;   ///< [N, 2] (center, length) / T
  std::span<const float> countdown;  ///< [N, T] in the unit of its target
};

/// Over the labelled windows among the tested; NaN where there is none, the task is off, or an
/// answer is NaN. Levels: the same windows answered by one constant taken from the training
/// windows; a task that is not clearly better has learned nothing. NaN without labelled training
/// windows.
struct TaskMetrics {
  int windows = 0;                        ///< labelled ones among the tested
  double type_accuracy = kNone;           ///< 0..1
  double type_balanced_accuracy = kNone;  ///< mean recall over the types among the tested, 0..1
  double type_majority = kNone;           ///< accuracy of always saying the commonest type
  double center_error = kNone;            ///< mean |error|, bars
  double center_level = kNone;            ///< of always saying the median
  double length_error = kNone;            ///< mean |error|, bars
  double length_level = kNone;            ///< of always saying the median
  double countdown_error = kNone;         ///< mean |error| over the bars that count, bars
  double countdown_level = kNone;         ///< of always saying the median
};

/// Chosen windows of a dataset.
struct DatasetPart {
  const Dataset& dataset;
  std::span<const int> chosen;  ///< numbers of windows
};

/// `said` speaks of the windows of `test`, in their order. The two datasets may be one; windows are
/// of one length. `countdown`: the unit of the datasets' countdown. Throws Error if sizes do not
/// fit or a number is of no window.
TaskMetrics task_metrics(const DatasetPart& train, const DatasetPart& test, const TaskOutputs& said,
                         CountdownTarget countdown);

}  // namespace spanlab
