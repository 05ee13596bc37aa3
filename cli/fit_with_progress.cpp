// Progress and Ctrl-C around a fit.
#include "cli/fit_with_progress.h"

#include "cli/lab_progress.h"
#include "cli/progress.h"

namespace spanlab::cli {

std::optional<FitResult> fit_with_progress(const FitConfig& config, bool quiet) {
  LabProgress progress(quiet);
  const StopSignal signals;
  std::optional<FitResult> result = fit_detector(config, progress.hooks());
  progress.finish();
  return result;
}

}  // namespace spanlab::cli
