// What the members say of a window: their mean, with the same bits in any batch.
#include "spanlab/detect/window_scorer.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "tests/detect/small_detector.h"

namespace spanlab {
namespace {

constexpr size_t kBars = 12, kValues = kBars * 4;

std::vector<float> inputs(size_t windows) {
  RandomStream random(5, Purpose::market);
  std::vector<float> input(windows * kValues);
  for (float& value : input) value = static_cast<float>(random.normal());
  return input;
}

std::vector<float> scores(WindowScorer& scorer, const float* input, size_t windows) {
  std::vector<float> probability(windows * kBars, -1.0f);
  scorer.score(static_cast<int>(windows), input, probability.data());
  return probability;
}

TEST(WindowScorer, SaysTheMeanOfTheMembers) {
  const Detector detector = small_detector();
  const std::vector<float> input = inputs(3);
  std::vector<std::vector<float>> alone;
  for (const std::vector<float>& member : detector.members) {
    Detector one = detector;
    one.members = {member};
    WindowScorer scorer(one, 1);
    alone.push_back(scores(scorer, input.data(), 3));
  }
  WindowScorer scorer(detector, 1);
  const std::vector<float> together = scores(scorer, input.data(), 3);
  float apart = 0;
  for (size_t i = 0; i < together.size(); ++i) {
    const double mean = (static_cast<double>(alone[0][i]) + static_cast<double>(alone[1][i])) / 2;
    EXPECT_NEAR(together[i], mean, 1e-6) << i;
    apart = std::max(apart, std::abs(alone[0][i] - alone[1][i]));
  }
  EXPECT_GT(apart, 0.05f);  // else one member could stand for both unseen
}

TEST(WindowScorer, AWindowHasTheSameBitsInAnyBatch) {
  const std::vector<float> input = inputs(7);
  for (const SpanHead head : {SpanHead::bar, SpanHead::semi_markov}) {
    const Detector detector = small_detector(head);
    WindowScorer one(detector, 1), three(detector, 3);
    const std::vector<float> all = scores(one, input.data(), 7);
    EXPECT_EQ(scores(three, input.data(), 7), all);
    // Smaller batches behind larger ones: nothing of these may be left.
    for (size_t w = 0; w < 7; ++w) {
      const std::vector<float> expected(all.begin() + static_cast<ptrdiff_t>(w * kBars),
                                        all.begin() + static_cast<ptrdiff_t>((w + 1) * kBars));
      EXPECT_EQ(scores(three, input.data() + w * kValues, 1), expected) << w;
    }
    EXPECT_EQ(scores(three, input.data() + 2 * kValues, 5),
              std::vector<float>(all.begin() + 2 * kBars, all.end()));
    EXPECT_TRUE(scores(three, input.data(), 0).empty());
  }
}

}  // namespace
}  // namespace spanlab
