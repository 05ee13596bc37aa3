// metadata.json as text, read and written key by key.
#include "spanlab/runs/metadata.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <nlohmann/json.hpp>

#include "spanlab/base/error.h"
#include "spanlab/base/file.h"

namespace spanlab {
namespace {

using nlohmann::ordered_json;

constexpr uint64_t kLargestFile = 16 * 1024 * 1024;  // bytes
constexpr char kDamaged[] = "the file is damaged; start the run again in another folder";

// A member as JSON, and back.
template <class T>
ordered_json json_of(const T& value) {
  return value;
}
ordered_json json_of(const RunStatus& status) {
  return name_of(status);
}
ordered_json json_of(const SettingTexts& settings) {
  ordered_json json = ordered_json::object();
  for (const auto& [name, value] : settings) json[name] = ordered_json::parse(value);
  return json;
}
template <class T>
ordered_json json_of(const std::optional<T>& value) {
  return value ? ordered_json(*value) : ordered_json(nullptr);
}

template <class T>
void take(const ordered_json& json, T& value) {
  value = json.get<T>();
}
void take(const ordered_json& json, RunStatus& status) {
  const auto name = json.get<std::string>();
  for (const RunStatus each : {RunStatus::running, RunStatus::stopped, RunStatus::completed}) {
    if (name != name_of(each)) continue;
    status = each;
    return;
  }
  throw Error("the status is none of running, stopped, completed", kDamaged);
}
void take(const ordered_json& json, SettingTexts& settings) {
  for (const auto& [name, value] : json.items()) settings.emplace_back(name, value.dump());
}
template <class T>
void take(const ordered_json& json, std::optional<T>& value) {
  if (!json.is_null()) value = json.get<T>();
}

/// "a.b" as the place b in the object a.
ordered_json::json_pointer place_of(const MetadataKey& key) {
  std::string path = "/" + std::string(key.name);
  std::replace(path.begin(), path.end(), '.', '/');
  return ordered_json::json_pointer(path);
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

std::string metadata_text(const Metadata& metadata) {
  ordered_json json;
  Metadata(metadata).keys([&](const MetadataKey& key) {
    ordered_json value = std::visit([](const auto* member) { return json_of(*member); }, key.value);
    if (!(key.left_out && value.empty())) json[place_of(key)] = std::move(value);
  });
  // Paths need not be UTF-8.
  return json.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

Metadata parse_metadata(std::string_view text, const std::string& name) {
  try {
    const ordered_json json = ordered_json::parse(text);
    Metadata metadata;
    metadata.keys([&](const MetadataKey& key) {
      const ordered_json::json_pointer place = place_of(key);
      if (key.left_out && !json.contains(place)) return;
      std::visit([&](auto* member) { take(json.at(place), *member); }, key.value);
    });
    return metadata;
  } catch (const ordered_json::exception& e) {
    throw Error(fmt::format("{} is not the metadata of a run: {}", name, e.what()), kDamaged);
  } catch (const Error& e) {
    throw Error(fmt::format("{}: {}", name, e.what()), e.hint());
  }
}

void write_metadata(const std::filesystem::path& path, const Metadata& metadata) {
  write_file_atomically(path, metadata_text(metadata));
}

Metadata read_metadata(const std::filesystem::path& path) {
  return parse_metadata(read_file(path, kLargestFile), path.string());
}

std::string utc_timestamp() {
  const std::time_t now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(now));
}

}  // namespace spanlab
