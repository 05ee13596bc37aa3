// Weight files of the model: there and back, and from PyTorch's side.
#include "spanlab/model/weights.h"

#include <gtest/gtest.h>

#include "spanlab/model/jade.h"
#include "tests/expect_error.h"
#include "tests/model/golden.h"
#include "tests/temporary_folder.h"

namespace spanlab {
namespace {

TEST(Weights, ThereAndBack) {
  const TemporaryFolder folder;
  const Jade<float> model(JadeConfig{.hidden = 128, .layers = 2});
  std::vector<float> saved(model.table().size()), loaded(saved.size());
  model.table().initialise(5, saved.data());
  std::vector<Tensor> tensors;
  append_tensors(model.table(), saved.data(), "", tensors);
  write_safetensors(folder / "w", tensors, {});
  load_tensors(read_safetensors(folder / "w"), model.table(), "", loaded.data());
  EXPECT_EQ(saved, loaded);
}

TEST(Weights, OfPyTorchsSide) {
  for (const std::string& path : golden_files()) {
    const TensorFile file = read_golden(path);
    const Jade<float> model{golden_config(file)};
    std::vector<float> block(model.table().size());
    load_tensors(file, model.table(), "param.", block.data());
    EXPECT_FLOAT_EQ(block[model.log_sigma(Task::ptr)], -0.3f) << path;
  }
}

TEST(Weights, OfAnotherModelAreRefused) {
  const TemporaryFolder folder;
  const Jade<float> small(JadeConfig{.hidden = 16}), large(JadeConfig{.hidden = 32});
  const Jade<float> deep(JadeConfig{.hidden = 16, .layers = 2});
  std::vector<float> block(deep.table().size() + large.table().size());
  std::vector<Tensor> tensors;
  append_tensors(small.table(), block.data(), "", tensors);
  write_safetensors(folder / "w", tensors, {});
  const TensorFile file = read_safetensors(folder / "w");
  expect_error([&] { load_tensors(file, large.table(), "", block.data()); },
               {"lstm.weight_ih_l0", "128"});
  expect_error([&] { load_tensors(file, deep.table(), "", block.data()); }, {"lstm.weight_ih_l1"});
}

}  // namespace
}  // namespace spanlab
