// The parameters by name: which tasks reach them, where they start.
#include "spanlab/train/trained_parameters.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <numeric>
#include <string>

#include "spanlab/base/error.h"
#include "spanlab/base/text.h"

namespace spanlab {
namespace {

constexpr char kEncoder[] = "lstm.";
constexpr char kLogSigma[] = "log_sigma_";
constexpr char kSpanHead[] = "expansion_span_emission.1";

bool is_trained(const Recipe& recipe, std::string_view name, bool learns_log_scale) {
  const auto of_head = [&](std::string_view head, Task task) {
    return !name.starts_with(head) || recipe.has(task);
  };
  for (int t = 0; t < kTaskCount; ++t) {
    const auto task = static_cast<Task>(t);
    if (name == kLogSigma + std::string(name_of(task))) {
      return learns_log_scale && recipe.has(task);
    }
  }
  if (name.starts_with("projection")) return recipe.has(Task::type) || recipe.has(Task::ptr);
  return of_head("classifier", Task::type) && of_head("pointer_head", Task::ptr) &&
         of_head(kSpanHead, Task::span) && of_head("expansion_countdown_head", Task::countdown);
}

/// Lin et al., "Focal loss for dense object detection", ICCV 2017: with the head saying the base
/// rate, the first steps are not spent on finding it.
void start_at_base_rate(const ParameterTable& table, const Dataset& dataset,
                        std::span<const int> train, std::vector<float>& block) {
  double inside = 0;
  for (const int window : train) {
    const float* mask = dataset.mask.data() + static_cast<ptrdiff_t>(window) * dataset.length;
    inside += std::accumulate(mask, mask + dataset.length, 0.0);
  }
  const double bars = static_cast<double>(train.size()) * dataset.length;
  if (bars == 0) return;
  // Half a bar off the ends, where the log odds are infinite.
  inside = std::clamp(inside, 0.5, bars - 0.5);
  const Parameter& weight = require_parameter(table, std::string(kSpanHead) + ".weight");
  std::fill_n(block.begin() + static_cast<ptrdiff_t>(weight.offset), weight.size, 0.0f);
  block[require_parameter(table, std::string(kSpanHead) + ".bias").offset] =
      static_cast<float>(std::log(inside / (bars - inside)));
}

}  // namespace

std::vector<AdamWPart> trained_parts(const Recipe& recipe, const ParameterTable& table,
                                     bool learns_log_scale) {
  std::vector<AdamWPart> parts;
  for (const Parameter& p : table.entries()) {
    if (!is_trained(recipe, p.name, learns_log_scale)) continue;
    const bool log_scale = p.name.starts_with(kLogSigma);
    parts.push_back({p.offset, p.size, log_scale ? recipe.loss.sigma_rate : 1,
                     log_scale ? recipe.loss.sigma_decay : 1});
  }
  return parts;
}

int64_t frozen_epochs(const Recipe& recipe, const ParameterTable& table, size_t offset) {
  if (recipe.train.freeze_encoder == 0) return 0;
  for (const Parameter& p : table.entries()) {
    if (p.offset != offset || !p.name.starts_with(kEncoder)) continue;
    // lstm.weight_ih_l0, lstm.bias_hh_l1_reverse: the layer stands behind the first "_l".
    int layer = 0;
    const char* const digits = p.name.data() + p.name.find("_l") + 2;
    std::from_chars(digits, p.name.data() + p.name.size(), layer);
    return int64_t{recipe.train.freeze_encoder} * (recipe.model.layers - layer);
  }
  return 0;
}

std::vector<float> initial_parameters(const Recipe& recipe, const ParameterTable& table,
                                      const Dataset& dataset, std::span<const int> train) {
  std::vector<float> block(table.size());
  table.initialise(static_cast<uint64_t>(recipe.train.seed), block.data());
  if (recipe.model.span_start == SpanStart::prior && recipe.model.span_head == SpanHead::bar) {
    start_at_base_rate(table, dataset, train, block);
  }
  return block;
}

const Parameter& require_parameter(const ParameterTable& table, std::string_view name) {
  if (const Parameter* found = table.find(name)) return *found;
  std::vector<std::string> names;
  for (const Parameter& p : table.entries()) names.push_back(p.name);
  const std::string near = nearest_name(name, names);
  throw Error(
      "the model has no parameter " + in_quotes(name),
      near.empty() ? "names are those of a checkpoint's tensors" : "did you mean " + near + "?");
}

}  // namespace spanlab
