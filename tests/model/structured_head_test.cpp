// Jade with a structured span head: its parameters, its probabilities, and the bits of both.
#include <gtest/gtest.h>

#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include "spanlab/model/jade.h"

namespace spanlab {
namespace {

constexpr SpanStructure kAll[] = {SpanStructure::semi_markov, SpanStructure::one_span,
                                  SpanStructure::linear_chain};

JadeConfig small_config(std::optional<SpanStructure> structure, int layers = 1) {
  return {.window = 15,
          .features = 4,
          .hidden = 16,
          .layers = layers,
          .projection = 8,
          .structure = structure,
          .longest_span = 6};
}

std::vector<float> random_values(size_t count, uint32_t index) {
  RandomStream stream(5, Purpose::market, 0, index);
  std::vector<float> values(count);
  for (float& v : values) v = static_cast<float>(stream.uniform(-1, 1));
  return values;
}

std::vector<float> random_input(int batch, const JadeConfig& config) {
  return random_values(static_cast<size_t>(batch * config.window * config.features), 0);
}

/// A model with its initial weights.
struct Model {
  ThreadPool pool;
  Jade<float> jade;
  std::vector<float> block;

  explicit Model(const JadeConfig& config, int threads = 1) : pool(threads), jade(config) {
    block.resize(jade.table().size());
    jade.table().initialise(1, block.data());
    jade.prepare(pool, block.data());
  }
  const JadeOutput<float>& forward(int batch, const float* input,
                                   const std::optional<DropoutKey>& key = {}) {
    return jade.forward(pool, block.data(), batch, input, key);
  }
};

void expect_tensor(const ParameterTable& table, const std::string& name,
                   const std::vector<int64_t>& shape, double bound, double center) {
  const Parameter* found = table.find(name);
  ASSERT_NE(found, nullptr) << name;
  EXPECT_EQ(found->shape, shape) << name;
  EXPECT_EQ(found->bound, bound) << name;
  EXPECT_EQ(found->center, center) << name;
}

TEST(StructuredHead, Parameters) {
  // Of 2 H = 32 hidden states: uniform in +-1 / sqrt(32).
  const double bound = 1 / std::sqrt(32.0);
  for (const SpanStructure structure : {SpanStructure::semi_markov, SpanStructure::one_span}) {
    const Model model(small_config(structure));
    expect_tensor(model.jade.table(), "expansion_span_emission.1.weight", {6, 32}, bound, 0);
    expect_tensor(model.jade.table(), "expansion_span_emission.1.bias", {6}, bound, 0);
    expect_tensor(model.jade.table(), "expansion_span_shared", {6}, 0, -3);
  }
  const Model chain(small_config(SpanStructure::linear_chain));
  expect_tensor(chain.jade.table(), "expansion_span_emission.1.weight", {3, 32}, bound, 0);
  expect_tensor(chain.jade.table(), "expansion_span_emission.1.bias", {3}, bound, 0);
  expect_tensor(chain.jade.table(), "expansion_span_shared", {15}, 0, 0);
}

TEST(StructuredHead, OnlyTheSpanHeadDiffers) {
  const Model bar(small_config(std::nullopt));
  expect_tensor(bar.jade.table(), "expansion_span_emission.1.weight", {1, 32}, 1 / std::sqrt(32.0),
                0);
  EXPECT_EQ(bar.jade.table().find("expansion_span_shared"), nullptr);
  for (const SpanStructure structure : kAll) {
    const Model model(small_config(structure));
    for (const Parameter& p : bar.jade.table().entries()) {
      const Parameter* same = model.jade.table().find(p.name);
      ASSERT_NE(same, nullptr) << p.name;
      if (p.name.find("span_emission") == std::string::npos) {
        EXPECT_EQ(same->shape, p.shape);
      }
    }
    EXPECT_EQ(model.jade.table().entries().size(), bar.jade.table().entries().size() + 1);
  }
}

TEST(StructuredHead, ProbabilitiesAreTheMarginalsOfItsScores) {
  for (const SpanStructure structure : kAll) {
    const JadeConfig config = small_config(structure);
    Model model(config);
    const auto input = random_input(9, config);
    const JadeOutput<float>& out = model.forward(9, input.data());
    const auto columns = static_cast<size_t>(config.span_model().columns());
    ASSERT_EQ(out.span_scores.size(), 9 * 15 * columns);
    ASSERT_EQ(out.span_shared.size(), static_cast<size_t>(config.span_model().shared_scores()));
    const Parameter& shared = *model.jade.table().find("expansion_span_shared");
    for (size_t g = 0; g < out.span_shared.size(); ++g) {
      EXPECT_EQ(out.span_shared[g], model.block[shared.offset + g]);
    }
    SpanModel<float> plain(config.span_model());
    std::vector<float> inside(15);
    for (size_t b = 0; b < 9; ++b) {
      plain.marginals(out.span_scores.data() + b * 15 * columns, out.span_shared.data(),
                      inside.data());
      const auto first = out.span.begin() + static_cast<ptrdiff_t>(b * 15);
      EXPECT_EQ(inside, std::vector<float>(first, first + 15)) << b;
    }
  }
}

TEST(StructuredHead, ScoresAreLinearInTheHiddenStates) {
  // Without weights the bias is each bar's score, whatever the input.
  const JadeConfig config = small_config(SpanStructure::semi_markov);
  Model model(config);
  const Parameter& weight = *model.jade.table().find("expansion_span_emission.1.weight");
  const Parameter& bias = *model.jade.table().find("expansion_span_emission.1.bias");
  for (size_t i = 0; i < weight.size; ++i) model.block[weight.offset + i] = 0;
  for (size_t c = 0; c < 6; ++c) model.block[bias.offset + c] = static_cast<float>(c);
  model.jade.prepare(model.pool, model.block.data());
  const JadeOutput<float>& out = model.forward(2, random_input(2, config).data());
  for (size_t i = 0; i < out.span_scores.size(); ++i) {
    EXPECT_EQ(out.span_scores[i], static_cast<float>(i % 6));
  }
}

TEST(StructuredHead, SameBitsForAnyNumberOfThreads) {
  for (const SpanStructure structure : kAll) {
    const JadeConfig config = small_config(structure, 2);
    const auto input = random_input(13, config);
    std::vector<float> span, scores, gradient;
    for (const int threads : {1, 2, 5}) {
      Model model(config, threads);
      const JadeOutput<float>& out = model.forward(13, input.data(), DropoutKey{3, 1, 0});
      JadeOutput<float> d = out;
      d.span_scores = random_values(d.span_scores.size(), 1);
      d.span_shared = random_values(d.span_shared.size(), 2);
      std::vector<float> now(model.block.size(), 0.0f);
      model.jade.backward(model.pool, model.block.data(), d, now.data());
      if (threads == 1) {
        span = out.span;
        scores = out.span_scores;
        gradient = now;
      }
      EXPECT_EQ(out.span, span) << threads;
      EXPECT_EQ(out.span_scores, scores) << threads;
      EXPECT_EQ(now, gradient) << threads;
    }
  }
}

TEST(StructuredHead, AWindowDoesNotDependOnItsBatch) {
  // Whatever the head; windows before and behind it in batches of many sizes.
  const std::optional<SpanStructure> heads[] = {std::nullopt, SpanStructure::semi_markov,
                                                SpanStructure::one_span,
                                                SpanStructure::linear_chain};
  for (const auto& head : heads) {
    for (const int layers : {1, 2}) {
      const JadeConfig config = small_config(head, layers);
      const int values = config.window * config.features;
      Model model(config, 2);
      const auto input = random_input(33, config);
      const JadeOutput<float> together = model.forward(33, input.data());
      const size_t scores = together.span_scores.size() / 33;
      for (const int batch : {1, 2, 7, 32}) {
        for (int first = 0; first + batch <= 33; first += batch) {
          const JadeOutput<float>& part = model.forward(batch, input.data() + first * values);
          const auto bars = together.span.begin() + first * config.window;
          EXPECT_EQ(part.span, std::vector<float>(bars, bars + batch * config.window))
              << layers << " layers, batch " << batch << ", window " << first;
          const auto begin = together.span_scores.begin() +
                             static_cast<ptrdiff_t>(static_cast<size_t>(first) * scores);
          EXPECT_EQ(part.span_scores,
                    std::vector<float>(begin, begin + static_cast<ptrdiff_t>(
                                                          static_cast<size_t>(batch) * scores)));
        }
      }
    }
  }
}

TEST(StructuredHead, DropoutDependsOnItsKeyAndOnTheHeadsShare) {
  JadeConfig config = small_config(SpanStructure::linear_chain);
  config.input_dropout = 0;
  Model model(config);
  const auto input = random_input(4, config);
  const auto scores = [&](const std::optional<DropoutKey>& key) {
    return model.forward(4, input.data(), key).span_scores;
  };
  const auto first = scores(DropoutKey{1, 1, 1});
  EXPECT_NE(first, scores(DropoutKey{1, 1, 2}));
  EXPECT_NE(first, scores(std::nullopt));
  EXPECT_EQ(first, scores(DropoutKey{1, 1, 1}));
  config.head_dropout = 0;
  Model kept(config);
  EXPECT_EQ(kept.forward(4, input.data(), DropoutKey{1, 1, 1}).span_scores, scores(std::nullopt));
}

}  // namespace
}  // namespace spanlab
