// Checkpoints: there and back, bit by bit, and files that are not one.
#include "spanlab/train/checkpoint.h"

#include <gtest/gtest.h>

#include "spanlab/base/random.h"
#include "spanlab/base/safetensors.h"
#include "spanlab/model/jade.h"
#include "spanlab/model/weights.h"
#include "tests/expect_error.h"
#include "tests/temporary_folder.h"

namespace spanlab {
namespace {

const JadeConfig kSmall{.window = 10, .hidden = 16, .projection = 4};

const std::vector<double> kRemembered{0.1, 1e300, -2};  // by a balancing method

AdamWState random_state(size_t count) {
  AdamWState state(count);
  RandomStream stream(1, Purpose::parameter_init);
  for (auto* values : {&state.parameters, &state.mean, &state.square}) {
    for (float& v : *values) v = static_cast<float>(stream.normal());
  }
  state.step = 1234567890123;
  return state;
}

TEST(Checkpoint, ThereAndBack) {
  const TemporaryFolder folder;
  const Jade<float> model(kSmall);
  const AdamWState saved = random_state(model.table().size());
  save_checkpoint(folder / "c", model.table(), saved, kRemembered,
                  {7, 3, 0.1234567890123456789, 5});
  AdamWState loaded(model.table().size());
  std::vector<double> balancing(kRemembered.size());
  const RunProgress progress = load_checkpoint(folder / "c", model.table(), loaded, balancing);
  EXPECT_EQ(loaded.parameters, saved.parameters);
  EXPECT_EQ(loaded.mean, saved.mean);
  EXPECT_EQ(loaded.square, saved.square);
  EXPECT_EQ(loaded.step, saved.step);
  EXPECT_EQ(balancing, kRemembered);
  EXPECT_EQ(progress.epoch, 7);
  EXPECT_EQ(progress.best_epoch, 3);
  EXPECT_EQ(progress.first_bad_epoch, 5);
  EXPECT_EQ(progress.best_loss, 0.1234567890123456789);
}

TEST(Checkpoint, OneFlippedBitIsSeen) {
  const TemporaryFolder folder;
  const Jade<float> model(kSmall);
  AdamWState state = random_state(model.table().size());
  std::vector<double> balancing(kRemembered.size());
  save_checkpoint(folder / "c", model.table(), state, kRemembered, RunProgress{});
  std::string bytes = folder.read("c");
  bytes[bytes.size() / 2] ^= 1;
  folder.write("c", bytes);
  expect_error([&] { load_checkpoint(folder / "c", model.table(), state, balancing); },
               {"checksum"});
}

TEST(Checkpoint, NoBestYet) {
  const TemporaryFolder folder;
  const Jade<float> model(kSmall);
  AdamWState state(model.table().size());
  std::vector<double> balancing(kRemembered.size());
  save_checkpoint(folder / "c", model.table(), state, kRemembered, RunProgress{});
  EXPECT_EQ(load_checkpoint(folder / "c", model.table(), state, balancing).best_loss,
            std::numeric_limits<double>::infinity());
}

TEST(Checkpoint, WeightsAloneAreNoCheckpointAndLeaveTheStateAlone) {
  const TemporaryFolder folder;
  const Jade<float> model(kSmall);
  AdamWState state = random_state(model.table().size());
  std::vector<double> balancing(kRemembered.size());
  const std::vector<float> before = state.parameters;
  save_best_model(folder / "best", model.table(), std::vector<float>(model.table().size()), 5, 1.5);
  expect_error([&] { load_checkpoint(folder / "best", model.table(), state, balancing); },
               {"best", "adamw_mean."});
  EXPECT_EQ(state.parameters, before);
}

TEST(Checkpoint, MetadataWithoutAnEpoch) {
  const TemporaryFolder folder;
  const Jade<float> model(kSmall);
  AdamWState state(model.table().size());
  std::vector<double> balancing;
  std::vector<Tensor> tensors;
  for (const char* prefix : {"", "adamw_mean.", "adamw_square."}) {
    append_tensors(model.table(), state.parameters.data(), prefix, tensors);
  }
  write_safetensors(folder / "c", tensors, {{"step", "12x"}});
  expect_error([&] { load_checkpoint(folder / "c", model.table(), state, balancing); }, {"step"});
}

TEST(Checkpoint, OfAnotherBalancingMethodIsRefused) {
  const TemporaryFolder folder;
  const Jade<float> model(kSmall);
  AdamWState state(model.table().size());
  std::vector<double> nothing, four(4);
  save_checkpoint(folder / "c", model.table(), state, kRemembered, RunProgress{});
  expect_error([&] { load_checkpoint(folder / "c", model.table(), state, four); },
               {"balancing_state", "3", "4"});
  save_checkpoint(folder / "c", model.table(), state, nothing, RunProgress{});
  expect_error([&] { load_checkpoint(folder / "c", model.table(), state, four); },
               {"balancing_state"});
}

}  // namespace
}  // namespace spanlab
