// metadata.json in and out.
#include "spanlab/runs/metadata.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <chrono>
#include <nlohmann/json.hpp>

#include "spanlab/base/error.h"
#include "spanlab/base/file.h"

namespace spanlab {
namespace {

using nlohmann::ordered_json;

constexpr uint64_t kLargestFile = 16 * 1024 * 1024;  // bytes
constexpr RunStatus kStatuses[] = {RunStatus::running, RunStatus::stopped, RunStatus::completed};

RunStatus status_of(const std::string& name, const std::string& path) {
  for (const RunStatus status : kStatuses) {
    if (name == name_of(status)) return status;
  }
  throw Error(fmt::format("{}: the status is none of running, stopped, completed", path),
              "the file is damaged; start the run anew in another folder");
}

/// null becomes an empty optional.
template <class T>
std::optional<T> optional_at(const ordered_json& json, const char* key) {
  const ordered_json& value = json.at(key);
  return value.is_null() ? std::nullopt : std::optional<T>(value.get<T>());
}

template <class T>
ordered_json json_of(const std::optional<T>& value) {
  return value ? ordered_json(*value) : ordered_json(nullptr);
}

}  // namespace

std::string name_of(RunStatus status) {
  switch (status) {
    case RunStatus::running:
      return "running";
    case RunStatus::stopped:
      return "stopped";
    case RunStatus::completed:
      break;
  }
  return "completed";
}

void write_metadata(const std::filesystem::path& path, const Metadata& m) {
  ordered_json settings = ordered_json::object();
  for (const auto& [name, value] : m.settings) settings[name] = ordered_json::parse(value);
  ordered_json json{
      {"timestamp", m.timestamp},
      {"status", name_of(m.status)},
      {"version", m.version},
      {"settings", settings},
      {"inputs", m.inputs},
      {"data_hash", m.data_hash},
      {"dataset_size", m.dataset_size},
      {"train_size", m.train_size},
      {"val_size", m.val_size},
      {"feature_names", m.feature_names},
      {"parameters", {{"total", m.total_parameters}, {"trainable", m.trainable_parameters}}},
      {"seed", m.seed},
      {"cpu", m.cpu},
      {"instruction_set", m.instruction_set},
      {"threads", m.threads},
      {"epochs_completed", m.epochs_completed},
      {"best_epoch", json_of(m.best_epoch)},
      {"weights_hash", json_of(m.weights_hash)},
  };
  if (m.start_hash) json["start_hash"] = *m.start_hash;
  // Paths need not be UTF-8.
  write_file_atomically(path,
                        json.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n");
}

Metadata read_metadata(const std::filesystem::path& path) {
  const std::string text = read_file(path, kLargestFile);
  try {
    const ordered_json json = ordered_json::parse(text);
    Metadata m;
    m.timestamp = json.at("timestamp");
    m.status = status_of(json.at("status"), path.string());
    m.version = json.at("version");
    for (const auto& [name, value] : json.at("settings").items()) {
      m.settings.emplace_back(name, value.dump());
    }
    m.inputs = json.at("inputs").get<std::map<std::string, std::string>>();
    m.data_hash = json.at("data_hash");
    m.dataset_size = json.at("dataset_size");
    m.train_size = json.at("train_size");
    m.val_size = json.at("val_size");
    m.feature_names = json.at("feature_names").get<std::vector<std::string>>();
    m.total_parameters = json.at("parameters").at("total");
    m.trainable_parameters = json.at("parameters").at("trainable");
    m.seed = json.at("seed");
    m.cpu = json.at("cpu");
    m.instruction_set = json.at("instruction_set");
    m.threads = json.at("threads");
    m.epochs_completed = json.at("epochs_completed");
    m.best_epoch = optional_at<int>(json, "best_epoch");
    m.weights_hash = optional_at<std::string>(json, "weights_hash");
    if (json.contains("start_hash")) m.start_hash = json.at("start_hash").get<std::string>();
    return m;
  } catch (const ordered_json::exception& e) {
    throw Error(fmt::format("{} is not the metadata of a run: {}", path.string(), e.what()),
                "the file is damaged; start the run anew in another folder");
  }
}

std::string utc_timestamp() {
  const std::time_t now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(now));
}

}  // namespace spanlab
