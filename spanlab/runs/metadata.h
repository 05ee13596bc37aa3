// metadata.json: a run's inputs, machine and progress.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace spanlab {

enum class RunStatus {
  running,    ///< or killed
  stopped,    ///< by the user; can continue
  completed,  ///< trained to its end
};

/// Dotted names, values as JSON text.
using SettingTexts = std::vector<std::pair<std::string, std::string>>;

/// One key of metadata.json and the member that it belongs to.
struct MetadataKey {
  std::string_view name;  ///< "a.b" is the key b of the object a
  std::variant<std::string*, RunStatus*, SettingTexts*, std::map<std::string, std::string>*,
               std::vector<std::string>*, int*, int64_t*, std::optional<int>*,
               std::optional<std::string>*>
      value;
  std::string_view help;  ///< empty: see the key before
  bool left_out = false;  ///< if there is no value (an empty one); otherwise null
};

struct Metadata {
  std::string timestamp;
  RunStatus status = RunStatus::running;
  std::string version;
  SettingTexts settings;
  std::map<std::string, std::string> inputs;
  std::string data_hash;
  std::map<std::string, std::string> source_hash;  ///< empty in runs of older versions
  std::optional<std::string> start_hash;
  int64_t dataset_size = 0, train_size = 0, val_size = 0;
  std::vector<std::string> feature_names;
  int64_t total_parameters = 0, trainable_parameters = 0;
  int64_t seed = 0;
  std::string cpu;
  std::string instruction_set;
  int threads = 1;
  int epochs_completed = 0;
  std::optional<int> best_epoch;
  std::optional<std::string> weights_hash;

  bool operator==(const Metadata&) const = default;

  /// Calls `visit` for every key, in the order of the file. Writing, reading and documentation
  /// follow from it.
  void keys(const std::function<void(const MetadataKey&)>& visit) {
    visit({"timestamp", &timestamp, "start of the run, UTC, ISO 8601"});
    visit({"status", &status, "`running` (or killed), `stopped` by the user, `completed`"});
    visit({"version", &version, "of spanlab"});
    visit({"settings", &settings, "every setting by its name, as in recipes.md"});
    visit({"inputs", &inputs,
           "paths of the bars, of the windows and, if given, of further spans and of the weights "
           "to start from (`start`)"});
    visit({"data_hash", &data_hash,
           "hash of what training sees: features, targets, split. Another hash: not the same "
           "data"});
    visit({"source_hash", &source_hash,
           "hashes of all that the run was given (`bars`, `windows` and, if given, `spans`), with "
           "which its copy in `data/` is compared; missing in runs of older versions",
           true});
    visit({"dataset_size", &dataset_size, "windows"});
    visit({"train_size", &train_size, ""});
    visit({"val_size", &val_size, ""});
    visit({"feature_names", &feature_names, "inputs of the model, in order"});
    visit({"parameters.total", &total_parameters, "numbers in the model"});
    visit({"parameters.trainable", &trainable_parameters, ""});
    visit({"seed", &seed, "`train.seed`"});
    visit({"cpu", &cpu, "name of the processor"});
    visit({"instruction_set", &instruction_set, "of the kernels that ran"});
    visit({"threads", &threads, "of the last part of the run"});
    visit({"epochs_completed", &epochs_completed,
           "at the start, at a stop and at the end; fewer than `train.epochs` in a completed run "
           "that early stopping ended"});
    visit({"best_epoch", &best_epoch,
           "epoch of `best_model.safetensors`; null before a stop or the end"});
    visit({"weights_hash", &weights_hash,
           "hash of the last epoch's weights, null until completed: equal hashes mean equal "
           "bits"});
    visit({"start_hash", &start_hash,
           "hash of the weights file that the run started from; missing if it started from none",
           true});
  }
};

/// "running", "stopped" or "completed".
std::string name_of(RunStatus status);

/// The contents of metadata.json.
std::string metadata_text(const Metadata& metadata);

/// The opposite; `name` is the text's origin in messages.
/// Throws Error: not JSON, a key missing or of the wrong type.
Metadata parse_metadata(std::string_view text, const std::string& name);

/// Replaces the file atomically.
void write_metadata(const std::filesystem::path& path, const Metadata& metadata);

/// Throws Error as parse_metadata() does, or because the file cannot be read.
Metadata read_metadata(const std::filesystem::path& path);

/// The present moment as Metadata::timestamp has it: "2025-10-26T23:10:00Z".
std::string utc_timestamp();

}  // namespace spanlab
