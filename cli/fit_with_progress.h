// Fits a detector with progress on the terminal and writes its file.
#pragma once

#include <filesystem>
#include <optional>

#include "spanlab/lab/fit.h"

namespace spanlab::cli {

/// Where the detector of a fit in `folder` lies.
std::filesystem::path detector_file(const std::filesystem::path& folder);

/// fit_detector(), then the detector's file in config.folder. None if the user stopped it.
std::optional<FitResult> fit_with_progress(const FitConfig& config, bool quiet);

}  // namespace spanlab::cli
