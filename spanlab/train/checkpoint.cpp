// Checkpoints as safetensors files.
#include "spanlab/train/checkpoint.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <string>
#include <vector>

#include "spanlab/base/error.h"
#include "spanlab/base/hash.h"
#include "spanlab/base/safetensors.h"
#include "spanlab/base/text.h"
#include "spanlab/model/weights.h"

namespace spanlab {
namespace {

constexpr char kBalancing[] = "balancing_state";
constexpr char kUnaveraged[] = "adamw_parameters.";

template <class T>
T metadata_number(const TensorFile& file, const std::string& key) {
  const auto found = file.metadata.find(key);
  T value{};
  if (found != file.metadata.end()) {
    const std::string& text = found->second;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error == std::errc() && end == text.data() + text.size()) return value;
  }
  throw Error(file.path + ": the metadata have no number \"" + key + "\"",
              "this is not a checkpoint of a run; give a checkpoint_epoch_N.safetensors");
}

/// Of all that a resumed run continues from.
std::string hash_of(const AdamWState& state, const std::vector<double>& balancing) {
  std::string hashes;
  for (const auto* values : {&state.parameters, &state.mean, &state.square, &state.average}) {
    if (!values->empty()) hashes += hash_text(values->data(), values->size() * sizeof(float));
  }
  if (!balancing.empty()) hashes += hash_text(balancing.data(), balancing.size() * sizeof(double));
  return hash_text(hashes.data(), hashes.size());
}

bool holds_average(const TensorFile& file) {
  return std::any_of(file.tensors.begin(), file.tensors.end(),
                     [](const Tensor& tensor) { return tensor.name.starts_with(kUnaveraged); });
}

}  // namespace

void save_checkpoint(const std::filesystem::path& path, const ParameterTable& table,
                     const AdamWState& state, const std::vector<double>& balancing,
                     const RunProgress& progress) {
  std::vector<Tensor> tensors;
  append_tensors(table, state.model().data(), "", tensors);
  if (!state.average.empty()) {
    append_tensors(table, state.parameters.data(), kUnaveraged, tensors);
  }
  append_tensors(table, state.mean.data(), "adamw_mean.", tensors);
  append_tensors(table, state.square.data(), "adamw_square.", tensors);
  if (!balancing.empty()) {
    tensors.push_back(
        Tensor::from(kBalancing, {static_cast<int64_t>(balancing.size())}, balancing.data()));
  }
  write_safetensors(path, tensors,
                    {{"format", "spanlab checkpoint 1"},
                     {"hash", hash_of(state, balancing)},
                     {"epoch", std::to_string(progress.epoch)},
                     {"step", std::to_string(state.step)},
                     {"best_epoch", std::to_string(progress.best_epoch)},
                     {"best_loss", number_text(progress.best_loss)},
                     {"first_bad_epoch", std::to_string(progress.first_bad_epoch)}});
}

RunProgress load_checkpoint(const std::filesystem::path& path, const ParameterTable& table,
                            AdamWState& state, std::vector<double>& balancing) {
  const TensorFile file = read_safetensors(path);
  AdamWState loaded(table.size());
  load_tensors(file, table, "", loaded.parameters.data());
  if (holds_average(file)) {
    loaded.average = loaded.parameters;
    load_tensors(file, table, kUnaveraged, loaded.parameters.data());
  }
  load_tensors(file, table, "adamw_mean.", loaded.mean.data());
  load_tensors(file, table, "adamw_square.", loaded.square.data());
  std::vector<double> remembered;
  if (!balancing.empty()) {
    remembered = file.get(kBalancing, {static_cast<int64_t>(balancing.size())}).doubles();
  }
  loaded.step = metadata_number<int64_t>(file, "step");
  const RunProgress progress{
      metadata_number<int>(file, "epoch"), metadata_number<int>(file, "best_epoch"),
      metadata_number<double>(file, "best_loss"), metadata_number<int>(file, "first_bad_epoch")};
  const auto hash = file.metadata.find("hash");
  if (hash == file.metadata.end() || hash->second != hash_of(loaded, remembered)) {
    throw Error(file.path + ": its contents do not match its checksum",
                "delete it: resuming then starts from the previous checkpoint");
  }
  state = std::move(loaded);
  balancing = std::move(remembered);
  return progress;
}

void save_best_model(const std::filesystem::path& path, const ParameterTable& table,
                     const std::vector<float>& parameters, int epoch, double loss) {
  std::vector<Tensor> tensors;
  append_tensors(table, parameters.data(), "", tensors);
  write_safetensors(path, tensors,
                    {{"format", "spanlab weights 1"},
                     {"epoch", std::to_string(epoch)},
                     {"loss", number_text(loss)}});
}

}  // namespace spanlab
