// A fit and a lab, each with a complete folder: many runs on the same data.
#pragma once

#include <string>

#include "spanlab/base/job.h"
#include "spanlab/fit/fit.h"
#include "spanlab/lab/lab.h"
#include "spanlab/windows/labelled.h"

namespace spanlab {

/// Fits a detector in config.folder, or continues with what is there: runs/, detector.safetensors,
/// fit.toml (see fit_text()), fit.html and fit.md (see fit_report()).
/// Progress: stage "folds and members", a step an epoch of any run, figures "runs done" and "runs".
/// Throws Error (bad inputs, a recipe without span task, delays that do not fit, a run that fails,
/// a folder with the detector of another recipe or other data), Stopped: the same call continues.
FitResult fit_detector(const FitConfig& config, const Labelled& labelled, const Job& job = {},
                       const StartWeights& start = {});

/// Runs the lab in config.folder, or continues with it: completed runs are taken from their folders
/// in runs/. Writes lab.html, lab.md and lab.json, best.toml, the recipe of result.best, and the
/// diagnosis of each recipe's first run into that run's folder. `program`: see Run::diagnose().
/// Progress: stages "baseline and options" and "remedies", a step an epoch of any run, figures
/// "runs done" and "runs". Throws Error (bad inputs, a run that fails), Stopped: the same call goes
/// on.
LabResult run_lab(const LabConfig& config, const Labelled& labelled, const Job& job = {},
                  const std::string& program = "spanlab");

}  // namespace spanlab
