// How far the log-sigmas of uncertainty weighting moved, should have moved, and could have moved.
#pragma once

#include <cmath>
#include <cstdint>
#include <vector>

#include "spanlab/evaluate/run_evidence.h"

namespace spanlab {

/// A log-sigma this near to its optimum has arrived: e^(2 x 0.35) is a factor of 2 in the weight.
inline constexpr double kSigmaArrived = 0.35;

/// The way of one log-sigma over the rows of uncertainty_params.csv, in nats.
struct SigmaTravel {
  Task task;
  int first_epoch, last_epoch;
  double first, last;  ///< log-sigma
  double optimum;      ///< 1/2 ln L, L of the last row's epoch
  double loss;         ///< that L: of training, or else of validation

  double gap() const { return std::abs(optimum - last); }
  double needed() const { return std::abs(optimum - first); }
  double moved() const { return std::abs(last - first); }
  bool arrived() const { return gap() <= kSigmaArrived; }
};

/// Whether the run learns its weights: by its recipe, or if there is none.
bool by_uncertainty(const RunEvidence& evidence);

/// Of the tasks that the run learns, as far as the tables tell.
std::vector<SigmaTravel> sigma_travels(const RunEvidence& evidence);

/// What a log-sigma can move by between its first and its last row: Adam moves it by about its
/// learning rate a step at most.
struct SigmaBudget {
  double rate;    ///< the largest in a step; 0 if not known
  int64_t steps;  ///< between the two rows; 0 if not known

  bool known() const { return rate > 0 && steps > 0; }
  double nats() const { return rate * static_cast<double>(steps); }
};

SigmaBudget sigma_budget(const RunEvidence& evidence);

}  // namespace spanlab
