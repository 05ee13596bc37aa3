// Whole runs of other kinds: side by side, with interventions, with every balancing method.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <thread>

#include "spanlab/runs/run_record.h"
#include "spanlab/train/run.h"
#include "tests/train/same_run.h"
#include "tests/train/small_run.h"

namespace spanlab {
namespace {

namespace fs = std::filesystem;

TEST(Run, SeveralThreadsTrainAtOnceAndEachGetsItsOwnBits) {
  const SmallData data;
  std::vector<Recipe> recipes(4, small_recipe(4));
  for (size_t i = 0; i < recipes.size(); ++i) recipes[i].train.seed = static_cast<int64_t>(i) / 2;
  std::vector<RunResult> together(recipes.size());
  std::vector<std::thread> threads;
  for (size_t i = 0; i < recipes.size(); ++i) {
    threads.emplace_back([&, i] {
      together[i] = train_run(recipes[i], data.inputs, data.out("together" + std::to_string(i)),
                              with_threads(1));
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (size_t i = 0; i < recipes.size(); i += 2) {
    const fs::path out = data.out("alone" + std::to_string(i));
    const RunResult alone = train_run(recipes[i], data.inputs, out, with_threads(1));
    for (size_t k : {i, i + 1}) {
      EXPECT_EQ(together[k].weights_hash, alone.weights_hash) << k;
      expect_same_run(together[k].folder, out);
    }
  }
}

TEST(Run, ExperimentsReachTheDataAndTheLearner) {
  const SmallData data;
  const Recipe recipe = small_recipe(3);
  const auto plain = train_run(recipe, data.inputs, data.out("plain"), with_threads(1));
  RunOptions options = with_threads(1);
  options.on_data = [](RunData& run) {
    std::fill(run.dataset.mask.begin(), run.dataset.mask.end(), 0.0f);
  };
  options.on_learner = [](Learner& learner) { learner.freeze("projection.0.bias"); };
  const auto changed = train_run(recipe, data.inputs, data.out("changed"), options);
  EXPECT_NE(changed.weights_hash, plain.weights_hash);
  const Metadata a = read_metadata(plain.folder / "metadata.json");
  const Metadata b = read_metadata(changed.folder / "metadata.json");
  EXPECT_EQ(a.data_hash, b.data_hash);
  EXPECT_EQ(a.trainable_parameters - b.trainable_parameters, 8);
  // Stopped and resumed with the same intervention: the same bits.
  RunOptions stopping = options;
  stopping.hooks = stopping_after(6).hooks;
  train_run(recipe, data.inputs, data.out("stopped"), stopping);
  EXPECT_EQ(resume_run(data.out("stopped"), options).weights_hash, changed.weights_hash);
}

TEST(Run, RecordsForDiagnosisWithoutChangingTheResult) {
  const SmallData data;
  Recipe recipe = small_recipe(7);
  recipe.record.diagnostics_every = 0;
  const auto plain = train_run(recipe, data.inputs, data.out("plain"), with_threads(1));
  recipe.record.diagnostics_every = 3;
  const auto watched = train_run(recipe, data.inputs, data.out("watched"), with_threads(1));
  EXPECT_EQ(plain.weights_hash, watched.weights_hash);
  EXPECT_FALSE(fs::exists(data.out("plain") / "initial_losses.csv"));
  const RunRecord record = read_run_record(data.out("watched"));
  EXPECT_TRUE(record.faults.empty());
  ASSERT_EQ(record.initial_losses.size(), 2u);
  EXPECT_EQ(record.initial_losses[0].epoch, 0);
  EXPECT_NEAR(*record.initial_losses[1].loss[2], std::log(2.0), 0.1);  // nothing known yet
  ASSERT_EQ(record.ranking_stats.size(), 3u);
  EXPECT_EQ(record.ranking_stats[1].epoch, 6);
  EXPECT_EQ(record.ranking_stats[2].epoch, 7);  // the last
  for (const RankingStatsRow& row : record.ranking_stats) {
    EXPECT_EQ(row.phase, Phase::val);
    EXPECT_GT(row.average_precision, 0);
    EXPECT_LE(row.best_threshold, row.max_probability);
    EXPECT_GE(row.best_f1, row.average_precision / 2);
    EXPECT_LE(row.best_f1, 1);
  }
  const float highest = record.probability_stats.back().in_span.max;
  const float other = record.probability_stats.back().out_span.max;
  EXPECT_FLOAT_EQ(static_cast<float>(record.ranking_stats[2].max_probability),
                  std::max(highest, other));
  EXPECT_EQ(record.task_gradients.size(), 2u);
  EXPECT_EQ(record.update_stats.size(), 2u);
  EXPECT_EQ(record.gate_stats.size(), 2u * 2 * 4);
}

TEST(Run, EveryBalancingMethodResumesToTheSameBits) {
  const SmallData data;
  for (int method = 0; method <= static_cast<int>(Balancing::aligned_mtl); ++method) {
    Recipe recipe = small_recipe(4);
    recipe.record.checkpoint_every = 2;
    recipe.record.diagnostics_every = 1;
    recipe.record.uncertainty_every = 1;
    recipe.balancing.sigma_start = SigmaStart::warm;
    recipe.balancing.method = static_cast<Balancing>(method);
    const std::string name = std::to_string(method);
    const auto whole = train_run(recipe, data.inputs, data.out(name), with_threads(1));
    EXPECT_EQ(whole.loop.progress.first_bad_epoch, 0) << method;
    for (const int batches : {7, 12}) {  // 4 batches an epoch
      const fs::path out = data.out(name + "_" + std::to_string(batches));
      ASSERT_TRUE(train_run(recipe, data.inputs, out, stopping_after(batches)).loop.stopped);
      EXPECT_EQ(resume_run(out, with_threads(2)).weights_hash, whole.weights_hash) << method;
      expect_same_run(data.out(name), out);
    }
    for (const UncertaintyParamsRow& row : read_run_record(data.out(name)).uncertainty_params) {
      double shares = 0;
      for (const Cell& weight : row.weight) shares += std::abs(*weight);
      EXPECT_NEAR(shares, 1, 1e-9) << method;
      EXPECT_EQ(row.sigma[0].has_value(), recipe.balancing.method == Balancing::uncertainty);
    }
  }
}

}  // namespace
}  // namespace spanlab
