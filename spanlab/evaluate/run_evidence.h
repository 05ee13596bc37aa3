// Everything that a run left, gathered for the rules: tables always, the rest if it exists.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "spanlab/base/error.h"
#include "spanlab/evaluate/predict.h"
#include "spanlab/metrics/evaluation.h"
#include "spanlab/recipe/recipe.h"
#include "spanlab/runs/metadata.h"
#include "spanlab/runs/run_record.h"
#include "spanlab/train/training_data.h"

namespace spanlab {

/// What the model says of its own windows, dropout off.
struct ModelEvidence {
  std::string file;  ///< the weights used: "checkpoint_epoch_100.safetensors"
  std::vector<float> parameters;
  Predictions train, validation;
};

struct RunEvidence {
  std::filesystem::path folder;
  RunRecord record;
  std::optional<Recipe> recipe;      ///< none in a bare folder of tables
  std::optional<Metadata> metadata;  ///< likewise
  std::optional<RunData> data;       ///< if the folder has its copy of them
  std::optional<ModelEvidence> model;
  std::optional<Evaluation> evaluation;  ///< of the model on the validation windows; span task only
  std::vector<std::string> notes;        ///< why something is not there, for the report
  std::optional<Error> obstacle;         ///< why there is no model, with what to do
};

/// Reads a run folder, or a bare folder with tables. The model is that of the last epoch,
/// or of the best one if the recipe has a patience. All but the evaluation. `source`: what it was
/// trained on, if that is at hand; else the folder's copy is read.
/// Throws Error if there is not one table to go by, or a file is damaged (which, and where).
RunEvidence gather_run(const std::filesystem::path& folder, int threads,
                       const TrainingData* source = nullptr);

/// The same with the evaluation, which takes longer.
RunEvidence gather_evidence(const std::filesystem::path& folder, int threads,
                            const TrainingData* source = nullptr);

}  // namespace spanlab
