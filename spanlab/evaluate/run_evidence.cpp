// Gathers tables, recipe, metadata, unchanged data and the last model of a run.
#include "spanlab/evaluate/run_evidence.h"

#include <fmt/format.h>

#include <charconv>
#include <string_view>

#include "spanlab/base/file.h"
#include "spanlab/evaluate/evaluation_sets.h"

namespace spanlab {
namespace fs = std::filesystem;
namespace {

constexpr std::string_view kRecipeFile = "recipe.toml", kMetadataFile = "metadata.json";
constexpr std::string_view kCheckpointStart = "checkpoint_epoch_", kWeightsEnd = ".safetensors";
constexpr std::string_view kBestModel = "best_model.safetensors";

constexpr char kFinished[] = "give the folder of a finished run, with its folder data";

// What prevents a model becomes a note too: diagnosis can do without.
void stop_at(const std::string& what, const Error& error, RunEvidence& evidence) {
  evidence.notes.push_back(what.empty() ? error.what() : fmt::format("{}: {}", what, error.what()));
  if (!evidence.obstacle) evidence.obstacle = error;
}

// Of data that are those of the run, but give other inputs, targets or split.
Error other_inputs(const RunEvidence& evidence, const RunData& data) {
  if (is_source_of(data.source, *evidence.metadata)) {
    return {fmt::format(
                "{} changed since the run, or version {} computed other inputs from the same data",
                (evidence.folder / kRecipeFile).string(), evidence.metadata->version),
            "restore the recipe, or train again"};
  }
  const LabelledNames& names = data.source.labelled().names;
  return {
      fmt::format("{} or {} changed since the run, or its recipe did", names.bars, names.windows),
      "restore the original files, or train again"};
}

void gather_data(RunEvidence& evidence, const TrainingData* source) {
  try {
    const Recipe& recipe = *evidence.recipe;
    RunData data = prepare(
        recipe, source != nullptr
                    ? *source
                    : read_run_data(evidence.folder, *evidence.metadata, recipe.data.window));
    if (data.hash != evidence.metadata->data_hash) throw other_inputs(evidence, data);
    evidence.data = std::move(data);
  } catch (const Error& error) {
    stop_at("the data are not used", error, evidence);
  }
}

// The epoch in the name of a checkpoint; 0 for other files.
int checkpoint_epoch(const std::string& name) {
  if (!name.starts_with(kCheckpointStart) || !name.ends_with(kWeightsEnd)) return 0;
  const char* const first = name.data() + kCheckpointStart.size();
  const char* const last = name.data() + name.size() - kWeightsEnd.size();
  int epoch = 0;
  const auto [end, problem] = std::from_chars(first, last, epoch);
  return problem == std::errc{} && end == last ? epoch : 0;
}

// The checkpoint of the highest epoch; empty if there is none.
std::string last_checkpoint(const fs::path& folder) {
  std::string last;
  int last_epoch = 0;
  for (const std::string& name : names_in(folder)) {
    if (const int epoch = checkpoint_epoch(name); epoch > last_epoch) {
      last_epoch = epoch;
      last = name;
    }
  }
  return last;
}

void gather_model(RunEvidence& evidence, int threads) {
  ModelEvidence model;
  // With a patience, the last epochs are those that were not good enough.
  const bool patient = evidence.recipe->train.patience > 0;
  model.file = patient && is_there(evidence.folder / kBestModel) ? std::string(kBestModel)
                                                                 : last_checkpoint(evidence.folder);
  if (model.file.empty() && is_there(evidence.folder / kBestModel)) {
    model.file = kBestModel;
    evidence.notes.emplace_back("there is no checkpoint: the model is that of the best epoch");
  }
  if (model.file.empty()) {
    stop_at("", Error("there is no checkpoint: the model is not analysed", kFinished), evidence);
    return;
  }
  if (const int epoch = checkpoint_epoch(model.file);
      epoch > 0 && epoch != evidence.metadata->epochs_completed) {
    evidence.notes.push_back(
        fmt::format("the last checkpoint is of epoch {}; the run reached epoch {}", epoch,
                    evidence.metadata->epochs_completed));
  }
  const RunData& data = *evidence.data;
  try {
    model.parameters =
        load_model(evidence.folder / model.file, evidence.recipe->model, data.dataset);
  } catch (const Error& error) {
    stop_at("the model is not used", error, evidence);
    return;
  }
  const auto say = [&](const std::vector<int>& windows) {
    return predict(evidence.recipe->model, evidence.recipe->train.batch, data.dataset,
                   model.parameters, windows, threads);
  };
  model.train = say(data.split.train);
  model.validation = say(data.split.validation);
  evidence.model = std::move(model);
}

void gather_settings(RunEvidence& evidence) {
  const fs::path metadata = evidence.folder / kMetadataFile, recipe = evidence.folder / kRecipeFile;
  if (is_there(metadata)) {
    evidence.metadata = read_metadata(metadata);
  } else {
    stop_at("",
            Error(fmt::format(
                      "there is no {}: data and model are unknown, and only tables are analysed",
                      kMetadataFile),
                  kFinished),
            evidence);
  }
  if (is_there(recipe)) {
    evidence.recipe = read_recipe(recipe);
  } else {
    stop_at("",
            Error(fmt::format("there is no {}: the settings of the run are unknown", kRecipeFile),
                  kFinished),
            evidence);
  }
}

// A run that is not at its end is judged all the same.
void note_state(RunEvidence& evidence) {
  if (!evidence.metadata || !evidence.recipe) return;
  const int reached = evidence.metadata->epochs_completed, epochs = evidence.recipe->train.epochs;
  if (evidence.metadata->status == RunStatus::stopped) {
    evidence.notes.push_back(fmt::format("the run was stopped at epoch {} of {}", reached, epochs));
  } else if (evidence.metadata->status == RunStatus::running) {
    evidence.notes.push_back(fmt::format(
        "the run is still running or was killed: it is at epoch {} of {}", reached, epochs));
  }
}

}  // namespace

RunEvidence gather_run(const fs::path& folder, int threads, const TrainingData* source) {
  RunEvidence evidence;
  evidence.folder = folder;
  evidence.record = read_run_record(folder);
  for (const std::string& name : evidence.record.missing) {
    evidence.notes.push_back("there is no " + name);
  }
  for (const RecordFault& fault : evidence.record.faults) {
    evidence.notes.push_back(fault.table + ": " + fault.what);
  }
  gather_settings(evidence);
  note_state(evidence);
  if (!evidence.metadata || !evidence.recipe) return evidence;
  gather_data(evidence, source);
  if (evidence.data) gather_model(evidence, threads);
  return evidence;
}

RunEvidence gather_evidence(const fs::path& folder, int threads, const TrainingData* source) {
  RunEvidence evidence = gather_run(folder, threads, source);
  if (!evidence.model || !evidence.recipe->has(Task::span)) return evidence;
  if (evidence.model->validation.windows.empty()) {
    evidence.notes.emplace_back(
        "there are no validation windows: the model is not compared with others");
    return evidence;
  }
  evidence.evaluation = evaluate(validation_sets(
      *evidence.recipe, *evidence.data, evidence.model->train, evidence.model->validation));
  return evidence;
}

}  // namespace spanlab
