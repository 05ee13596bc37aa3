// Parameters by role: which tasks reach them, how they are initialised.
#include "spanlab/train/trained_parameters.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <string>

#include "spanlab/base/error.h"
#include "spanlab/base/text.h"

namespace spanlab {
namespace {

constexpr std::array kSpan{Task::span};

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
  const auto bias = static_cast<float>(std::log(inside / (bars - inside)));
  for (const Parameter& p : table.entries()) {
    if (p.role.part != ModelPart::head || !p.role.serves(kSpan)) continue;
    std::fill_n(block.begin() + static_cast<ptrdiff_t>(p.offset), p.size,
                p.shape.size() == 1 ? bias : 0.0f);
  }
}

}  // namespace

std::vector<AdamWPart> trained_parts(const std::vector<Task>& tasks,
                                     const BalancingConfig& balancing, const ParameterTable& table,
                                     bool learns_log_scale) {
  std::vector<AdamWPart> parts;
  for (const Parameter& p : table.entries()) {
    const bool log_scale = p.role.part == ModelPart::log_sigma;
    if (!p.role.serves(tasks) || (log_scale && !learns_log_scale)) continue;
    parts.push_back({p.offset, p.size, log_scale ? balancing.sigma_rate : 1,
                     log_scale ? balancing.sigma_decay : 1});
  }
  return parts;
}

int64_t frozen_epochs(int freeze_encoder, int layers, const ParameterTable& table, size_t offset) {
  if (freeze_encoder == 0) return 0;
  for (const Parameter& p : table.entries()) {
    if (p.offset != offset || p.role.part != ModelPart::encoder) continue;
    return int64_t{freeze_encoder} * (layers - p.role.layer);
  }
  return 0;
}

std::vector<float> initial_parameters(const ModelConfig& model, uint64_t seed,
                                      const ParameterTable& table, const Dataset& dataset,
                                      std::span<const int> train) {
  std::vector<float> block(table.size());
  table.initialise(seed, block.data());
  if (model.span_start == SpanStart::prior && model.span_head == SpanHead::bar) {
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
