// Fits a detector with progress on the terminal.
#pragma once

#include <optional>

#include "spanlab/lab/fit.h"

namespace spanlab::cli {

/// fit_detector(); none if the user stopped it.
std::optional<FitResult> fit_with_progress(const FitConfig& config, bool quiet);

}  // namespace spanlab::cli
