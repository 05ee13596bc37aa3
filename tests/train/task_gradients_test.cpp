// The tasks' own gradients: they add up to the whole, and go where they belong.
#include "spanlab/train/task_gradients.h"

#include <gtest/gtest.h>

#include <cmath>

namespace spanlab {
namespace {

constexpr int kBatch = 5;

/// A model after a training pass, with some gradient at its output.
struct Pass {
  JadeConfig config{.window = 12, .features = 4, .hidden = 16, .layers = 2, .projection = 8};
  ThreadPool pool;
  Jade<float> model{config};
  std::vector<float> block = std::vector<float>(model.table().size());
  std::vector<Task> tasks{Task::span, Task::type, Task::ptr, Task::countdown};  // a recipe's order
  JadeOutput<float> d;

  explicit Pass(int threads = 1) : pool(threads) {
    model.table().initialise(1, block.data());
    model.prepare(pool, block.data());
    RandomStream random(9, Purpose::market);
    std::vector<float> input(static_cast<size_t>(kBatch * config.window * config.features));
    for (float& v : input) v = static_cast<float>(random.normal());
    model.forward(pool, block.data(), kBatch, input.data(), DropoutKey{1, 1, 0});
    d.resize(kBatch, config);
    for (auto* values : {&d.logits, &d.pointers, &d.span, &d.countdown}) {
      for (float& v : *values) v = static_cast<float>(random.normal());
    }
  }

  TaskGradients gradients(std::vector<uint8_t> present = {1, 1, 1, 1}) {
    TaskGradients result(model.table(), tasks);
    result.compute(model, pool, block.data(), d, present);
    return result;
  }
  std::vector<float> combined(const TaskGradients& gradients, const BalancerStep& step) const {
    std::vector<float> gradient(block.size());
    gradients.combine(step, gradient.data());
    return gradient;
  }
};

BalancerStep step_of(std::vector<double> shared, std::vector<double> own) {
  return {0, std::move(shared), std::move(own), {}};
}

TEST(TaskGradients, AddUpToTheGradientOfAll) {
  Pass pass;
  const TaskGradients gradients = pass.gradients();
  const auto sum = pass.combined(gradients, step_of({1, 1, 1, 1}, {1, 1, 1, 1}));
  std::vector<float> whole(pass.block.size());
  pass.model.backward(pass.pool, pass.block.data(), pass.d, whole.data());
  double largest = 0;
  for (const float g : whole) largest = std::max(largest, std::abs(static_cast<double>(g)));
  for (size_t i = 0; i < whole.size(); ++i) ASSERT_NEAR(sum[i], whole[i], 1e-5 * largest) << i;
}

TEST(TaskGradients, GramHoldsInnerProductsOnTheEncoderAlone) {
  Pass pass;
  const TaskGradients gradients = pass.gradients();
  const std::vector<double> gram = gradients.gram();
  std::vector<std::vector<float>> own;
  for (size_t t = 0; t < 4; ++t) {
    std::vector<double> one(4, 0.0);
    one[t] = 1;
    own.push_back(pass.combined(gradients, step_of(one, one)));
  }
  for (size_t t = 0; t < 4; ++t) {
    for (size_t u = 0; u < 4; ++u) {
      double product = 0;
      for (const Parameter& p : pass.model.table().entries()) {
        if (!p.name.starts_with("lstm.")) continue;
        for (size_t i = p.offset; i < p.offset + p.size; ++i) {
          product += static_cast<double>(own[t][i]) * static_cast<double>(own[u][i]);
        }
      }
      EXPECT_EQ(gram[t * 4 + u], product) << t << u;
    }
    EXPECT_GT(gram[t * 4 + t], 0);
  }
}

TEST(TaskGradients, SharedAndOwnParametersTakeTheirOwnWeights) {
  Pass pass;
  const TaskGradients gradients = pass.gradients();
  const auto encoder = pass.combined(gradients, step_of({1, 1, 1, 1}, {0, 0, 0, 0}));
  const auto span_head = pass.combined(gradients, step_of({0, 0, 0, 0}, {1, 0, 0, 0}));
  const auto squares = [](const std::vector<float>& g, const Parameter& p) {
    double sum = 0;
    for (size_t i = p.offset; i < p.offset + p.size; ++i)
      sum += std::abs(static_cast<double>(g[i]));
    return sum;
  };
  for (const Parameter& p : pass.model.table().entries()) {
    EXPECT_EQ(squares(encoder, p) > 0, p.name.starts_with("lstm.")) << p.name;
    EXPECT_EQ(squares(span_head, p) > 0, p.name.starts_with("expansion_span")) << p.name;
  }
}

TEST(TaskGradients, ATaskWithoutTargetsHasNone) {
  Pass pass;
  const std::vector<double> gram = pass.gradients({1, 0, 1, 1}).gram();
  for (size_t t = 0; t < 4; ++t) EXPECT_EQ(gram[4 + t], 0);
  EXPECT_GT(gram[0], 0);
}

TEST(TaskGradients, SameBitsForAnyNumberOfThreads) {
  Pass one(1), many(4);
  const TaskGradients a = one.gradients(), b = many.gradients();
  EXPECT_EQ(a.gram(), b.gram());
  const BalancerStep step = step_of({0.3, -1, 2, 1e-3}, {1, 2, 3, 4});
  EXPECT_EQ(one.combined(a, step), many.combined(b, step));
}

}  // namespace
}  // namespace spanlab
