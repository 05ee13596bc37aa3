// Predictions of saved weights: those of the validation in training, for any number of threads.
#include "spanlab/evaluate/predict.h"

#include <gtest/gtest.h>

#include "spanlab/train/learner.h"
#include "tests/expect_error.h"
#include "tests/train/small_run.h"

namespace spanlab {
namespace {

struct Trained {
  SmallData data;
  Recipe recipe = small_recipe(5);
  RunData run = prepare(recipe, data.inputs);
  std::filesystem::path weights = data.out("run") / "checkpoint_epoch_5.safetensors";
  Trained() { train_run(recipe, data.inputs, data.out("run"), with_threads(1)); }
};

TEST(Predict, SaysWhatTheLearnerSaysInEvaluation) {
  Trained t;
  const std::vector<float> parameters = load_model(t.weights, t.recipe.model, t.run.dataset);
  const Predictions all = predict(t.recipe.model, t.recipe.train.batch, t.run.dataset, parameters,
                                  t.run.split.train, 1);
  EXPECT_EQ(all.windows, t.run.split.train);
  ASSERT_EQ(all.windows.size(), 19u);  // batches of 8, 8 and 3
  Learner learner(t.recipe, t.run.dataset, t.run.split.train, 1);
  learner.state().parameters = parameters;
  std::vector<float> expected;
  for (size_t first = 0; first < 19; first += 8) {
    learner.evaluate_batch(std::span(all.windows).subspan(first, std::min<size_t>(8, 19 - first)));
    expected.insert(expected.end(), learner.span_probabilities().begin(),
                    learner.span_probabilities().end());
  }
  EXPECT_EQ(all.output.span, expected);
  EXPECT_EQ(all.output.logits.size(), 19u * kTypeClasses);
  EXPECT_EQ(all.output.pointers.size(), 19u * kPointers);
  EXPECT_EQ(all.output.countdown.size(), 19u * 30);
}

TEST(Predict, SameBitsForAnyNumberOfThreads) {
  Trained t;
  const std::vector<float> parameters = load_model(t.weights, t.recipe.model, t.run.dataset);
  const Predictions one = predict(t.recipe.model, t.recipe.train.batch, t.run.dataset, parameters,
                                  t.run.split.train, 1);
  for (const int threads : {2, 3, 5}) {
    const auto many = predict(t.recipe.model, t.recipe.train.batch, t.run.dataset, parameters,
                              t.run.split.train, threads);
    EXPECT_EQ(many.output.span, one.output.span) << threads;
    EXPECT_EQ(many.output.logits, one.output.logits) << threads;
    EXPECT_EQ(many.output.pointers, one.output.pointers) << threads;
    EXPECT_EQ(many.output.countdown, one.output.countdown) << threads;
  }
}

TEST(Predict, WindowsInTheOrderAskedForAndNoneAtAll) {
  Trained t;
  const std::vector<float> parameters = load_model(t.weights, t.recipe.model, t.run.dataset);
  const Predictions pair = predict(t.recipe.model, t.recipe.train.batch, t.run.dataset, parameters,
                                   std::vector{7, 2}, 1);
  const Predictions two = predict(t.recipe.model, t.recipe.train.batch, t.run.dataset, parameters,
                                  std::vector{2, 7}, 1);
  for (size_t bar = 0; bar < 30; ++bar) {
    EXPECT_FLOAT_EQ(pair.output.span[bar], two.output.span[30 + bar]);
    EXPECT_FLOAT_EQ(pair.output.span[30 + bar], two.output.span[bar]);
  }
  const Predictions none =
      predict(t.recipe.model, t.recipe.train.batch, t.run.dataset, parameters, {}, 1);
  EXPECT_TRUE(none.windows.empty());
  EXPECT_TRUE(none.output.span.empty());
}

TEST(Predict, WeightsOfAnotherModelAreRefused) {
  Trained t;
  Recipe other = t.recipe;
  other.model.hidden = 32;
  expect_error([&] { load_model(t.weights, other.model, t.run.dataset); },
               {"checkpoint_epoch_5", "lstm.weight_ih_l0", "64", "128"});
  const auto text = t.data.folder.write("bars.csv", "no weights");
  expect_error([&] { load_model(text, t.recipe.model, t.run.dataset); }, {"bars.csv"});
}

}  // namespace
}  // namespace spanlab
