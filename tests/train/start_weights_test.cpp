// Runs that start from weights of a file, and encoders that are frozen for a while.
#include "spanlab/train/start_weights.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "spanlab/base/file.h"
#include "spanlab/model/reconstruction.h"
#include "spanlab/model/weights.h"
#include "spanlab/recipe/jade_config.h"
#include "spanlab/runs/metadata.h"
#include "spanlab/train/pretrain.h"
#include "spanlab/train/trained_parameters.h"
#include "tests/expect_error.h"
#include "tests/train/small_run.h"

namespace spanlab {
namespace {

/// An encoder's file of the recipe's shape, all its values `value`.
std::filesystem::path encoder_file(const SmallData& data, const Recipe& recipe, float value,
                                   const std::string& name = "encoder.safetensors") {
  const auto features = static_cast<int>(recipe.data.features.size());
  const Reconstruction<float> model(encoder_config(recipe.model, recipe.data.window, features));
  write_start_weights(
      data.out(name),
      encoder_weights(recipe.data, model.table(), std::vector<float>(model.table().size(), value)));
  return data.out(name);
}

std::map<std::string, std::vector<float>> tensors_of(const std::filesystem::path& path) {
  std::map<std::string, std::vector<float>> tensors;
  for (const Tensor& t : read_safetensors(path).tensors) {
    if (t.type == Tensor::Type::f32) tensors[t.name] = t.floats();
  }
  return tensors;
}

bool is_encoder(const std::string& name) {
  return name.starts_with("lstm.");
}

TEST(StartFrom, TheEncoderIsTheFilesAndTheHeadsAreAsDrawn) {
  const SmallData data;
  const Recipe recipe = small_recipe();
  const TensorFile file = read_safetensors(encoder_file(data, recipe, 0.25f));
  const Jade<float> model(
      jade_config(recipe.model, 30, static_cast<int>(recipe.data.features.size())));
  std::vector<float> drawn(model.table().size());
  model.table().initialise(1, drawn.data());
  std::vector<float> block = drawn;
  const auto names = start_from(file, recipe.data, model.table(), block);
  EXPECT_EQ(names.size(), 8u);  // two weights and two biases of each direction
  for (const Parameter& p : model.table().entries()) {
    for (size_t i = p.offset; i < p.offset + p.size; ++i) {
      ASSERT_EQ(block[i], is_encoder(p.name) ? 0.25f : drawn[i]) << p.name;
    }
  }
}

TEST(StartFrom, RefusesOtherShapesOtherFeaturesAndStrangers) {
  const SmallData data;
  const Recipe recipe = small_recipe();
  const Jade<float> model(
      jade_config(recipe.model, 30, static_cast<int>(recipe.data.features.size())));
  std::vector<float> block(model.table().size());
  const auto start = [&](const std::filesystem::path& path) {
    return [&, path] { start_from(read_safetensors(path), recipe.data, model.table(), block); };
  };
  Recipe wide = recipe;
  wide.model.hidden = 32;
  expect_error(start(encoder_file(data, wide, 0)), {"lstm.weight_ih_l0", "128, 12", "64, 12"});
  Recipe turned = recipe;
  std::swap(turned.data.features[0], turned.data.features[1]);
  expect_error(start(encoder_file(data, turned, 0)), {"features", "close_norm, open_norm"});
  const float one = 1;
  write_safetensors(data.out("other"), {Tensor::from("somebody", {1}, &one)}, {});
  expect_error(start(data.out("other")), {"none of its 1 tensors"});
}

TEST(StartFrom, ARunStartsFromABestModelWithItsHeads) {
  const SmallData data;
  Recipe recipe = small_recipe(3);
  train_run(recipe, data.inputs, data.out("first"), with_threads(1));
  const auto start_file = data.out("first") / "best_model.safetensors";
  const TrainingData inputs = data.with_start(start_file);
  recipe.train.rate.peak = 1e-12;  // stays where it starts
  recipe.train.adamw.weight_decay = 0;
  recipe.record.checkpoint_every = 1;
  RunOptions options = with_threads(1);
  int started = 0;
  options.on_start = [&](const RunStart& start) { started = start.started; };
  train_run(recipe, inputs, data.out("second"), options);
  const auto first = tensors_of(start_file);
  const auto second = tensors_of(data.out("second") / "best_model.safetensors");
  EXPECT_EQ(static_cast<size_t>(started), first.size());
  ASSERT_EQ(first.size(), second.size());
  for (const auto& [name, values] : first) {
    for (size_t i = 0; i < values.size(); ++i) ASSERT_NEAR(values[i], second.at(name)[i], 1e-8);
  }
  const Metadata metadata = read_metadata(data.out("second") / "metadata.json");
  EXPECT_EQ(metadata.inputs.at("start"), start_file.string());
  EXPECT_TRUE(metadata.start_hash.has_value());
}

TEST(StartFrom, AResumedRunNeedsTheSameFileAndEndsWithTheSameBits) {
  const SmallData data;
  const Recipe recipe = small_recipe(8);
  const TrainingData inputs = data.with_start(encoder_file(data, recipe, 0.05f));
  const RunResult whole = train_run(recipe, inputs, data.out("whole"), with_threads(1));
  // Stopped in the first epoch: it starts anew, from the file.
  for (const int batches : {1, 20}) {
    const std::string name = "cut" + std::to_string(batches);
    train_run(recipe, inputs, data.out(name), stopping_after(batches));
    const std::filesystem::path copy = data.out(name) / "data" / "start.safetensors";
    const std::string bytes = read_file(copy);
    write_file_atomically(copy, read_file(encoder_file(data, recipe, 0.06f)));
    expect_error([&] { resume_run(data.out(name), with_threads(1)); },
                 {"changed since the run started"});
    write_file_atomically(copy, bytes);
    EXPECT_EQ(resume_run(data.out(name), with_threads(1)).weights_hash, whole.weights_hash);
  }
  const RunResult plain = train_run(recipe, data.inputs, data.out("plain"), with_threads(1));
  EXPECT_NE(plain.weights_hash, whole.weights_hash);
}

TEST(FreezeEncoder, KeepsItsBitsForSoManyEpochsAndMovesAfterwards) {
  const SmallData data;
  Recipe recipe = small_recipe(5);
  recipe.train.freeze_encoder = 2;
  recipe.train.clip_norm = 1;
  recipe.record.checkpoint_every = 1;
  const TrainingData inputs = data.with_start(encoder_file(data, recipe, 0.05f));
  train_run(recipe, inputs, data.out("run"), with_threads(1));
  for (int epoch = 1; epoch <= 5; ++epoch) {
    const auto tensors = tensors_of(data.out("run") /
                                    ("checkpoint_epoch_" + std::to_string(epoch) + ".safetensors"));
    for (const auto& [name, values] : tensors) {
      if (!is_encoder(name)) continue;
      const bool same =
          std::all_of(values.begin(), values.end(), [](float v) { return v == 0.05f; });
      EXPECT_EQ(same, epoch <= 2) << name << " " << epoch;
    }
  }
}

TEST(FreezeEncoder, TheMomentsAreReadyWhenItMoves) {
  // AdamW's first step has the size of the learning rate only if its moments are as old as the run.
  const SmallData data;
  Recipe recipe = small_recipe();
  const Dataset dataset =
      build_dataset(data.bars, data.windows, recipe.data, recipe.loss.countdown_target);
  std::vector<int> all(data.windows.size());
  for (size_t i = 0; i < all.size(); ++i) all[i] = static_cast<int>(i);
  recipe.train.freeze_encoder = 1;
  recipe.train.adamw.weight_decay = 0;
  Learner learner(recipe, dataset, all, 1);
  for (int batch = 0; batch < 40; ++batch) learner.train_batch(all, 1, batch);
  const std::vector<float> before = learner.state().parameters;
  learner.train_batch(all, 2, 0);
  const Parameter p = *learner.table().find("lstm.weight_hh_l0");
  double largest = 0;
  for (size_t i = p.offset; i < p.offset + p.size; ++i) {
    const double moved = std::abs(static_cast<double>(learner.state().parameters[i]) -
                                  static_cast<double>(before[i]));
    largest = std::max(largest, moved);
  }
  EXPECT_GT(largest, 0);
  EXPECT_LT(largest, 2 * recipe.train.rate.peak);  // 3.2 times with moments that start here
}

TEST(FreezeEncoder, LowerLayersWaitLonger) {
  Recipe recipe = small_recipe();
  recipe.model.layers = 3;
  recipe.train.freeze_encoder = 2;
  const Jade<float> model(jade_config(recipe.model, 30, 12));
  const auto epochs = [&](const char* name) {
    return frozen_epochs(recipe.train.freeze_encoder, recipe.model.layers, model.table(),
                         require_parameter(model.table(), name).offset);
  };
  EXPECT_EQ(epochs("lstm.weight_ih_l2"), 2);
  EXPECT_EQ(epochs("lstm.bias_hh_l1_reverse"), 4);
  EXPECT_EQ(epochs("lstm.weight_hh_l0"), 6);
  EXPECT_EQ(epochs("classifier.1.weight"), 0);
  recipe.train.freeze_encoder = 0;
  EXPECT_EQ(epochs("lstm.weight_hh_l0"), 0);
}

}  // namespace
}  // namespace spanlab
