// Evaluation passes in the recipe's batches: the bits of the validation in training.
#include "spanlab/evaluate/predict.h"

#include <algorithm>

#include "spanlab/base/job.h"
#include "spanlab/base/parallel.h"
#include "spanlab/base/safetensors.h"
#include "spanlab/model/weights.h"
#include "spanlab/recipe/jade_config.h"

namespace spanlab {

std::vector<float> load_model(const std::filesystem::path& path, const Recipe& recipe,
                              const Dataset& dataset) {
  const TensorFile file = read_safetensors(path);
  const Jade<float> model(jade_config(recipe, dataset));
  std::vector<float> parameters(model.table().size());
  load_tensors(file, model.table(), "", parameters.data());
  return parameters;
}

Predictions predict(const Recipe& recipe, const Dataset& dataset,
                    const std::vector<float>& parameters, std::span<const int> windows,
                    int threads) {
  ThreadPool pool(threads);
  Jade<float> model(jade_config(recipe, dataset));
  model.prepare(pool, parameters.data());
  Predictions all{{windows.begin(), windows.end()}, {}};
  const auto width = static_cast<ptrdiff_t>(dataset.length) * dataset.features;
  const auto step = static_cast<size_t>(recipe.train.batch);
  std::vector<float> input;  // [B, T, D]
  for (size_t first = 0; first < windows.size(); first += step) {
    check_stop();
    const auto batch = windows.subspan(first, std::min(step, windows.size() - first));
    input.clear();
    for (const int window : batch) {
      input.insert(input.end(), dataset.input_of(window), dataset.input_of(window) + width);
    }
    const JadeOutput<float>& out = model.forward(
        pool, parameters.data(), static_cast<int>(batch.size()), input.data(), std::nullopt);
    const auto append = [](std::vector<float>& to, const std::vector<float>& from) {
      to.insert(to.end(), from.begin(), from.end());
    };
    append(all.output.logits, out.logits);
    append(all.output.pointers, out.pointers);
    append(all.output.span, out.span);
    append(all.output.countdown, out.countdown);
  }
  return all;
}

}  // namespace spanlab
