// The structured loss of a batch against its windows one by one.
#include "spanlab/loss/structured_span_loss.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "spanlab/base/random.h"

namespace spanlab {
namespace {

constexpr SpanStructure kAll[] = {SpanStructure::semi_markov, SpanStructure::one_span,
                                  SpanStructure::linear_chain};
constexpr int kBars = 9;
constexpr size_t kBarsOf = 9;

struct Batch {
  SpanModelConfig config;
  int windows;
  std::vector<float> scores, shared;
  StructuredTargets targets;

  size_t values() const { return kBarsOf * static_cast<size_t>(config.columns()); }
};

/// Windows with no span, one, or two in turn; nothing unknown.
Batch random_batch(SpanStructure structure, int windows) {
  Batch batch{{structure, kBars, 4}, windows, {}, {}, {}};
  RandomStream stream(13, Purpose::parameter_init);
  batch.scores.resize(static_cast<size_t>(windows) * batch.values());
  batch.shared.resize(static_cast<size_t>(batch.config.shared_scores()));
  for (float& value : batch.scores) value = static_cast<float>(stream.normal());
  for (float& value : batch.shared) value = static_cast<float>(stream.normal());
  const std::vector<KindSpan> kinds[] = {{}, {{2, 4, 1}}, {{0, 1, 0}, {5, 8, 1}}};
  for (int b = 0; b < windows; ++b) batch.targets.spans.push_back(kinds[b % 3]);
  return batch;
}

struct Loss {
  double value = 0;
  std::vector<float> dscores, dshared;
};

/// Written over what stands in the gradients.
Loss loss(const Batch& batch, int threads = 1, const BoundarySmoothing& smoothing = {}) {
  ThreadPool pool(threads);
  Loss loss{0, std::vector<float>(batch.scores.size(), 77.0f),
            std::vector<float>(batch.shared.size(), -77.0f)};
  StructuredSpanLoss of(batch.config, smoothing);
  loss.value = of(pool, batch.windows, batch.scores.data(), batch.shared.data(), batch.targets,
                  loss.dscores.data(), loss.dshared.data());
  return loss;
}

TEST(StructuredSpanLoss, IsTheMeanOverWindows) {
  for (const SpanStructure structure : kAll) {
    for (const int windows : {1, 3, 8, 11}) {
      const Batch batch = random_batch(structure, windows);
      SpanModel<double> model(batch.config);
      const std::vector<double> shared(batch.shared.begin(), batch.shared.end());
      std::vector<double> dshared(shared.size());
      double sum = 0;
      const Loss answer = loss(batch, 2, {0.2, 1});
      for (size_t b = 0; b < static_cast<size_t>(windows); ++b) {
        const auto first = batch.scores.begin() + static_cast<ptrdiff_t>(b * batch.values());
        const std::vector<double> bar(first, first + static_cast<ptrdiff_t>(batch.values()));
        std::vector<double> dbar(bar.size());
        sum += model.loss(bar.data(), shared.data(), batch.targets.spans[b], {0.2, 1}, nullptr,
                          1.0 / windows, dbar.data(), dshared.data());
        for (size_t i = 0; i < dbar.size(); ++i) {
          EXPECT_NEAR(answer.dscores[b * batch.values() + i], dbar[i], 1e-6);
        }
      }
      EXPECT_NEAR(answer.value, sum / windows, 1e-5);
      for (size_t g = 0; g < dshared.size(); ++g) EXPECT_NEAR(answer.dshared[g], dshared[g], 1e-6);
    }
  }
}

TEST(StructuredSpanLoss, EvenScoresHaveAClosedForm) {
  // One span of at most 4 of 9 bars, of 2 kinds: 2 (9 + 8 + 7 + 6) = 60, and none.
  Batch batch = random_batch(SpanStructure::one_span, 5);
  std::fill(batch.scores.begin(), batch.scores.end(), 0.0f);
  std::fill(batch.shared.begin(), batch.shared.end(), 0.0f);
  EXPECT_NEAR(loss(batch).value, std::log(61.0), 1e-12);
  // A chain has 3 tags a bar.
  batch = random_batch(SpanStructure::linear_chain, 5);
  std::fill(batch.scores.begin(), batch.scores.end(), 0.0f);
  std::fill(batch.shared.begin(), batch.shared.end(), 0.0f);
  EXPECT_NEAR(loss(batch).value, 9 * std::log(3.0), 1e-12);
}

TEST(StructuredSpanLoss, SameBitsForAnyNumberOfThreads) {
  for (const SpanStructure structure : kAll) {
    const Batch batch = random_batch(structure, 21);
    const Loss one = loss(batch, 1);
    for (const int threads : {2, 3, 9}) {
      const Loss many = loss(batch, threads);
      EXPECT_EQ(many.value, one.value);
      EXPECT_EQ(many.dscores, one.dscores);
      EXPECT_EQ(many.dshared, one.dshared);
    }
  }
}

TEST(StructuredSpanLoss, UnknownBarsBelongToTheirWindow) {
  for (const SpanStructure structure : {SpanStructure::semi_markov, SpanStructure::linear_chain}) {
    Batch batch = random_batch(structure, 4);
    const Loss known = loss(batch);
    batch.targets.unknown.assign(4 * kBarsOf, 0);
    const Loss flags = loss(batch);
    EXPECT_EQ(flags.value, known.value);
    EXPECT_EQ(flags.dscores, known.dscores);
    // Window 2 may hold anything in its bars 2 and 3: it is more probable then, others are as
    // before.
    batch.targets.unknown[2 * kBarsOf + 2] = batch.targets.unknown[2 * kBarsOf + 3] = 1;
    const Loss some = loss(batch);
    EXPECT_LT(some.value, known.value);
    for (size_t b = 0; b < 4; ++b) {
      const auto of = [&](const Loss& l) {
        const auto first = l.dscores.begin() + static_cast<ptrdiff_t>(b * batch.values());
        return std::vector<float>(first, first + static_cast<ptrdiff_t>(batch.values()));
      };
      EXPECT_EQ(of(some) == of(known), b != 2) << b;
    }
    // Nothing is known of a window: it costs nothing.
    batch.targets.spans.assign(4, {});
    batch.targets.unknown.assign(4 * kBarsOf, 1);
    const Loss nothing = loss(batch);
    EXPECT_NEAR(nothing.value, 0, 1e-12);
    for (const float g : nothing.dscores) EXPECT_NEAR(g, 0, 1e-7);
  }
}

TEST(StructuredSpanLoss, AnEmptyBatchCostsNothing) {
  const Loss none = loss(random_batch(SpanStructure::semi_markov, 0));
  EXPECT_EQ(none.value, 0);
  EXPECT_EQ(none.dshared, std::vector<float>(4, 0.0f));
}

}  // namespace
}  // namespace spanlab
