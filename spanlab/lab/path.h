// The decision path of the reported run's next steps, followed with measured figures.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "spanlab/lab/lab.h"

namespace spanlab {

/// F1 above which leaving the countdown out counts as a success: the reported run's own rule.
inline constexpr double kLeadingF1 = 0.10;

/// `f1`: mean bar F1 by experiment; `f1_all_positive`: of marking every bar on the same windows,
/// which the decisions tell but do not go by. No-countdown first: above kLeadingF1 it leads on,
/// otherwise span-only isolates the problem, and leads if it is above; if it is not, the better of
/// the two. An experiment that was not run is passed over; with neither, the baseline leads.
DecisionPath decide_path(const std::map<std::string, double>& f1, double f1_all_positive);

}  // namespace spanlab
