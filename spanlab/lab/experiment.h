// The recipes that a lab tries.
#pragma once

#include <string>
#include <vector>

namespace spanlab {

/// A recipe beside the baseline, as changes to it.
struct Experiment {
  std::string name;                ///< "no-countdown"; names its runs' folders
  std::vector<std::string> patch;  ///< settings that differ: "loss.countdown_target=unit"
  std::string reason;              ///< why it is tried: the option, or the finding that proposes it
};

}  // namespace spanlab
