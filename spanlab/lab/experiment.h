// The recipes that a lab tries: the baseline, the reported run's options, and what findings
// propose.
#pragma once

#include <string>
#include <vector>

#include "spanlab/diagnose/finding.h"
#include "spanlab/lab/lab.h"

namespace spanlab {

/// The baseline first, then the reported run's four options as far as they change `base`:
/// no-countdown, unit-countdown, span-only, wide-huber.
std::vector<Experiment> reported_options(const Recipe& base);

/// At most `limit` recipes that remedies of the findings make, each the first of its finding, on
/// top of `leading`: the remedy of the first cause alone; then all of them together; then the
/// others alone. A setting that `leading` or an earlier cause has changed is left as it is; splits
/// are the lab's own. What `known` holds already is not proposed again.
std::vector<Experiment> proposed_experiments(const Recipe& base,
                                             const std::vector<Finding>& findings,
                                             const std::vector<Experiment>& known,
                                             const Experiment& leading, int limit);

}  // namespace spanlab
