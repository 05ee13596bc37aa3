// Columns of a run's tables as curves over the epochs, with means, medians and trends.
#pragma once

#include <numeric>
#include <string_view>
#include <vector>

#include "spanlab/evaluate/run_evidence.h"

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

/// The phase to judge losses by: validation where the tables have it, else
/// training.
Phase judged_phase(const RunRecord& record);
/// "validation" or "training".
std::string_view words_of(Phase phase);

/// NaN for an empty list.
template <class Float>
double mean_of(const std::vector<Float>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}
double median_of(std::vector<double> values);
/// Mann and Kendall's test for a trend: about standard normal without one,
/// positive if the values rise (Kendall, Rank correlation methods, 1975; no
/// correction for ties). 0 for less than 4.
double trend_of(const std::vector<double>& values);

}  // namespace spanlab
