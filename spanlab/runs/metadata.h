// metadata.json: what a run was made from, on what, and how far it got.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace spanlab {

enum class RunStatus {
  running,    ///< or killed
  stopped,    ///< by the user; can go on
  completed,  ///< trained to its end
};

struct Metadata {
  std::string timestamp;  ///< start of the run, UTC, ISO 8601
  RunStatus status = RunStatus::running;
  std::string version;                                        ///< of spanlab
  std::vector<std::pair<std::string, std::string>> settings;  ///< dotted name, value as JSON text
  std::map<std::string, std::string> inputs;                  ///< "bars", "windows", ...: paths
  std::string data_hash;                  ///< of the inputs' contents, as training sees them
  std::optional<std::string> start_hash;  ///< of the weights that it started from, if from a file
  int64_t dataset_size = 0, train_size = 0, val_size = 0;  ///< windows
  std::vector<std::string> feature_names;
  int64_t total_parameters = 0, trainable_parameters = 0;
  int64_t seed = 0;
  std::string cpu;              ///< processor's name
  std::string instruction_set;  ///< of the kernels that ran
  int threads = 1;
  int epochs_completed = 0;
  std::optional<int> best_epoch;            ///< lowest validation loss so far
  std::optional<std::string> weights_hash;  ///< of the last epoch's weights, once completed

  bool operator==(const Metadata&) const = default;
};

/// "running", "stopped" or "completed".
std::string name_of(RunStatus status);

/// Replaces the file atomically.
void write_metadata(const std::filesystem::path& path, const Metadata& metadata);

/// Throws Error naming the file: not there, no JSON, a key missing or of the wrong type.
Metadata read_metadata(const std::filesystem::path& path);

/// The present moment as Metadata::timestamp has it: "2025-10-26T23:10:00Z".
std::string utc_timestamp();

}  // namespace spanlab
