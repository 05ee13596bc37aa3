// Which windows training sees in the mirror.
#include <gtest/gtest.h>

#include <cmath>

#include "tests/train/learner_bench.h"

namespace spanlab {
namespace {

/// A dataset whose mirrored windows say nothing but zeros, and a learner that stands still: which
/// windows of a batch are mirrored shows in their probabilities, as all mirrored ones are alike.
struct MirrorBench : LearnerBench {
  MirrorBench() {
    dataset.mirrored_input = std::vector<float>(dataset.input.size());
    recipe.train.mirror = true;
    recipe.train.rate.peak = 0;
    recipe.train.adamw.weight_decay = 0;
    recipe.model.input_dropout = recipe.model.head_dropout = 0;
  }
  std::vector<bool> mirrored(const std::vector<int>& windows, int epoch, int batch,
                             int64_t seed = 0) {
    recipe.train.seed = seed;
    Learner learner(recipe, dataset, all, 1);
    learner.train_batch(windows, epoch, batch);
    const std::vector<float> seen = learner.span_probabilities();
    learner.evaluate_batch(windows);
    const std::vector<float>& plain = learner.span_probabilities();
    std::vector<bool> flags;
    for (size_t i = 0; i < windows.size(); ++i) {
      flags.push_back(!std::equal(seen.begin() + static_cast<ptrdiff_t>(i * 30),
                                  seen.begin() + static_cast<ptrdiff_t>(i * 30 + 30),
                                  plain.begin() + static_cast<ptrdiff_t>(i * 30)));
    }
    return flags;
  }
};

TEST(Mirror, MirrorsAWindowBySeedAndEpochWhateverItsBatch) {
  MirrorBench s;
  const std::vector<bool> first = s.mirrored(s.all, 1, 0);
  EXPECT_EQ(s.mirrored(s.all, 1, 0), first);
  EXPECT_EQ(s.mirrored(s.all, 1, 5), first);
  EXPECT_NE(s.mirrored(s.all, 2, 0), first);
  EXPECT_NE(s.mirrored(s.all, 1, 0, 1), first);
  EXPECT_EQ(s.mirrored({7, 2}, 1, 3), (std::vector<bool>{first[7], first[2]}));
}

TEST(Mirror, MirrorsAboutHalfOfTheWindows) {
  MirrorBench s;
  int mirrored = 0;
  constexpr int kEpochs = 40;
  for (int epoch = 1; epoch <= kEpochs; ++epoch) {
    for (const bool flag : s.mirrored(s.all, epoch, 0)) mirrored += flag;
  }
  // 960 draws: a standard deviation is 15.5.
  EXPECT_NEAR(mirrored, kEpochs * static_cast<int>(s.all.size()) / 2, 62);
}

TEST(Mirror, WithoutTheSettingNothingIsMirrored) {
  MirrorBench s;
  s.recipe.train.mirror = false;
  for (const bool flag : s.mirrored(s.all, 1, 0)) EXPECT_FALSE(flag);
}

}  // namespace
}  // namespace spanlab
