// A run: one training, stored in a folder that is complete in itself.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "spanlab/base/job.h"
#include "spanlab/diagnose/finding.h"
#include "spanlab/document/document.h"
#include "spanlab/evaluate/comparison.h"
#include "spanlab/evaluate/held_out.h"
#include "spanlab/metrics/evaluation.h"
#include "spanlab/recipe/recipe.h"
#include "spanlab/runs/metadata.h"
#include "spanlab/runs/table_rows.h"
#include "spanlab/windows/labelled.h"

namespace spanlab {

/// How good a run's model is.
struct Tested {
  Evaluation figures;              ///< of the model and of trivial predictors
  std::vector<std::string> notes;  ///< what is missing in the folder, and why
  Document summary;                ///< the verdict and the figures that matter most
  Document report;                 ///< the same with every figure of the model
};

/// What a diagnosis says of a run.
struct Diagnosis {
  std::vector<Finding> findings;   ///< in order of cause
  std::vector<std::string> notes;  ///< what could not be looked at, and why
  Document report;                 ///< the page: findings, curves, figures, what to try
  Document summary;                ///< the verdict and the main causes with their numbers
  Document next;                   ///< the other findings by name, and what to do now
  std::string json;                ///< findings and notes, as findings.json has them
};

/// Where the bits of a run went, and what it reached.
struct RunSummary {
  int epochs = 0;           ///< completed
  int best_epoch = 0;       ///< lowest validation loss; 0: none
  int first_bad_epoch = 0;  ///< first epoch whose loss was not finite; 0: none
  std::string weights_hash;
  double seconds = 0;         ///< of the call
  bool was_complete = false;  ///< a resumed run with nothing left to do
};

/// A handle; it holds no file open between calls. Every call that reads the folder throws Error
/// (missing, damaged: file and place); every call with a Job throws Stopped.
class Run {
 public:
  /// Trains into `folder`, which must be new or empty. Progress: stage "training", a step an epoch,
  /// figures "training loss", "validation loss", "span F1", "separation", "loss TASK", "weight
  /// TASK"; before the first epoch once with the notes that a user should know and the figures
  /// "windows", "training windows", "validation windows", "parameters", "threads", "faults in the
  /// bars" (see check_bars()), "tensors from start weights". When stopped, the
  /// state is saved: resume() continues, to the same bits. Throws Error (data that do not fit one
  /// another, nothing to learn, a folder in use).
  static Run train(const Recipe& recipe, const Labelled& labelled,
                   const std::filesystem::path& folder, const Job& job = {},
                   const StartWeights& start = {});
  /// A run folder, or nothing but a folder with its tables, of which less can be asked.
  static Run open(const std::filesystem::path& folder) { return Run(folder); }

  /// Goes on from the last saved state; a completed run is left as it is. Throws Error.
  void resume(const Job& job = {});

  const std::filesystem::path& folder() const { return folder_; }
  const RunSummary& summary() const { return summary_; }  ///< of the last train() or resume()
  RunRecord tables() const;
  Metadata metadata() const;
  Recipe recipe() const;
  /// What it was trained on.
  Labelled data() const;

  /// The model next to the trivial predictors, on the held-out stretch, or without one on the run's
  /// validation windows. Throws Error (no model, no window to test on).
  Tested evaluate(const std::optional<HeldOut>& held_out = {}, const Job& job = {}) const;

  /// `program`: what commands that the page suggests begin with.
  Diagnosis diagnose(const Job& job = {}, const std::string& program = "spanlab") const;

 private:
  explicit Run(std::filesystem::path folder) : folder_(std::move(folder)) {}

  std::filesystem::path folder_;
  RunSummary summary_;
};

/// Writes findings.json, report.md and report.html into `folder`, each atomically. Throws Error.
void write_diagnosis(const Diagnosis& diagnosis, const std::filesystem::path& folder);

/// Writes a report as Markdown (.md) or HTML (.html), by the file's ending, atomically. Throws
/// Error.
void write_document(const std::filesystem::path& path, const Document& document);

/// Runs next to one another; differences are from the first, paired where the windows are the same.
struct RunsCompared {
  Comparison figures;
  Document report;
};
RunsCompared compare(const std::vector<Run>& runs, const std::optional<HeldOut>& held_out = {},
                     const Job& job = {});

}  // namespace spanlab
