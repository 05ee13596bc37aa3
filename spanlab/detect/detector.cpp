// The detector's file: weights as tensors, everything else in the metadata.
#include "spanlab/detect/detector.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <string_view>

#include "spanlab/base/error.h"
#include "spanlab/base/file.h"
#include "spanlab/base/safetensors.h"
#include "spanlab/base/settings_toml.h"
#include "spanlab/model/jade.h"
#include "spanlab/model/weights.h"
#include "spanlab/recipe/jade_config.h"

namespace spanlab {
namespace {

using nlohmann::ordered_json;

constexpr char kFormat[] = "spanlab detector 1";
constexpr std::string_view kRecipePrefix = "recipe.";
constexpr int kMostMembers = 1000;

std::string member_prefix(size_t member) {
  return fmt::format("member.{}.", member);
}

ParameterTable table_of(const ModelConfig& model, const WindowInputConfig& input) {
  const auto features = static_cast<int>(input.features.size());
  return Jade<float>(jade_config(model, input.window, features)).table();
}

ordered_json facts_of(const Detector& detector) {
  ordered_json delays = ordered_json::array();
  for (const DelayRow& row : detector.delays) {
    delays.push_back({{"delay", row.delay},
                      {"threshold", row.threshold},
                      {"average_precision", row.average_precision},
                      {"f1", row.f1},
                      {"precision", row.precision},
                      {"recall", row.recall}});
  }
  ordered_json points = ordered_json::array();
  for (const OperatingPoint& point : detector.points) {
    points.push_back({{"threshold", point.threshold},
                      {"precision", point.precision},
                      {"recall", point.recall},
                      {"per_day", point.per_day}});
  }
  ordered_json inputs = ordered_json::array();
  for (const InputScale& input : detector.inputs) {
    inputs.push_back({{"mean", input.mean}, {"deviation", input.deviation}});
  }
  return {{"members", detector.members.size()},
          {"calibration",
           {{"slope", detector.calibration.slope}, {"offset", detector.calibration.offset}}},
          {"stride", detector.stride},
          {"shortest", detector.shortest},
          {"default_delay", detector.default_delay},
          {"delays", delays},
          {"points", points},
          {"bar_ms", detector.bar_ms},
          {"inputs", inputs},
          {"data_hash", detector.data_hash},
          {"version", detector.version}};
}

size_t take_facts(const ordered_json& facts, Detector& detector) {
  detector.calibration = {facts.at("calibration").at("slope"),
                          facts.at("calibration").at("offset")};
  detector.stride = facts.at("stride");
  detector.shortest = facts.at("shortest");
  detector.default_delay = facts.at("default_delay");
  for (const ordered_json& row : facts.at("delays")) {
    detector.delays.push_back({.delay = row.at("delay"),
                               .threshold = row.at("threshold"),
                               .average_precision = row.at("average_precision"),
                               .f1 = row.at("f1"),
                               .precision = row.at("precision"),
                               .recall = row.at("recall")});
  }
  for (const ordered_json& point : facts.at("points")) {
    detector.points.push_back({.threshold = point.at("threshold"),
                               .precision = point.at("precision"),
                               .recall = point.at("recall"),
                               .per_day = point.at("per_day")});
  }
  detector.bar_ms = facts.at("bar_ms");
  for (const ordered_json& input : facts.at("inputs")) {
    detector.inputs.push_back({input.at("mean"), input.at("deviation")});
  }
  detector.data_hash = facts.at("data_hash");
  detector.version = facts.at("version");
  return facts.at("members");
}

/// What detection relies on; empty if all is well.
std::string contradiction_in(const Detector& detector, size_t members) {
  const int window = detector.recipe.data.window;
  const auto usable = [&](const DelayRow& row) {
    return row.delay >= 0 && row.delay + detector.stride <= window && !std::isnan(row.threshold);
  };
  if (members < 1 || members > kMostMembers) return "it has no members";
  if (detector.stride < 1 || detector.shortest < 1) return "stride or shortest is below 1";
  if (detector.delays.empty()) return "it has no delays";
  if (!std::all_of(detector.delays.begin(), detector.delays.end(), usable)) {
    return "a delay does not fit the window and the stride";
  }
  if (std::none_of(detector.delays.begin(), detector.delays.end(),
                   [&](const DelayRow& row) { return row.delay == detector.default_delay; })) {
    return "its default delay is not one of its delays";
  }
  if (detector.inputs.size() != detector.recipe.data.features.size()) {
    return "the recipe has different features";
  }
  if (!std::isfinite(detector.calibration.slope) || !std::isfinite(detector.calibration.offset)) {
    return "the calibration is not finite";
  }
  return "";
}

}  // namespace

const DelayRow& Detector::at_delay(int delay) const {
  std::vector<int> known;
  for (const DelayRow& row : delays) {
    if (row.delay == delay) return row;
    known.push_back(row.delay);
  }
  throw Error(fmt::format("the detector has no threshold for a delay of {} bars", delay),
              fmt::format("it has them for {}", fmt::join(known, ", ")));
}

void write_detector(const std::filesystem::path& path, const Detector& detector) {
  const ParameterTable table = table_of(detector.recipe.model, detector.recipe.data);
  std::vector<Tensor> tensors;
  for (size_t m = 0; m < detector.members.size(); ++m) {
    append_tensors(table, detector.members[m].data(), member_prefix(m), tensors);
  }
  std::map<std::string, std::string> metadata{{"format", kFormat},
                                              {"detector", facts_of(detector).dump()}};
  Recipe recipe = detector.recipe;
  for (const Setting& setting : settings_of(recipe)) {
    metadata[std::string(kRecipePrefix) + setting.name] = value_text(setting.get());
  }
  write_safetensors(path, tensors, metadata);
}

Detector parse_detector(Bytes bytes) {
  const TensorFile file = parse_safetensors(bytes);
  const auto format = file.metadata.find("format");
  if (format == file.metadata.end() || format->second != kFormat) {
    throw Error(
        fmt::format("{} is not a detector ({})", file.path,
                    format == file.metadata.end() ? "its metadata have no format" : format->second),
        "the command `fit` writes detectors");
  }
  Detector detector;
  size_t members = 0;
  try {
    const std::vector<Setting> settings = settings_of(detector.recipe);
    for (const auto& [key, value] : file.metadata) {
      if (key.starts_with(kRecipePrefix)) {
        override_setting(key.substr(kRecipePrefix.size()) + "=" + value, settings);
      }
    }
    members = take_facts(ordered_json::parse(file.metadata.at("detector")), detector);
  } catch (const Error& e) {
    throw Error(fmt::format("{}: its recipe cannot be read: {}", file.path, e.what()),
                "the file was changed or written by another version: fit the detector again");
  } catch (const std::exception&) {  // of the JSON library, or a key that is missing
    throw Error(fmt::format("{}: its metadata are incomplete or damaged", file.path),
                "fit the detector again, or copy the file again");
  }
  if (const std::string what = contradiction_in(detector, members); !what.empty()) {
    throw Error(fmt::format("{}: {}", file.path, what), "fit the detector again");
  }
  const ParameterTable table = table_of(detector.recipe.model, detector.recipe.data);
  for (size_t m = 0; m < members; ++m) {
    detector.members.emplace_back(table.size());
    load_tensors(file, table, member_prefix(m), detector.members.back().data());
  }
  return detector;
}

Detector read_detector(const std::filesystem::path& path) {
  const std::string bytes = read_file(path);
  return parse_detector({bytes, path.native()});
}

}  // namespace spanlab
