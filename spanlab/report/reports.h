// The reports of runs, comparisons, fits and labs, as documents, terminal text and JSON.
#pragma once

#include <string>
#include <vector>

#include "spanlab/diagnose/finding.h"
#include "spanlab/document/document.h"

namespace spanlab {

struct Detector;
struct Evaluation;
struct FitResult;
struct LabResult;
struct RunComparison;
struct RunEvidence;

// A run: the page that the reported run's authors wrote by hand, from any run's own evidence.

/// Every section for which there is evidence. `findings`: in the order of diagnose(). `program`:
/// what the commands of the next experiments begin with.
Document run_report(const RunEvidence& evidence, const std::vector<Finding>& findings,
                    const std::string& program = "spanlab");

// Runs next to one another.

Document compare_report(const RunComparison& comparison);

// A diagnosis for a terminal.

/// A remedy's settings as they are typed: "--set 'train.clip_norm=1' --set 'train.epochs=20'".
std::string patch_text(const std::vector<std::string>& patch);

/// The causes to mend first, in the order of the findings: at most three, high before medium.
std::vector<const Finding*> main_causes(const std::vector<Finding>& findings);

/// What was not looked at, whether the run found spans, and the main causes: each with the number
/// that made its rule fire and its first remedy.
Document diagnosis_summary(const std::vector<Finding>& findings, const RunEvidence& evidence);

/// The other findings by name, and commands: the first remedy applied, and the lab.
Document diagnosis_next(const std::vector<Finding>& findings, const RunEvidence& evidence,
                        const std::string& program);

// A fitted detector, and a detector's test.

/// Delay x threshold, average precision, F1, precision and recall; the default marked.
TextTable delay_table(const Detector& detector);

/// The folds' figures, thresholds by delay, and the held-out test if there was one.
Document fit_report(const FitResult& result);

/// What a detector reaches on bars whose spans are known.
Document detector_test_report(const Evaluation& test);

// A lab: what was tried, what it gave, which path was taken.

/// The whole report.
Document lab_report(const LabResult& result);

/// A few lines for the terminal: the verdicts and the recipe to continue with.
Document lab_summary(const LabResult& result);

/// lab.json: every recipe with its patch, runs, figures, differences and verdict, and the path.
/// NaN and infinite numbers become null.
std::string lab_json(const LabResult& result);

}  // namespace spanlab
