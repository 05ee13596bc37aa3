// Jade's promises: bits for any number of threads, windows apart or together, dropout's place.
#include "spanlab/model/jade.h"

#include <gtest/gtest.h>

#include <cstring>

namespace spanlab {
namespace {

std::vector<float> random_input(int batch, const JadeConfig& config) {
  RandomStream stream(5, Purpose::market);
  std::vector<float> input(static_cast<size_t>(batch * config.window * config.features));
  for (float& v : input) v = static_cast<float>(stream.uniform(-1, 1));
  return input;
}

/// A model with the initial weights of seed 1.
struct Prepared {
  Prepared(const JadeConfig& config, int threads)
      : pool(threads), model(config), block(model.table().size()) {
    model.table().initialise(1, block.data());
    model.prepare(pool, block.data());
  }
  ThreadPool pool;
  Jade<float> model;
  std::vector<float> block;
};

struct Pass {
  JadeOutput<float> out;
  std::vector<float> gradient;
};

Pass run(const JadeConfig& config, int threads, int batch, const std::vector<float>& input) {
  Prepared jade(config, threads);
  auto& [pool, model, block] = jade;
  Pass pass;
  pass.out = model.forward(pool, block.data(), batch, input.data(), DropoutKey{3, 1, 0});
  pass.gradient.assign(block.size(), 0.0f);
  model.backward(pool, block.data(), pass.out, pass.gradient.data());
  return pass;
}

TEST(Jade, SameBitsForAnyNumberOfThreads) {
  for (const int layers : {1, 2}) {
    const JadeConfig config{.window = 20, .hidden = 48, .layers = layers};
    const auto input = random_input(13, config);
    const Pass one = run(config, 1, 13, input);
    for (const int threads : {2, 3, 4, 7, 16}) {
      const Pass many = run(config, threads, 13, input);
      EXPECT_EQ(one.out.span, many.out.span) << threads;
      EXPECT_EQ(one.out.logits, many.out.logits) << threads;
      EXPECT_EQ(one.gradient, many.gradient) << threads;
    }
  }
}

TEST(Jade, AWindowDoesNotDependOnItsBatch) {
  const JadeConfig config{.window = 15, .hidden = 32};
  Prepared jade(config, 2);
  auto& [pool, model, block] = jade;
  const auto input = random_input(9, config);
  const JadeOutput<float> together = model.forward(pool, block.data(), 9, input.data(), {});
  for (int i = 0; i < 9; ++i) {
    const auto& alone =
        model.forward(pool, block.data(), 1, input.data() + i * 15 * config.features, {});
    EXPECT_EQ(std::memcmp(alone.span.data(), together.span.data() + i * 15, 15 * sizeof(float)), 0);
    EXPECT_EQ(alone.pointers[0], together.pointers[static_cast<size_t>(2 * i)]);
  }
}

TEST(Jade, EvaluationKeepsNothingAndEqualsATrainingPassWithoutDropout) {
  JadeConfig config{.window = 15, .hidden = 32, .layers = 2};
  config.input_dropout = config.layer_dropout = config.head_dropout = 0;
  Prepared jade(config, 2);
  auto& [pool, model, block] = jade;
  const auto input = random_input(4, config);
  const JadeOutput<float> training =
      model.forward(pool, block.data(), 4, input.data(), DropoutKey{1, 1, 1});
  const JadeOutput<float>& evaluation = model.forward(pool, block.data(), 4, input.data(), {});
  EXPECT_EQ(training.span, evaluation.span);
  EXPECT_EQ(training.countdown, evaluation.countdown);
}

TEST(Jade, TheSpansAloneAreThoseOfAnEvaluationPass) {
  for (const std::optional<SpanStructure> structure :
       {std::optional<SpanStructure>(), std::optional(SpanStructure::semi_markov)}) {
    const JadeConfig config{.window = 15, .hidden = 32, .layers = 2, .structure = structure};
    Prepared jade(config, 2);
    auto& [pool, model, block] = jade;
    const auto input = random_input(4, config);
    model.forward(pool, block.data(), 4, input.data(), DropoutKey{1, 1, 1});  // leaves masks behind
    const std::vector<float> alone = model.spans(pool, block.data(), 4, input.data());
    EXPECT_EQ(alone, model.forward(pool, block.data(), 4, input.data(), {}).span);
  }
}

TEST(Jade, DropoutDependsOnItsKeyOnly) {
  const JadeConfig config{.window = 15, .hidden = 32};
  Prepared jade(config, 1);
  auto& [pool, model, block] = jade;
  const auto input = random_input(4, config);
  const auto span = [&](const DropoutKey& key) {
    return model.forward(pool, block.data(), 4, input.data(), key).span;
  };
  const auto first = span({1, 1, 1});
  EXPECT_NE(first, span({1, 1, 2}));
  EXPECT_NE(first, span({1, 2, 1}));
  EXPECT_NE(first, span({2, 1, 1}));
  EXPECT_EQ(first, span({1, 1, 1}));
}

TEST(Jade, BatchesOfDifferentSizesFollowOneAnother) {
  const JadeConfig config{.window = 10, .hidden = 16};
  const auto large = random_input(8, config);
  const Pass fresh = run(config, 2, 3, large);
  Prepared jade(config, 2);
  auto& [pool, model, block] = jade;
  for (const int batch : {8, 1, 3}) {
    std::vector<float> gradient(block.size(), 0.0f);
    const JadeOutput<float> out =
        model.forward(pool, block.data(), batch, large.data(), DropoutKey{3, 1, 0});
    model.backward(pool, block.data(), out, gradient.data());
    if (batch == 3) {
      EXPECT_EQ(gradient, fresh.gradient);
    }
  }
}

TEST(Jade, ParametersOfTheLargeForm) {
  const Jade<float> model(JadeConfig{.hidden = 128, .layers = 2});
  const Parameter* second = model.table().find("lstm.weight_ih_l1_reverse");
  ASSERT_NE(second, nullptr);
  EXPECT_EQ(second->shape, (std::vector<int64_t>{512, 256}));
  // Both layers, projection, three heads and four sigmas, counted by hand.
  const size_t lstm = 2 * (512 * (12 + 128 + 2)) + 2 * (512 * (256 + 128 + 2));
  EXPECT_EQ(model.table().size(), lstm + 64 * 257 + 3 * 65 + 2 * 65 + 2 * 257 + 4);
}

TEST(Parameters, KnowTheirPartAndTheTasksTheyServe) {
  const std::vector<Task> all{kAllTasks.begin(), kAllTasks.end()};
  const auto expect = [](const Jade<float>& model, const char* name, const Role& role) {
    const Parameter* p = model.table().find(name);
    ASSERT_NE(p, nullptr) << name;
    EXPECT_EQ(p->role.part, role.part) << name;
    EXPECT_EQ(p->role.tasks, role.tasks) << name;
    EXPECT_EQ(p->role.layer, role.layer) << name;
  };
  const std::optional<SpanStructure> bar, semi_markov = SpanStructure::semi_markov;
  for (const auto& structure : {bar, semi_markov}) {
    const Jade<float> model(JadeConfig{.hidden = 16, .layers = 2, .structure = structure});
    expect(model, "lstm.weight_ih_l0", {ModelPart::encoder, all, 0});
    expect(model, "lstm.bias_hh_l1_reverse", {ModelPart::encoder, all, 1});
    expect(model, "projection.0.weight", {ModelPart::projection, {Task::type, Task::ptr}});
    expect(model, "classifier.1.weight", Role::head_of(Task::type));
    expect(model, "pointer_head.1.bias", Role::head_of(Task::ptr));
    expect(model, "expansion_span_emission.1.weight", Role::head_of(Task::span));
    if (structure) expect(model, "expansion_span_shared", Role::head_of(Task::span));
    expect(model, "expansion_countdown_head.1.bias", Role::head_of(Task::countdown));
    expect(model, "log_sigma_ptr", {ModelPart::log_sigma, {Task::ptr}});
  }
}

TEST(Parameters, InitialValuesFillTheirRange) {
  const Jade<double> model(JadeConfig{});
  std::vector<double> block(model.table().size());
  model.table().initialise(7, block.data());
  for (const Parameter& p : model.table().entries()) {
    double low = 1e9, high = -1e9;
    for (size_t i = 0; i < p.size; ++i) {
      low = std::min(low, block[p.offset + i]);
      high = std::max(high, block[p.offset + i]);
    }
    EXPECT_GE(low, p.center - p.bound) << p.name;
    EXPECT_LE(high, p.center + p.bound) << p.name;
    if (p.size > 300) {
      EXPECT_GT(high - low, 1.9 * p.bound) << p.name;
    }
  }
  EXPECT_EQ(block[model.log_sigma(Task::ptr)], -0.30);
  EXPECT_EQ(block[model.log_sigma(Task::countdown)], 0.0);
}

TEST(Jade, ABackwardPassThatLeavesAllWholeCanBeRepeated) {
  for (const int layers : {1, 2}) {
    const JadeConfig config{.window = 20, .hidden = 32, .layers = layers};
    const auto input = random_input(9, config);
    const Pass once = run(config, 1, 9, input);
    for (const int threads : {1, 4}) {
      Prepared jade(config, threads);
      auto& [pool, model, block] = jade;
      const JadeOutput<float> out =
          model.forward(pool, block.data(), 9, input.data(), DropoutKey{3, 1, 0});
      JadeOutput<float> other = out;
      std::fill(other.span.begin(), other.span.end(), 0.0f);
      std::vector<float> gradient(block.size());
      for (const bool last : {false, false, true}) {
        std::vector<float> unused(block.size());
        if (!last) model.backward(pool, block.data(), other, unused.data(), Kept::left_whole);
        std::fill(gradient.begin(), gradient.end(), 0.0f);
        model.backward(pool, block.data(), out, gradient.data(),
                       last ? Kept::used_up : Kept::left_whole);
        EXPECT_EQ(gradient, once.gradient) << layers << " " << threads;
      }
    }
  }
}

TEST(Jade, SaturationCountsThePreActivationsBeyondFive) {
  // Without weights the pre-activations are the biases.
  const JadeConfig config{.window = 6, .hidden = 16};
  ThreadPool pool(1);
  Jade<float> model(config);
  std::vector<float> block(model.table().size(), 0.0f);
  const Parameter& bias = *model.table().find("lstm.bias_ih_l0_reverse");
  // Gates i, f, g, o of 16 units each: unit 0 of i above, of f just within; of g one unit above and
  // two below; half of o below.
  block[bias.offset] = 5.001f;
  block[bias.offset + 16] = 4.999f;
  block[bias.offset + 32] = 5.01f;
  block[bias.offset + 33] = block[bias.offset + 34] = -5.01f;
  for (size_t unit = 0; unit < 8; ++unit) block[bias.offset + 48 + unit] = -5.001f;
  model.prepare(pool, block.data());
  model.forward(pool, block.data(), 2, random_input(2, config).data(), DropoutKey{3, 1, 0});
  const double low[] = {0, 0, 2.0 / 16, 0.5}, high[] = {1.0 / 16, 0, 1.0 / 16, 0};
  for (size_t gate = 0; gate < kGates; ++gate) {
    EXPECT_EQ(model.saturation(0, 1)[gate].low, low[gate]) << gate;
    EXPECT_EQ(model.saturation(0, 1)[gate].high, high[gate]) << gate;
    EXPECT_EQ(model.saturation(0, 0)[gate].low + model.saturation(0, 0)[gate].high, 0) << gate;
  }
}

}  // namespace
}  // namespace spanlab
