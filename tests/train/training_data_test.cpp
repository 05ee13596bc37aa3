// What a recipe makes of labelled bars, and the copy of them that a run folder keeps.
#include "spanlab/train/training_data.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>

#include "spanlab/base/random.h"
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
  recipe.train.rate.peak = 0.5;
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
  data.clear_spans();
  Recipe recipe = small_recipe();
  recipe.loss.tasks = {Task::type, Task::countdown};
  expect_error([&] { prepare(recipe, data.inputs); },
               {"windows.csv", "no training window contains a labelled span", "loss.tasks"});
}

TEST(TrainingData, IsStoredAndReadBackTheSame) {
  SmallData data(6);
  data.bars.volume.assign(data.bars.close.size(), 2.5);
  data.folder.write("weights", "any bytes");
  Labelled labelled = data.labelled();
  labelled.windows[2].complete = true;
  labelled.windows[3].visible_fraction = 1.0 / 3;
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

/// Sound labelled data of which every field is drawn.
Labelled random_labelled(uint64_t seed) {
  RandomStream random(seed, Purpose::market);
  const auto below = [&](uint64_t n) { return static_cast<int>(random.below(n)); };
  const auto type = [&] { return static_cast<SpanType>(below(2)); };
  Labelled labelled;
  Bars& bars = labelled.bars;
  bars.bar_ms = 60'000;
  const bool with_volume = below(2) == 1;
  for (int i = 0; i < 200; ++i) {
    bars.time_ms.push_back((below(9) == 0 ? 7 : 60'000) +
                           (i == 0 ? -1'000'000 : bars.time_ms.back()));
    for (auto* prices : {&bars.open, &bars.high, &bars.low, &bars.close}) {
      prices->push_back(random.normal() * 1e-5);
    }
    if (with_volume) bars.volume.push_back(random.uniform() / 3);
  }
  for (int n = 1 + below(9); n > 0; --n) {
    Window window{.id = std::to_string(n) + (below(2) == 1 ? " \"x\", y " : ""),
                  .base_id = " base;" + std::to_string(below(3)),
                  .offset = below(100) - 50,
                  .first_row = below(170),
                  .visible_fraction = 0,
                  .spans = {},
                  .complete = below(2) == 1};
    for (int start = below(8); start < 28 && below(5) > 0; start += 4 + below(9)) {
      window.spans.push_back({start, start + below(2), type()});
      window.visible_fraction = (1 + random.uniform()) / 2;
    }
    if (below(2) == 1) std::reverse(window.spans.begin(), window.spans.end());
    labelled.windows.push_back(window);
  }
  if (below(3) > 0) labelled.spans.emplace();
  for (int row = 0; labelled.spans && row < 190; row += 3 + below(60)) {
    labelled.spans->push_back(
        {row, row + below(3), static_cast<Direction>(below(2)), type(), random.normal()});
  }
  return labelled;
}

TEST(TrainingData, ItsCopyIsTheSameInEveryField) {
  for (uint64_t seed = 0; seed < 40; ++seed) {
    const TemporaryFolder folder;
    const Labelled labelled = random_labelled(seed);
    const TrainingData source(labelled);
    source.store_in(folder / "copy");
    const TrainingData back = read_training_data(folder / "copy", 30);
    EXPECT_EQ(back.hash(), source.hash());
    EXPECT_EQ(back.part_hashes(), source.part_hashes());
    const Labelled& copy = back.labelled();
    EXPECT_EQ(copy.bars.time_ms, labelled.bars.time_ms);
    EXPECT_EQ(copy.bars.open, labelled.bars.open);
    EXPECT_EQ(copy.bars.high, labelled.bars.high);
    EXPECT_EQ(copy.bars.low, labelled.bars.low);
    EXPECT_EQ(copy.bars.close, labelled.bars.close);
    EXPECT_EQ(copy.bars.volume, labelled.bars.volume);
    EXPECT_EQ(copy.bars.bar_ms, labelled.bars.bar_ms);
    EXPECT_EQ(copy.windows, labelled.windows) << seed;
    EXPECT_EQ(copy.spans, labelled.spans) << seed;
  }
}

TEST(TrainingData, TheCopyIsReadOnlyAndItsFolderCanBeRemoved) {
  const SmallData data(4);
  data.inputs.store_in(data.out("copy"));
  for (const auto& entry : std::filesystem::directory_iterator(data.out("copy"))) {
    EXPECT_EQ(entry.status().permissions(), static_cast<std::filesystem::perms>(0444)) << entry;
  }
  EXPECT_GT(std::filesystem::remove_all(data.out("copy")), 2u);
}

TEST(TrainingData, StoringAgainRepairsWhatIsNotTheSame) {
  const SmallData data(4);
  const TrainingData source = data.with_spans({});
  source.store_in(data.out("a"));
  const auto file = [&](const char* folder, const char* name) { return data.out(folder) / name; };
  // In place, as an editor that does not ask would: it shows in every link.
  source.store_in(data.out("b"));
  for (const char* name : {"bars.safetensors", "windows.csv", "spans.csv"}) {
    std::filesystem::permissions(file("a", name), std::filesystem::perms::owner_all);
    std::filesystem::resize_file(file("a", name), 20);
  }
  EXPECT_THROW(read_training_data(data.out("b"), 30), Error);
  const TrainingData again = data.with_spans({});
  again.store_in(data.out("a"));
  data.folder.write("b/start.safetensors", "somebody's");
  again.store_in(data.out("b"));
  for (const char* folder : {"a", "b"}) {
    EXPECT_EQ(read_training_data(data.out(folder), 30).hash(), source.hash());
  }
  EXPECT_TRUE(std::filesystem::equivalent(file("a", "windows.csv"), file("b", "windows.csv")));
  EXPECT_FALSE(std::filesystem::exists(file("b", "start.safetensors")));
  // What is the same is not written again.
  const auto long_ago =
      std::filesystem::last_write_time(file("b", "bars.safetensors")) - std::chrono::hours(1);
  std::filesystem::last_write_time(file("b", "bars.safetensors"), long_ago);
  data.with_spans({}).store_in(data.out("b"));
  EXPECT_EQ(std::filesystem::last_write_time(file("b", "bars.safetensors")), long_ago);
}

TEST(TrainingData, FaultsFromMemoryAreToldAtOnce) {
  const SmallData data(4);
  Labelled labelled = data.labelled();
  labelled.bars.high.pop_back();
  expect_error([&] { TrainingData{labelled}; }, {"bars.csv", "high", "5999"});
  labelled = data.labelled();
  labelled.windows[1].spans[0].type = static_cast<SpanType>(9);
  expect_error([&] { TrainingData::viewing(labelled); }, {"windows.csv: windows[1]", "type"});
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
