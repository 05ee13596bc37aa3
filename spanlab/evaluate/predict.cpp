// Predicts in the run's batches, so that the bits are those of the validation in training.
#include "spanlab/evaluate/predict.h"

#include <algorithm>

#include "spanlab/base/job.h"
#include "spanlab/base/parallel.h"
#include "spanlab/base/safetensors.h"
#include "spanlab/model/weights.h"
#include "spanlab/recipe/jade_config.h"

namespace spanlab {

std::vector<float> load_model(const std::filesystem::path& path, const ModelConfig& config,
                              const Dataset& dataset) {
  const TensorFile file = read_safetensors(path);
  const Jade<float> model(jade_config(config, dataset.length, dataset.features));
  std::vector<float> parameters(model.table().size());
  load_tensors(file, model.table(), "", parameters.data());
  return parameters;
}

Predictions predict(const ModelConfig& config, int batch, const Dataset& dataset,
                    const std::vector<float>& parameters, std::span<const int> windows,
                    int threads) {
  ThreadPool pool(threads);
  Jade<float> model(jade_config(config, dataset.length, dataset.features));
  model.prepare(pool, parameters.data());
  Predictions all{{windows.begin(), windows.end()}, {}};
  const auto width = static_cast<ptrdiff_t>(dataset.length) * dataset.features;
  const auto step = static_cast<size_t>(batch);
  std::vector<float> input;  // [B, T, D]
  for (size_t first = 0; first < windows.size(); first += step) {
    check_stop();
    const auto some = windows.subspan(first, std::min(step, windows.size() - first));
    input.clear();
    for (const int window : some) {
      input.insert(input.end(), dataset.input_of(window), dataset.input_of(window) + width);
    }
    const JadeOutput<float>& out = model.forward(
        pool, parameters.data(), static_cast<int>(some.size()), input.data(), std::nullopt);
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
