// Whole runs on small data: what they leave, the same bits for any number of threads, odd data.
#include "spanlab/train/run.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <sstream>

#include "spanlab/base/file.h"
#include "spanlab/base/safetensors.h"
#include "spanlab/recipe/jade_config.h"
#include "spanlab/runs/metadata.h"
#include "tests/expect_error.h"
#include "tests/train/same_run.h"
#include "tests/train/small_run.h"

namespace spanlab {
namespace {

namespace fs = std::filesystem;

TEST(Run, LeavesACompleteFolder) {
  const SmallData data;
  const fs::path out = data.out("run");
  const RunResult result = train_run(small_recipe(), data.inputs, out, with_threads(2));
  EXPECT_FALSE(result.loop.stopped);
  EXPECT_EQ(result.loop.progress.epoch, 12);
  EXPECT_EQ(lines(out / "epoch_metrics.csv"), 1 + 12);
  EXPECT_EQ(lines(out / "loss_components.csv"), 1 + 12 * 2);
  EXPECT_EQ(lines(out / "probability_stats.csv"), 1 + 12 * 2);
  EXPECT_EQ(lines(out / "uncertainty_params.csv"), 1 + 2);
  EXPECT_EQ(lines(out / "feature_stats.csv"), 1 + 2 * 2 * 12);
  EXPECT_EQ(lines(out / "gradient_stats.csv"), 1 + 1);
  for (const char* file : {"checkpoint_epoch_5.safetensors", "checkpoint_epoch_10.safetensors",
                           "checkpoint_epoch_12.safetensors", "best_model.safetensors",
                           "recipe.toml", "metadata.json"}) {
    EXPECT_TRUE(fs::exists(out / file)) << file;
  }
  const Metadata metadata = read_metadata(out / "metadata.json");
  EXPECT_EQ(metadata.status, RunStatus::completed);
  EXPECT_EQ(metadata.dataset_size, 24);
  EXPECT_EQ(metadata.val_size, 5);
  EXPECT_EQ(metadata.weights_hash, result.weights_hash);
  EXPECT_EQ(metadata.best_epoch, result.loop.progress.best_epoch);
}

TEST(Run, TheFirstRowIsWhatTheFormulasSay) {
  const SmallData data;
  Recipe recipe = small_recipe(5);
  train_run(recipe, data.inputs, data.out("run"), with_threads(1));
  // At the start sigma_ptr = exp(-0.3), the others 1; five epochs move log sigma by at most
  // steps x learning rate.
  std::istringstream in(contents(data.out("run") / "uncertainty_params.csv"));
  std::string header, row;
  std::getline(in, header);
  std::getline(in, row);
  double epoch = 0, sigma_ptr = 0;
  char comma = 0;
  std::istringstream(row) >> epoch >> comma >> sigma_ptr;
  EXPECT_EQ(epoch, 5);
  EXPECT_NEAR(std::log(sigma_ptr), -0.3, 5 * 3 * 1e-3 + 1e-4);
  EXPECT_NE(std::log(sigma_ptr), -0.3);
}

TEST(Run, SameBitsForAnyNumberOfThreadsAndAgain) {
  const SmallData data;
  const RunResult one = train_run(small_recipe(), data.inputs, data.out("one"), with_threads(1));
  for (const int threads : {1, 2, 4}) {
    const fs::path out = data.out("threads" + std::to_string(threads));
    const RunResult many = train_run(small_recipe(), data.inputs, out, with_threads(threads));
    EXPECT_EQ(one.weights_hash, many.weights_hash) << threads;
    expect_same_run(data.out("one"), out);
  }
}

TEST(Run, TheSeedMatters) {
  const SmallData data;
  Recipe recipe = small_recipe(2);
  const auto first = train_run(recipe, data.inputs, data.out("a"), with_threads(1)).weights_hash;
  recipe.train.seed = 1;
  EXPECT_NE(first, train_run(recipe, data.inputs, data.out("b"), with_threads(1)).weights_hash);
}

TEST(Run, RefusesAFolderThatHoldsSomethingElse) {
  const SmallData data;
  data.folder.write("notes.txt", "mine");
  expect_error([&] { train_run(small_recipe(), data.inputs, data.folder.path(), {}); },
               {data.folder.path().c_str()});
  EXPECT_FALSE(fs::exists(data.folder.path() / "metadata.json"));
  // A project with a folder of the name that a run gives to its copy.
  fs::create_directories(data.out("project") / "data");
  std::ofstream(data.out("project") / "data" / "windows.csv") << "mine";
  expect_error([&] { train_run(small_recipe(), data.inputs, data.out("project"), {}); },
               {"neither empty nor a run", "data"});
  EXPECT_EQ(contents(data.out("project") / "data" / "windows.csv"), "mine");
  train_run(small_recipe(2), data.inputs, data.out("run"), with_threads(1));
  expect_error([&] { train_run(small_recipe(), data.inputs, data.out("run"), {}); }, {"run"});
}

TEST(Run, BadInputLeavesNoFolder) {
  SmallData data;
  data.windows[5].first_row = 1'000'000;
  data.rewrite();
  expect_error([&] { train_run(small_recipe(), data.inputs, data.out("run"), {}); }, {"window"});
  EXPECT_FALSE(fs::exists(data.out("run")));
}

TEST(Run, OneWindowTrainsWithoutValidation) {
  const SmallData data(1);
  const RunResult result =
      train_run(small_recipe(5), data.inputs, data.out("run"), with_threads(2));
  EXPECT_GT(result.loop.progress.best_epoch, 0);
  EXPECT_EQ(lines(data.out("run") / "loss_components.csv"), 1 + 5);
  const std::string metrics = contents(data.out("run") / "epoch_metrics.csv");
  EXPECT_NE(metrics.find(",,,,"), std::string::npos);  // no validation: empty cells
}

TEST(Run, WindowsWithoutSpansTrainTheSpanTaskAlone) {
  SmallData data(6);
  data.clear_spans();
  RunStart start{};
  RunOptions options = with_threads(1);
  options.on_start = [&](const RunStart& s) { start = s; };
  const RunResult result = train_run(small_recipe(3), data.inputs, data.out("run"), options);
  EXPECT_EQ(result.loop.progress.first_bad_epoch, 0);
  EXPECT_EQ(start.unlabelled_train, 5);
  EXPECT_EQ(start.unlabelled_validation, 1);
  // The other tasks have nothing to say: empty cells.
  const std::string losses = contents(data.out("run") / "loss_components.csv");
  EXPECT_NE(losses.find("3,val,,,0."), std::string::npos) << losses;
  EXPECT_EQ(start.types_in_training, 0);
}

TEST(Run, OneClassTrainsAndIsSaid) {
  SmallData data(8);
  for (Window& window : data.windows) window.spans[0].type = SpanType::consolidation;
  data.rewrite();
  RunStart start{};
  RunOptions options = with_threads(1);
  options.on_start = [&](const RunStart& s) { start = s; };
  train_run(small_recipe(2), data.inputs, data.out("run"), options);
  EXPECT_EQ(start.types_in_training, 1);
}

TEST(Run, FurtherSpansReachTheSpanTask) {
  SmallData data(10);
  const int64_t row = data.windows[0].first_row;
  const bool early = data.windows[0].spans[0].start > 6;
  const int64_t from = row + (early ? 0 : 25);
  const TrainingData inputs =
      data.with_spans({{from, from + 3, Direction::up, SpanType::consolidation, 1}});
  const auto plain = train_run(small_recipe(2), data.inputs, data.out("a"), with_threads(1));
  const auto more = train_run(small_recipe(2), inputs, data.out("b"), with_threads(1));
  EXPECT_NE(plain.weights_hash, more.weights_hash);
}

TEST(Run, TasksThatAreOffLeaveEmptyCellsAndUntouchedHeads) {
  const SmallData data(12);
  Recipe recipe = small_recipe(5);
  recipe.loss.tasks = {Task::span};
  recipe.balancing.method = Balancing::sum;
  train_run(recipe, data.inputs, data.out("run"), with_threads(1));
  const std::string losses = contents(data.out("run") / "loss_components.csv");
  EXPECT_NE(losses.find("1,train,,,0."), std::string::npos) << losses;
  const TensorFile file = read_safetensors(data.out("run") / "checkpoint_epoch_5.safetensors");
  const Tensor* moment = file.find("adamw_square.classifier.1.weight");
  ASSERT_NE(moment, nullptr);
  for (const float v : moment->floats()) EXPECT_EQ(v, 0);
  const Metadata metadata = read_metadata(data.out("run") / "metadata.json");
  EXPECT_LT(metadata.trainable_parameters, metadata.total_parameters);
}

TEST(Run, AStructuredSpanHeadThatIsOffStaysAsItWasDrawn) {
  const SmallData data(12);
  Recipe recipe = small_recipe(5);
  recipe.loss.tasks = {Task::type};
  recipe.balancing.method = Balancing::sum;
  recipe.model.span_head = SpanHead::semi_markov;
  recipe.train.adamw.weight_decay = 0.5;
  train_run(recipe, data.inputs, data.out("run"), with_threads(1));
  const TensorFile file = read_safetensors(data.out("run") / "checkpoint_epoch_5.safetensors");
  const Jade<float> model(jade_config(recipe.model, 30, 12));
  std::vector<float> drawn(model.table().size());
  model.table().initialise(0, drawn.data());
  for (const char* name : {"expansion_span_emission.1.weight", "expansion_span_shared"}) {
    const Parameter* p = model.table().find(name);
    const auto first = drawn.begin() + static_cast<ptrdiff_t>(p->offset);
    EXPECT_EQ(file.find(name)->floats(),
              std::vector<float>(first, first + static_cast<ptrdiff_t>(p->size)))
        << name;
  }
}

}  // namespace
}  // namespace spanlab
