// Out-of-fold windows: joined in order, and streamed with a delay as plain code would.
#include "spanlab/fit/out_of_fold.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "spanlab/evaluate/run_evidence.h"
#include "tests/train/small_run.h"

namespace spanlab {
namespace {

constexpr int kLength = 30, kStride = 5;
constexpr int64_t kGap = 3000;  // the first row after a gap

TEST(JoinFolds, KeepsTheFoldsOrder) {
  RunData data;
  data.dataset.length = 2;
  // Windows 1 and 2 share a bar; 0 and 3 stand alone.
  for (const int64_t row : {0, 10, 11, 20}) {
    const std::string id = std::to_string(row);
    data.windows.push_back({id, id, 0, row, 0, {}});
  }
  data.dataset.mask = {0, 1, 1, 0, 1, 1, 0, 0};
  const std::vector<FoldModel> folds{{{}, {2, 0}, {0.1f, 0.2f, 0.3f, 0.4f}},
                                     {{}, {3, 1}, {0.5f, 0.6f, 0.7f, 0.8f}}};
  const OutOfFold all = join_folds(folds, data);
  EXPECT_EQ(all.windows, (std::vector<int>{2, 0, 3, 1}));
  EXPECT_EQ(all.probability, (std::vector<float>{0.1f, 0.2f, 0.3f, 0.4f, 0.5f, 0.6f, 0.7f, 0.8f}));
  EXPECT_EQ(all.mask, (std::vector<float>{1, 1, 0, 1, 0, 0, 1, 0}));
  EXPECT_EQ(all.group, (std::vector<int>{1, 0, 2, 1}));
  const ScoredWindows scored = all.scored(2);
  EXPECT_EQ(scored.windows, 4);
  EXPECT_EQ(scored.length, 2);
  EXPECT_TRUE(std::equal(scored.mask.begin(), scored.mask.end(), all.mask.begin()));
  EXPECT_TRUE(
      std::equal(scored.probability.begin(), scored.probability.end(), all.probability.begin()));
}

/// Two models, and windows in the middle of the bars, at their ends and on both sides of a gap.
class Delayed : public ::testing::TestWithParam<FeatureMode> {
 protected:
  Delayed() {
    const SmallData small(12);
    Recipe recipe = small_recipe(4);
    recipe.data.feature_mode = GetParam();
    recipe.train.rate.peak = 0.01;
    recipe.loss.tasks = {Task::span};
    recipe.balancing.method = Balancing::sum;
    detector_.recipe = recipe;
    detector_.calibration = {1.3, -0.2};
    detector_.stride = kStride;
    const std::vector<std::vector<int>> windows{{0, 3, 4}, {5, 1, 2}};
    for (size_t fold = 0; fold < 2; ++fold) {
      recipe.train.seed = static_cast<int64_t>(fold);
      folds_.push_back({trained(small, recipe, "fold" + std::to_string(fold)), windows[fold], {}});
    }
    Labelled labelled{small.bars, {}, {}, {}};
    for (int64_t row = kGap; row < labelled.bars.size(); ++row) {
      labelled.bars.time_ms[static_cast<size_t>(row)] += 3'600'000;
    }
    data_.source = TrainingData(labelled);
    data_.dataset.length = kLength;
    for (const int64_t row : {int64_t{2003}, int64_t{0}, kGap - kLength, kGap, int64_t{117},
                              data_.series().size() - kLength}) {
      data_.windows.push_back({std::to_string(row), std::to_string(row), 0, row, 0, {}});
    }
  }

  static std::vector<float> trained(const SmallData& small, const Recipe& recipe,
                                    const std::string& name) {
    train_run(recipe, small.inputs, small.out(name), with_threads(1));
    return gather_run(small.out(name), 1).model->parameters;
  }

  /// Of the window of rows last - T + 1 .. last in a stream that begins at `begin`, calibrated.
  std::vector<float> said(const std::vector<float>& parameters, int64_t begin, int64_t last) const {
    Bars stream;
    stream.bar_ms = data_.series().bar_ms;
    for (int64_t row = begin; row <= last; ++row) {
      const Bar bar = data_.series().bar(row);
      stream.time_ms.push_back(bar.time_ms);
      stream.open.push_back(bar.open);
      stream.high.push_back(bar.high);
      stream.low.push_back(bar.low);
      stream.close.push_back(bar.close);
    }
    const Recipe& recipe = detector_.recipe;
    const std::vector<Window> window{{"w", "w", 0, last - begin - kLength + 1, 0, {}}};
    const Dataset dataset =
        build_dataset(stream, window, recipe.data, recipe.loss.countdown_target);
    const std::vector<int> chosen{0};
    std::vector<float> probability =
        predict(recipe.model, recipe.train.batch, dataset, parameters, chosen, 1).output.span;
    for (float& p : probability) p = static_cast<float>(detector_.calibration(double{p}));
    return probability;
  }

  /// The stretch of a window's stream, both ends inclusive.
  std::pair<int64_t, int64_t> stream_of(int64_t first_row, int delay) const {
    const bool behind = first_row >= kGap;
    const int64_t lead = 250 + first_row % kStride;
    const int64_t begin = std::max(first_row - lead, behind ? kGap : int64_t{0});
    const int64_t end = std::min(first_row + kLength - 1 + delay + kStride,
                                 (behind ? data_.series().size() : kGap) - 1);
    return {begin, end};
  }

  /// The bars of a window, each from the first window of the stream that ends `delay` after it.
  std::vector<float> expected(const std::vector<float>& parameters, int64_t first_row,
                              int delay) const {
    const auto [begin, end] = stream_of(first_row, delay);
    std::map<int64_t, std::vector<float>> by_last;
    std::vector<float> probability;
    for (int64_t row = first_row; row < first_row + kLength; ++row) {
      int64_t last = begin + kLength - 1;
      while (last < row + delay) last += kStride;
      last = std::min(last, end);
      auto [found, added] = by_last.try_emplace(last);
      if (added) found->second = said(parameters, begin, last);
      probability.push_back(found->second[static_cast<size_t>(row - (last - kLength + 1))]);
    }
    return probability;
  }

  Detector detector_;
  RunData data_;
  std::vector<FoldModel> folds_;
};

TEST_P(Delayed, BarsAreSaidByTheFirstWindowThatEndsLateEnough) {
  for (const int delay : {0, 7, 25}) {
    std::vector<float> all;
    for (const FoldModel& fold : folds_) {
      for (const int window : fold.windows) {
        const int64_t row = data_.windows[static_cast<size_t>(window)].first_row;
        const std::vector<float> of_window = expected(fold.parameters, row, delay);
        all.insert(all.end(), of_window.begin(), of_window.end());
      }
    }
    const std::vector<float> delayed = delayed_probabilities(folds_, data_, detector_, delay, 2);
    ASSERT_EQ(delayed.size(), all.size());
    for (size_t i = 0; i < all.size(); ++i) {
      ASSERT_NEAR(delayed[i], all[i], 1e-6) << "delay " << delay << ", bar " << i;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(BothModes, Delayed,
                         ::testing::Values(FeatureMode::continuous, FeatureMode::per_window));

}  // namespace
}  // namespace spanlab
