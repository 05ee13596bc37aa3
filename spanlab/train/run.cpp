// Starts and resumes a run: opens the folder, then calls the loop.
#include "spanlab/train/run.h"

#include <algorithm>
#include <chrono>
#include <set>

#include "spanlab/base/error.h"
#include "spanlab/base/file.h"
#include "spanlab/base/hash.h"
#include "spanlab/base/safetensors.h"
#include "spanlab/base/settings_toml.h"
#include "spanlab/base/version.h"
#include "spanlab/kernels/isa.h"
#include "spanlab/runs/metadata.h"
#include "spanlab/train/start_weights.h"

namespace spanlab {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

int threads_of(const RunOptions& options) {
  return options.threads > 0 ? options.threads : available_processors();
}

std::vector<std::string> parameter_names(const Learner& learner) {
  std::vector<std::string> names;
  for (const Parameter& p : learner.table().entries()) names.push_back(p.name);
  return names;
}

std::vector<std::pair<std::string, std::string>> settings_text(Recipe recipe) {
  std::vector<std::pair<std::string, std::string>> texts;
  for (const Setting& s : settings_of(recipe)) texts.emplace_back(s.name, value_text(s.get()));
  return texts;
}

/// Hands the learner the weights that the run is to start from. How many tensors they are.
int start_learner(const StartWeights& start, const WindowInputConfig& input, Learner& learner) {
  if (start.bytes.empty()) return 0;
  const std::vector<std::string> names =
      start_from(parse_safetensors({start.bytes, start.name}), input, learner.table(),
                 learner.state().parameters);
  return static_cast<int>(names.size());
}

/// The path in full of data that come from a file; their name as it is if they come from memory.
std::string full_name(const std::string& name) {
  std::error_code problem;
  const bool is_file = fs::exists(name, problem);
  const fs::path path = fs::absolute(name, problem);
  return is_file && !problem ? path.string() : name;
}

Metadata new_metadata(const Recipe& recipe, const RunData& data, const Learner& learner,
                      int threads) {
  Metadata m;
  m.timestamp = utc_timestamp();
  m.version = version();
  m.settings = settings_text(recipe);
  const Labelled& labelled = data.source.labelled();
  m.inputs["bars"] = full_name(labelled.names.bars);
  m.inputs["windows"] = full_name(labelled.names.windows);
  if (labelled.spans) m.inputs["spans"] = full_name(labelled.names.spans);
  if (const StartWeights& start = data.source.start(); !start.bytes.empty()) {
    m.inputs["start"] = full_name(start.name);
  }
  m.data_hash = data.hash;
  m.source_hash = data.source.part_hashes();
  if (const auto given = m.source_hash.extract("start")) m.start_hash = given.mapped();
  m.dataset_size = data.dataset.windows;
  m.train_size = static_cast<int64_t>(data.split.train.size());
  m.val_size = static_cast<int64_t>(data.split.validation.size());
  m.feature_names = data.dataset.feature_names;
  m.total_parameters = static_cast<int64_t>(learner.table().size());
  m.trainable_parameters = static_cast<int64_t>(learner.trainable_parameters());
  m.seed = recipe.train.seed;
  m.cpu = cpu_model();
  m.instruction_set = name_of(active_isa());
  m.threads = threads;
  return m;
}

RunStart run_start(const RunData& data, const Recipe& recipe, const Learner& learner, int threads,
                   bool resumed, int epochs_done, int started) {
  std::set<int32_t> types;
  for (const int w : data.split.train) {
    const auto i = static_cast<size_t>(w);
    if (data.dataset.labelled[i]) types.insert(data.dataset.type[i]);
  }
  const auto unlabelled = [&](const std::vector<int>& side) {
    return static_cast<int>(std::count_if(side.begin(), side.end(), [&](int w) {
      return data.dataset.labelled[static_cast<size_t>(w)] == 0;
    }));
  };
  return {.bar_faults = data.source.bar_faults(),
          .windows = data.dataset.windows,
          .train = static_cast<int>(data.split.train.size()),
          .validation = static_cast<int>(data.split.validation.size()),
          .left_out = static_cast<int>(data.split.left_out.size()),
          .leaking = static_cast<int>(
              leaking_windows(data.split, data.windows, recipe.data.window).size()),
          .unlabelled_train = unlabelled(data.split.train),
          .unlabelled_validation = unlabelled(data.split.validation),
          .types_in_training = static_cast<int>(types.size()),
          .parameters = learner.table().size(),
          .threads = threads,
          .resumed = resumed,
          .epochs_done = epochs_done,
          .started = started};
}

/// A recipe that was edited after the start would continue as another run under the old name.
void require_same_settings(const Recipe& recipe, const Metadata& metadata,
                           const RunFolder& folder) {
  Recipe started;
  const std::vector<Setting> settings = settings_of(started);
  for (const auto& [name, value] : metadata.settings)
    override_setting(name + "=" + value, settings);
  const auto now = settings_text(recipe), then = settings_text(started);
  for (size_t i = 0; i < now.size(); ++i) {
    if (now[i] == then[i]) continue;
    throw Error(folder.recipe().string() + ": " + now[i].first + " is " + now[i].second +
                    ", but the run started with " + then[i].second + " (see metadata.json)",
                "restore the value, or start a new run with the changed recipe");
  }
}

/// The loop between two states of metadata.json.
RunResult run_loop(const Recipe& recipe, const RunData& data, const RunFolder& folder,
                   Metadata metadata, Learner& learner, const RunProgress& progress, bool resumed,
                   int started, const RunOptions& options, Clock::time_point begin) {
  RunTables tables(folder, parameter_names(learner), recipe.record.diagnostics_every > 0,
                   progress.epoch);
  if (options.on_start) {
    options.on_start(
        run_start(data, recipe, learner, metadata.threads, resumed, progress.epoch, started));
  }
  RunResult result{train_loop(recipe, data.dataset, data.split, folder, learner, tables, progress,
                              options.hooks),
                   folder.path(),
                   {},
                   0};
  const std::vector<float>& weights = learner.state().model();
  result.weights_hash = hash_text(weights.data(), weights.size() * sizeof(float));
  metadata.epochs_completed = result.loop.progress.epoch;
  if (result.loop.progress.best_epoch > 0) {
    metadata.best_epoch = result.loop.progress.best_epoch;
  }
  metadata.status = result.loop.stopped ? RunStatus::stopped : RunStatus::completed;
  if (!result.loop.stopped) {
    metadata.weights_hash = result.weights_hash;
    // The last checkpoint is on disk: the state of an interruption is of no further use.
    std::error_code ignored;
    fs::remove(folder.resume_state(), ignored);
  }
  write_metadata(folder.metadata(), metadata);
  result.seconds = std::chrono::duration<double>(Clock::now() - begin).count();
  return result;
}

/// Loads the newest state that the folder holds; the initial one if it has none.
RunProgress load_newest_state(const RunFolder& folder, int epochs, Learner& learner) {
  RunProgress newest;
  if (is_there(folder.resume_state())) {
    newest = load_checkpoint(folder.resume_state(), learner.table(), learner.state(),
                             learner.balancing_state());
  }
  for (int epoch = epochs; epoch > newest.epoch; --epoch) {
    if (is_there(folder.checkpoint(epoch))) {
      return load_checkpoint(folder.checkpoint(epoch), learner.table(), learner.state(),
                             learner.balancing_state());
    }
  }
  return newest;
}

}  // namespace

RunResult train_run(const Recipe& recipe, const TrainingData& source, const fs::path& folder_path,
                    const RunOptions& options) {
  const auto begin = Clock::now();
  RunData data = prepare(recipe, source);
  if (options.on_data) options.on_data(data);
  Learner learner(recipe, data.dataset, data.split.train, threads_of(options));
  const int started = start_learner(source.start(), recipe.data, learner);
  if (options.on_learner) options.on_learner(learner);
  const RunFolder folder = RunFolder::create(folder_path);
  const Metadata metadata = new_metadata(recipe, data, learner, threads_of(options));
  source.store_in(folder.data());
  write_file_atomically(folder.recipe(), recipe_text(recipe));
  // The metadata make the folder a run: written last, once the rest is there.
  write_metadata(folder.metadata(), metadata);
  return run_loop(recipe, data, folder, metadata, learner, RunProgress{}, false, started, options,
                  begin);
}

RunResult resume_run(const fs::path& folder_path, const RunOptions& options,
                     const TrainingData* given) {
  const auto begin = Clock::now();
  const RunFolder folder = RunFolder::open(folder_path);
  Metadata metadata = read_metadata(folder.metadata());
  const bool same_source = given != nullptr && is_source_of(*given, metadata);
  if (metadata.status == RunStatus::completed) {
    if (same_source) given->store_in(folder.data());
    LoopResult done;
    done.progress.epoch = metadata.epochs_completed;
    done.progress.best_epoch = metadata.best_epoch.value_or(0);
    return {done, folder.path(), metadata.weights_hash.value_or(""), 0, true};
  }
  const Recipe recipe = read_recipe(folder.recipe());
  require_same_settings(recipe, metadata, folder);
  const TrainingData source =
      given != nullptr ? *given : read_run_data(folder.path(), metadata, recipe.data.window);
  const StartWeights& start = source.start();
  const auto start_hash = source.part_hashes().find("start");
  if (metadata.start_hash.value_or("") !=
      (start_hash == source.part_hashes().end() ? "" : start_hash->second)) {
    throw Error(folder.path().string() + ": " +
                    (start.bytes.empty() ? "what was given" : start.name) +
                    " no longer contains the weights that the run started from",
                "restore the original file, or start a new run with the command `train`");
  }
  RunData data = prepare(recipe, source);
  if (data.hash != metadata.data_hash ||
      (given != nullptr && !same_source && !metadata.source_hash.empty())) {
    throw Error(folder.path().string() +
                    ": the data differ from those that the run started with (" +
                    source.labelled().names.bars + ", " + source.labelled().names.windows + ")",
                "restore the original files, or start a new run with the command `train`");
  }
  if (same_source) given->store_in(folder.data());
  if (options.on_data) options.on_data(data);
  Learner learner(recipe, data.dataset, data.split.train, threads_of(options));
  const int started = start_learner(start, recipe.data, learner);
  if (options.on_learner) options.on_learner(learner);
  if (metadata.instruction_set != name_of(active_isa())) {
    throw Error(
        folder.path().string() + ": the run started on " + metadata.instruction_set +
            " kernels, but this machine would continue with " + std::string(name_of(active_isa())) +
            ": the results would differ",
        "resume on a machine of the same kind, or set SPANLAB_ISA=" + metadata.instruction_set);
  }
  const RunProgress progress = load_newest_state(folder, recipe.train.epochs, learner);
  metadata.threads = threads_of(options);
  metadata.status = RunStatus::running;
  metadata.epochs_completed = progress.epoch;
  write_metadata(folder.metadata(), metadata);
  return run_loop(recipe, data, folder, metadata, learner, progress, true, started, options, begin);
}

}  // namespace spanlab
