// Copies tensors of a weight file into the parameters, by name and shape.
#include "spanlab/train/start_weights.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "spanlab/base/error.h"
#include "spanlab/train/pretrain.h"

namespace spanlab {
namespace {

constexpr char kFeatures[] = "features";

/// The features as the encoder sees them: their order counts.
std::string features_text(const WindowInputConfig& input) {
  const bool continuous = input.feature_mode == FeatureMode::continuous;
  return fmt::format("{}: {}", continuous ? "continuous" : "per_window",
                     fmt::join(input.features, ", "));
}

void require_same_features(const TensorFile& file, const WindowInputConfig& input) {
  const auto known = file.metadata.find(kFeatures);
  if (known == file.metadata.end() || known->second == features_text(input)) return;
  throw Error(fmt::format("{} has features ({}) that differ from the recipe's ({})", file.path,
                          known->second, features_text(input)),
              "pre-train with this recipe, or use the recipe of the pre-training");
}

}  // namespace

std::vector<std::string> start_from(const TensorFile& file, const WindowInputConfig& input,
                                    const ParameterTable& table, std::vector<float>& block) {
  require_same_features(file, input);
  std::vector<std::string> names;
  for (const Parameter& p : table.entries()) {
    const Tensor* found = file.find(p.name);
    if (found == nullptr) continue;
    if (found->shape != p.shape) {
      if (p.role.part != ModelPart::encoder) continue;
      throw Error(fmt::format("{}: {} has the shape [{}], the recipe's has [{}]", file.path, p.name,
                              fmt::join(found->shape, ", "), fmt::join(p.shape, ", ")),
                  "model.hidden, model.layers and the number of data.features must be those that "
                  "the weights were trained with");
    }
    const std::vector<float> values = found->floats();
    std::copy(values.begin(), values.end(), block.begin() + static_cast<ptrdiff_t>(p.offset));
    names.push_back(p.name);
  }
  if (!names.empty()) return names;
  throw Error(fmt::format("{}: none of its {} tensors belongs to the model", file.path,
                          file.tensors.size()),
              "give weights of the command `pretrain`, or a run's best_model.safetensors");
}

StartWeights encoder_weights(const WindowInputConfig& input, const ParameterTable& table,
                             const std::vector<float>& block) {
  std::vector<Tensor> tensors;
  for (const Parameter& p : table.entries()) {
    if (p.role.part != ModelPart::encoder) continue;
    tensors.push_back(Tensor::from(p.name, p.shape, block.data() + p.offset));
  }
  return {safetensors_bytes(tensors,
                            {{"format", "spanlab encoder 1"}, {kFeatures, features_text(input)}}),
          "the pre-trained encoder"};
}

}  // namespace spanlab
