// Every layer's backward pass against finite differences, in double precision.
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <optional>

#include "spanlab/model/jade.h"

namespace spanlab {
namespace {

std::vector<double> random_values(size_t count, uint32_t index, double scale = 1) {
  RandomStream stream(21, Purpose::parameter_init, 0, index);
  std::vector<double> values(count);
  for (double& v : values) v = stream.uniform(-scale, scale);
  return values;
}

double dot(const std::vector<double>& a, const double* b) {
  double sum = 0;
  for (size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}

/// Compares `gradient` with central differences of `loss` at every `stride`-th of `values`.
void expect_gradient(std::vector<double>& values, const std::vector<double>& gradient,
                     const std::function<double()>& loss, size_t stride = 1) {
  constexpr double kStep = 1e-5;
  double largest = 1e-3;
  for (const double g : gradient) largest = std::max(largest, std::abs(g));
  for (size_t i = 0; i < values.size(); i += stride) {
    const double before = values[i];
    values[i] = before + kStep;
    const double above = loss();
    values[i] = before - kStep;
    const double below = loss();
    values[i] = before;
    EXPECT_NEAR(gradient[i], (above - below) / (2 * kStep), 2e-8 * largest + 1e-9) << i;
  }
}

TEST(Gradient, Linear) {
  ParameterTable table;
  Linear<double> layer(table, {}, "l", 5, 3);
  std::vector<double> block(table.size());
  table.initialise(1, block.data());
  auto x = random_values(4 * 5, 1);
  const auto weights = random_values(4 * 3, 2);
  std::vector<double> y(12), dx(20), gradient(block.size(), 0.0);
  const auto loss = [&] {
    layer.prepare(block.data());
    layer.forward(block.data(), 4, x.data(), y.data());
    return dot(weights, y.data());
  };
  loss();
  layer.backward(block.data(), 4, x.data(), weights.data(), gradient.data(), dx.data());
  expect_gradient(block, gradient, loss);
  expect_gradient(x, dx, loss);
}

TEST(Gradient, BarHeadWithDropout) {
  ParameterTable table;
  BarHead<double> layer(table, {}, "h", 6, 0.5, Purpose::span_dropout);
  std::vector<double> block(table.size());
  table.initialise(2, block.data());
  auto x = random_values(7 * 6, 3);
  const auto weights = random_values(7, 4);
  layer.draw(DropoutKey{1, 2, 3}, 7);
  std::vector<double> y(7), dx(42, 0.0), part(7, 0.0), gradient(block.size(), 0.0);
  const auto loss = [&] {
    layer.forward(block.data(), 0, 3, x.data(), y.data());  // in two parts, as threads take them
    layer.forward(block.data(), 3, 7, x.data(), y.data());
    return dot(weights, y.data());
  };
  loss();
  layer.backward(block.data(), 0, 3, x.data(), weights.data(), dx.data(), part.data());
  layer.backward(block.data(), 3, 7, x.data(), weights.data(), dx.data(), part.data());
  layer.add_gradient(part.data(), gradient.data());
  expect_gradient(block, gradient, loss);
  expect_gradient(x, dx, loss);
}

/// `stride`: every how many weights are checked.
void check_bilstm(int batch, int threads, size_t stride) {
  constexpr int kBars = 5, kInput = 2, kHidden = 16;
  const auto rows = static_cast<size_t>(kBars * batch);
  ThreadPool pool(threads);
  ParameterTable table;
  BiLstm<double> layer(table, 0, kInput, kHidden, kBars);
  std::vector<double> block(table.size());
  table.initialise(3, block.data());
  auto x = random_values(rows * kInput, 5, 2);
  const auto weights = random_values(rows * 2 * kHidden, 6);
  std::vector<double> dx(x.size()), gradient(block.size(), 0.0);
  const auto loss = [&] {
    layer.prepare(pool, block.data());
    layer.forward(pool, batch, x.data(), true);
    return dot(weights, layer.output());
  };
  loss();
  layer.backward(pool, block.data(), x.data(), weights.data(), gradient.data(), dx.data());
  expect_gradient(block, gradient, loss, stride);
  expect_gradient(x, dx, loss, stride / 7 + 1);
}

TEST(Gradient, BiLstm) {
  for (const int threads : {1, 2, 5}) check_bilstm(3, threads, 7);
}

// The weight gradient is summed in blocks of about 128 rows: here of 2, 2 and 1 bars, and of 1.
TEST(Gradient, BiLstmInSeveralBlocks) {
  check_bilstm(50, 2, 97);
  check_bilstm(50, 4, 97);
  check_bilstm(130, 1, 211);
}

/// -log P of some spans in each window; its gradient in `d`. Windows count differently.
double span_loss(SpanModel<double>& model, int batch, const JadeOutput<double>& out,
                 JadeOutput<double>& d) {
  const std::vector<KindSpan> spans[] = {{{1, 2, 0}}, {}, {{0, 0, 1}, {3, 5, 0}}, {{2, 4, 1}}};
  const size_t values = out.span_scores.size() / static_cast<size_t>(batch);
  std::fill(d.span_scores.begin(), d.span_scores.end(), 0.0);
  std::fill(d.span_shared.begin(), d.span_shared.end(), 0.0);
  double sum = 0;
  for (size_t b = 0; b < static_cast<size_t>(batch); ++b) {
    const double weight = 1 + 0.5 * static_cast<double>(b);
    sum += weight * model.loss(out.span_scores.data() + b * values, out.span_shared.data(),
                               spans[b], {0.2, 1}, nullptr, weight,
                               d.span_scores.data() + b * values, d.span_shared.data());
  }
  return sum;
}

/// The whole model, dropout on, with a loss that mixes all outputs.
void check_jade(int layers, std::optional<SpanStructure> structure = {}) {
  const JadeConfig config{.window = 6,
                          .features = 3,
                          .hidden = 16,
                          .layers = layers,
                          .projection = 5,
                          .structure = structure,
                          .longest_span = 4};
  ThreadPool pool(2);
  Jade<double> model(config);
  std::vector<double> block(model.table().size());
  model.table().initialise(4, block.data());
  constexpr int kBatch = 4;
  const auto input = random_values(kBatch * 6 * 3, 7, 2);
  JadeOutput<double> d;
  d.resize(kBatch, config);
  d.logits = random_values(d.logits.size(), 8);
  d.pointers = random_values(d.pointers.size(), 9);
  d.span = random_values(d.span.size(), 10);
  d.countdown = random_values(d.countdown.size(), 11);
  std::vector<double> gradient(block.size(), 0.0);
  SpanModel<double> spans(config.span_model());
  const auto loss = [&] {
    model.prepare(pool, block.data());
    const auto& out = model.forward(pool, block.data(), kBatch, input.data(), DropoutKey{9, 1, 2});
    const double of_spans =
        structure ? span_loss(spans, kBatch, out, d) : dot(d.span, out.span.data());
    return dot(d.logits, out.logits.data()) + dot(d.pointers, out.pointers.data()) + of_spans +
           dot(d.countdown, out.countdown.data());
  };
  loss();
  model.backward(pool, block.data(), d, gradient.data());
  expect_gradient(block, gradient, loss, 5);
}

TEST(Gradient, JadeOfOneLayer) {
  check_jade(1);
}
TEST(Gradient, JadeOfThreeLayers) {
  check_jade(3);
}

TEST(Gradient, JadeWithASemiMarkovHead) {
  check_jade(1, SpanStructure::semi_markov);
  check_jade(2, SpanStructure::semi_markov);
}
TEST(Gradient, JadeWithAOneSpanHead) {
  check_jade(1, SpanStructure::one_span);
}
TEST(Gradient, JadeWithALinearChainHead) {
  check_jade(1, SpanStructure::linear_chain);
}

TEST(Gradient, AddsToWhatIsThere) {
  ParameterTable table;
  Linear<double> layer(table, {}, "l", 2, 2);
  std::vector<double> block(table.size());
  table.initialise(1, block.data());
  const auto x = random_values(2, 1), dy = random_values(2, 2);
  std::vector<double> once(block.size(), 0.0), twice(block.size(), 0.0), dx(2);
  layer.backward(block.data(), 1, x.data(), dy.data(), once.data(), dx.data());
  for (int i = 0; i < 2; ++i) {
    layer.backward(block.data(), 1, x.data(), dy.data(), twice.data(), dx.data());
  }
  for (size_t i = 0; i < once.size(); ++i) EXPECT_DOUBLE_EQ(twice[i], 2 * once[i]);
}

}  // namespace
}  // namespace spanlab
