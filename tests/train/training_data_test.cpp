// What a recipe makes of labelled bars, and the copy of them that a run folder keeps.
#include "spanlab/train/training_data.h"

#include <gtest/gtest.h>

#include "tests/expect_error.h"
#include "tests/train/small_run.h"

namespace spanlab {
namespace {

TEST(RunData, KeepsBarsWindowsAndSplit) {
  const SmallData data;
  const Recipe recipe = small_recipe();
  const RunData run = prepare(recipe, data.inputs);
  EXPECT_EQ(run.series().size(), 6000u);
  EXPECT_EQ(run.windows.size(), data.windows.size());
  EXPECT_EQ(run.dataset.windows, 24);
  EXPECT_EQ(run.split.train.size() + run.split.validation.size(), 24u);
  EXPECT_EQ(run.source.bar_faults(), 0);
}

TEST(RunData, TheHashIsOfWhatTrainingSees) {
  SmallData data;
  Recipe recipe = small_recipe();
  const std::string hash = prepare(recipe, data.inputs).hash;
  recipe.train.seed = 9;
  recipe.train.learning_rate = 0.5;
  EXPECT_EQ(prepare(recipe, data.inputs).hash, hash);
  recipe.split.seed = 9;
  EXPECT_NE(prepare(recipe, data.inputs).hash, hash);
  recipe = small_recipe();
  recipe.loss.countdown_target = CountdownTarget::unit;
  const std::string unit = prepare(recipe, data.inputs).hash;
  EXPECT_NE(unit, hash);
  recipe.loss.countdown_target = CountdownTarget::masked;
  EXPECT_NE(prepare(recipe, data.inputs).hash, unit);
  data.windows[3].first_row += 1;
  data.rewrite();
  EXPECT_NE(prepare(small_recipe(), data.inputs).hash, hash);
}

TEST(RunData, NothingToLearnIsAnError) {
  SmallData data(4);
  for (Window& window : data.windows) {
    window.spans.clear();
    window.visible_fraction = 0;
  }
  data.rewrite();
  Recipe recipe = small_recipe();
  recipe.loss.tasks = {Task::type, Task::countdown};
  expect_error([&] { prepare(recipe, data.inputs); },
               {"windows.csv", "no training window holds a labelled span", "loss.tasks"});
}

TEST(TrainingData, IsStoredAndReadBackTheSame) {
  SmallData data(6);
  data.bars.volume.assign(data.bars.close.size(), 2.5);
  data.folder.write("weights", "any bytes");
  Labelled labelled = data.labelled();
  labelled.windows[2].complete = true;
  labelled.windows[3].visible_fraction = 1.0 / 3;  // written to four decimals
  labelled.spans = {{5900, 5905, Direction::down, SpanType::retracement, 0.5}};
  const TrainingData source(labelled, read_start_weights(data.folder / "weights"));
  source.store_in(data.out("a"));
  source.store_in(data.out("b"));  // a link to the first copy
  for (const char* folder : {"a", "b"}) {
    const TrainingData back = read_training_data(data.out(folder), 30);
    EXPECT_EQ(back.hash(), source.hash());
    EXPECT_EQ(back.labelled().bars.close, data.bars.close);
    EXPECT_EQ(back.labelled().bars.volume, data.bars.volume);
    EXPECT_EQ(back.labelled().bars.bar_ms, 60'000);
    EXPECT_EQ(back.labelled().windows[2], labelled.windows[2]);
    EXPECT_EQ(back.labelled().spans, labelled.spans);
    EXPECT_EQ(back.start().bytes, "any bytes");
  }
  EXPECT_EQ(std::filesystem::hard_link_count(data.out("a") / "bars.safetensors"), 2u);
}

TEST(TrainingData, TheHashIsOfContentsNotOfNames) {
  SmallData data(6);
  Labelled labelled = data.labelled();
  labelled.names.bars = "other.csv";
  EXPECT_EQ(TrainingData(labelled).hash(), data.inputs.hash());
  EXPECT_NE(data.with_spans({}).hash(), data.inputs.hash());  // windows without more spans
  labelled.bars.close[17] += 0.25;
  EXPECT_NE(TrainingData(labelled).hash(), data.inputs.hash());
  EXPECT_NE(TrainingData(data.labelled(), {"weights", ""}).hash(), data.inputs.hash());
}

TEST(TrainingData, ADamagedCopyIsNamed) {
  const SmallData data(4);
  data.inputs.store_in(data.out("copy"));
  const auto file = data.out("copy") / "bars.safetensors";
  std::filesystem::resize_file(file, 5000);
  expect_error([&] { read_training_data(data.out("copy"), 30); }, {"bars.safetensors"});
  std::filesystem::remove(file);
  expect_error([&] { read_training_data(data.out("copy"), 30); },
               {"no copy of its data", "bars.safetensors"});
}

TEST(TrainingData, RunsOfOneSetShareTheirInputs) {
  const SmallData data;
  Recipe recipe = small_recipe();
  const RunData a = prepare(recipe, data.inputs);
  recipe.split.seed = 9;
  recipe.loss.countdown_target = CountdownTarget::unit;
  const RunData b = prepare(recipe, data.inputs);
  EXPECT_EQ(a.dataset.input.data(), b.dataset.input.data());
  recipe.data.features = {"range_z"};
  RunData c = prepare(recipe, data.inputs);
  EXPECT_NE(a.dataset.input.data(), c.dataset.input.data());
  RunData d = prepare(recipe, data.inputs);
  d.dataset.input.own()[0] += 1;  // an experiment changes its own copy alone
  EXPECT_NE(d.dataset.input[0], c.dataset.input[0]);
  EXPECT_EQ(prepare(recipe, data.inputs).dataset.input[0], c.dataset.input[0]);
}

}  // namespace
}  // namespace spanlab
