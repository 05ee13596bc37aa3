// Progress, Ctrl-C and the file around a fit.
#include "cli/fit_with_progress.h"

#include "cli/lab_progress.h"
#include "cli/progress.h"

namespace spanlab::cli {

std::filesystem::path detector_file(const std::filesystem::path& folder) {
  return folder / "detector.safetensors";
}

std::optional<FitResult> fit_with_progress(const FitConfig& config, bool quiet) {
  LabProgress progress(quiet);
  const StopSignal signals;
  std::optional<FitResult> result = fit_detector(config, progress.hooks());
  progress.finish();
  if (result) write_detector(detector_file(config.folder), result->detector);
  return result;
}

}  // namespace spanlab::cli
