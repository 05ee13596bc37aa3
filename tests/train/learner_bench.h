// A small dataset and recipe for tests of the learner.
#pragma once

#include <numeric>
#include <vector>

#include "spanlab/train/learner.h"
#include "tests/train/small_run.h"

namespace spanlab {

struct LearnerBench {
  SmallData data;
  Recipe recipe = small_recipe();
  Dataset dataset =
      build_dataset(data.bars, data.windows, recipe.data, recipe.loss.countdown_target);
  std::vector<int> all = std::vector<int>(data.windows.size());
  LearnerBench() { std::iota(all.begin(), all.end(), 0); }
};

}  // namespace spanlab
