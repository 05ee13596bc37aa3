// The recipes that a lab tries: the baseline, the options of the reported run, and what findings
// propose.
#pragma once

#include <string>
#include <vector>

#include "spanlab/diagnose/finding.h"
#include "spanlab/recipe/recipe.h"

namespace spanlab {

/// A recipe beside the baseline, as changes to it.
struct Experiment {
  std::string name;                ///< "no-countdown"; names its runs' folders
  std::vector<std::string> patch;  ///< settings that differ: "loss.countdown_target=unit"
  std::string reason;              ///< why it is tried: the option, or the finding that proposes it
};

/// Names of the options that the decision path asks about.
inline constexpr const char* kBaseline = "baseline";
inline constexpr const char* kNoCountdown = "no-countdown";
inline constexpr const char* kSpanOnly = "span-only";

/// `base` with the patch's settings. Throws Error (unknown setting, value refused).
Recipe patched(const Recipe& base, const std::vector<std::string>& patch);

/// The baseline first, then the reported run's four options as far as they change `base`:
/// no-countdown, unit-countdown, span-only, wide-huber.
std::vector<Experiment> reported_options(const Recipe& base);

/// `recipe` as a patch of `base`: the base's split, window, seed, records and criteria stay.
Experiment experiment_of(const std::string& name, const Recipe& recipe, const Recipe& base,
                         const std::string& reason);

/// At most `limit` recipes that remedies of the findings make, each the first of its finding, on
/// top of `leading`: the remedy of the first cause alone; then all of them together; then the
/// others alone. A setting that `leading` or an earlier cause has changed is left as it is; splits
/// are the lab's own. What `known` holds already is not proposed again.
std::vector<Experiment> proposed_experiments(const Recipe& base,
                                             const std::vector<Finding>& findings,
                                             const std::vector<Experiment>& known,
                                             const Experiment& leading, int limit);

}  // namespace spanlab
