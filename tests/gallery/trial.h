// One run of the gallery: trained, diagnosed and tested.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "spanlab/diagnose/finding.h"
#include "spanlab/metrics/metric_draws.h"
#include "tests/gallery/setup.h"

namespace spanlab::gallery {

struct Trial {
  std::vector<Finding> findings;  ///< in order of cause
  MetricDraws held_out;           ///< of the model on the market's held-out stretch; no draws where
                                  ///< nothing could be tested
  std::string error;              ///< the run's, if it could not be trained or diagnosed
};

/// Trains in `folder`, which is made anew.
Trial run_trial(const Setup& setup, const std::filesystem::path& folder);

/// The first finding of any of the rules; nullptr if there is none.
const Finding* find_any(const std::vector<Finding>& findings,
                        const std::vector<std::string>& rules);

}  // namespace spanlab::gallery
