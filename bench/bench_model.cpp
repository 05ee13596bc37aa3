// Speed of the model: forward passes, and training steps as a share of the machine's peak.
#include <benchmark/benchmark.h>

#include <string>
#include <vector>

#include "bench/peak_fma.h"
#include "spanlab/base/random.h"
#include "spanlab/kernels/isa.h"
#include "spanlab/model/jade.h"
#include "spanlab/train/learner.h"

namespace spanlab {
namespace {

/// Floating-point operations of the matrix products of one window of compact Jade: forward, and
/// forward with backward (the gradient of the input is not needed).
double forward_flops(const JadeConfig& c) {
  // The first bar of each direction has no state before it.
  const double inputs = c.window * c.features + (c.window - 1.0) * c.hidden;
  return 2.0 * 4 * c.hidden * inputs * 2 + 2.0 * c.window * 2 * c.hidden * 2 +
         2.0 * 2 * c.hidden * c.projection;
}
double training_flops(const JadeConfig& c) {
  return 3 * forward_flops(c) - 2.0 * c.window * 4 * c.hidden * c.features * 2;
}

std::vector<float> random_floats(size_t count) {
  RandomStream stream(1, Purpose::market);
  std::vector<float> values(count);
  for (float& v : values) v = static_cast<float>(stream.uniform(-1, 1));
  return values;
}

/// Windows of random features with a span each.
Dataset random_dataset(int windows) {
  Dataset d;
  d.windows = windows;
  d.length = 105;
  d.features = 12;
  const auto n = static_cast<size_t>(windows), t = static_cast<size_t>(d.length);
  d.input = random_floats(n * t * 12);
  d.labelled.assign(n, 1);
  d.type.assign(n, 1);
  d.pointers.assign(n * 2, 0.5f);
  d.mask.assign(n * t, 0.0f);
  for (size_t i = 0; i < n; ++i) d.mask[i * t + i % t] = 1;
  d.countdown.assign(n * t, 5.0f);
  return d;
}

/// Arguments: windows in the batch, threads.
void forward(benchmark::State& state) {
  const int batch = static_cast<int>(state.range(0));
  ThreadPool pool(static_cast<int>(state.range(1)));
  Jade<float> model{JadeConfig{}};
  std::vector<float> block(model.table().size());
  model.table().initialise(1, block.data());
  model.prepare(pool, block.data());
  const auto input = random_floats(static_cast<size_t>(batch) * 105 * 12);
  for (auto _ : state) {
    benchmark::DoNotOptimize(model.forward(pool, block.data(), batch, input.data(), {}));
  }
  state.SetItemsProcessed(state.iterations() * batch);
}
BENCHMARK(forward)->Args({1, 1})->Args({1, 2})->Args({256, 1})->Args({256, 2})->UseRealTime()->Unit(
    benchmark::kMicrosecond);

/// A whole training step of 32 windows: dropout masks, forward, losses, backward, AdamW.
void training_step(benchmark::State& state) {
  const int threads = static_cast<int>(state.range(0));
  const Dataset dataset = random_dataset(32);
  const Recipe recipe;
  std::vector<int> windows;
  for (int i = 0; i < 32; ++i) windows.push_back(i);
  Learner learner(recipe, dataset, windows, threads);
  const double peak = bench::peak_flops(threads);
  int step = 0;
  for (auto _ : state) learner.train_batch(windows, 1, step++);
  const double flops = 32 * training_flops(JadeConfig{}) * static_cast<double>(state.iterations());
  state.counters["flop"] = benchmark::Counter(flops, benchmark::Counter::kIsRate);
  state.counters["of_peak"] = benchmark::Counter(flops / peak, benchmark::Counter::kIsRate);
}
BENCHMARK(training_step)->Arg(1)->Arg(2)->UseRealTime()->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace spanlab

int main(int argc, char** argv) {
  spanlab::select_isa_from_environment();
  benchmark::AddCustomContext("kernels", std::string(name_of(spanlab::active_isa())));
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
}
