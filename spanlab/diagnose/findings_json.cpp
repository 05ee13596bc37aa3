// Writes findings.json.
#include <cmath>
#include <nlohmann/json.hpp>

#include "spanlab/diagnose/diagnose.h"

namespace spanlab {
namespace {

using nlohmann::ordered_json;

ordered_json json_number(double value) {
  return std::isfinite(value) ? ordered_json(value) : ordered_json(nullptr);
}

ordered_json json_of(const Evidence& e) {
  return {{"name", e.name},
          {"value", json_number(e.value)},
          {"unit", e.unit},
          {"limit", e.limit ? json_number(*e.limit) : ordered_json(nullptr)},
          {"epoch", e.epoch ? ordered_json(*e.epoch) : ordered_json(nullptr)},
          {"file", e.file}};
}

ordered_json json_of(const Remedy& r) {
  return {{"patch", r.patch}, {"action", r.action}, {"expected", r.expected}};
}

ordered_json json_of(const Finding& finding);

template <class T>
ordered_json json_list(const std::vector<T>& values) {
  ordered_json list = ordered_json::array();
  for (const T& value : values) list.push_back(json_of(value));
  return list;
}

ordered_json json_of(const Finding& f) {
  return {{"rule", f.rule},
          {"title", f.title},
          {"severity", name_of(f.severity)},
          {"explanation", f.explanation},
          {"evidence", json_list(f.evidence)},
          {"mistaken_for", f.mistaken_for},
          {"remedies", json_list(f.remedies)},
          {"leads_to", f.leads_to}};
}

}  // namespace

std::string findings_json(const std::vector<Finding>& findings, const RunEvidence& evidence) {
  const ordered_json json{{"run", evidence.folder.string()},
                          {"findings", json_list(findings)},
                          {"not_looked_at", evidence.notes}};
  // Names of files and features need not be UTF-8.
  return json.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace spanlab
