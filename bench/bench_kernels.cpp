// Speed of the kernels in operations per second, and as a share of the measured peak.
#include <benchmark/benchmark.h>

#include <cstdint>
#include <string>
#include <vector>

#include "bench/peak_fma.h"
#include "spanlab/base/random.h"
#include "spanlab/kernels/adamw.h"
#include "spanlab/kernels/bar_head.h"
#include "spanlab/kernels/dropout.h"
#include "spanlab/kernels/gemm.h"
#include "spanlab/kernels/isa.h"
#include "spanlab/kernels/lstm.h"

namespace spanlab {
namespace {

constexpr int kInput = 12, kHidden = 96, kBars = 105, kWidth = 2 * kHidden;

std::vector<float> random_floats(size_t count) {
  RandomStream stream(1, Purpose::parameter_init);
  std::vector<float> values(count);
  for (float& v : values) v = static_cast<float>(stream.uniform(-0.1, 0.1));
  return values;
}

/// Reports `flops` a round as a rate and as a share of the peak.
void report(benchmark::State& state, double flops) {
  static const double peak = bench::peak_flops();
  const auto rate = benchmark::Counter::kIsRate;
  state.counters["flop"] =
      benchmark::Counter(flops * static_cast<double>(state.iterations()), rate);
  state.counters["of_peak"] =
      benchmark::Counter(flops * static_cast<double>(state.iterations()) / peak, rate);
}

void lstm_forward(benchmark::State& state) {
  const int rows = static_cast<int>(state.range(0));
  const LstmShape shape{kInput, kHidden};
  const auto n = static_cast<size_t>(rows);
  const auto packed = random_floats(shape.packed_size());
  const auto x = random_floats(n * kInput);
  auto h = random_floats(2 * n * kWidth);
  auto c = random_floats(2 * n * kHidden);
  std::vector<float> gates(n * 4 * kHidden), tanh_c(n * kHidden);
  for (auto _ : state) {
    lstm_forward_step(shape, rows, packed.data(), x.data(), kInput, h.data(), kWidth, c.data(),
                      gates.data(), c.data() + n * kHidden, tanh_c.data(), h.data() + n * kWidth);
    benchmark::ClobberMemory();
  }
  report(state, 2.0 * rows * (kInput + kHidden) * 4 * kHidden);
}
BENCHMARK(lstm_forward)->Arg(1)->Arg(8)->Arg(32);

void lstm_backward(benchmark::State& state) {
  const int rows = static_cast<int>(state.range(0));
  const LstmShape shape{kInput, kHidden};
  const auto n = static_cast<size_t>(rows);
  const auto packed = random_floats(4 * kHidden * kHidden);
  const auto dh = random_floats(n * kWidth);
  auto c = random_floats(n * kHidden);
  auto gates = random_floats(n * 4 * kHidden);
  std::vector<float> dh_next(n * kHidden), dc(n * kHidden);
  for (auto _ : state) {
    lstm_backward_step(shape, rows, dh.data(), kWidth, dh_next.data(), c.data(), c.data(),
                       gates.data(), dc.data());
    gemm(rows, kHidden, 4 * kHidden, gates.data(), 4 * kHidden, 1, packed.data(), kHidden,
         dh_next.data(), kHidden, false);
    benchmark::ClobberMemory();
  }
  report(state, 2.0 * rows * kHidden * 4 * kHidden);
}
BENCHMARK(lstm_backward)->Arg(32);

/// The weight gradient of one direction: [inputs, K] x [K, 4H], K = bars x windows.
void lstm_weight_gradient(benchmark::State& state) {
  const int inputs = static_cast<int>(state.range(0));
  const int depth = kBars * 32;
  const auto x = random_floats(static_cast<size_t>(depth) * kWidth);
  const auto dgates = random_floats(static_cast<size_t>(depth) * 4 * kHidden);
  std::vector<float> gradient(static_cast<size_t>(inputs) * 4 * kHidden);
  for (auto _ : state) {
    gemm(inputs, 4 * kHidden, depth, x.data(), 1, kWidth, dgates.data(), 4 * kHidden,
         gradient.data(), 4 * kHidden, false);
    benchmark::ClobberMemory();
  }
  report(state, 2.0 * inputs * depth * 4 * kHidden);
}
BENCHMARK(lstm_weight_gradient)->Arg(1)->Arg(kInput)->Arg(kHidden)->Unit(benchmark::kMicrosecond);

void dropout_masks(benchmark::State& state) {
  std::vector<uint8_t> keep(static_cast<size_t>(kBars) * 32 * kWidth);
  for (auto _ : state) {
    dropout_keep(1, {2, 3, 4}, 0.6, keep.size(), keep.data());
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(state.iterations() * static_cast<int64_t>(keep.size()));
}
BENCHMARK(dropout_masks)->Unit(benchmark::kMicrosecond);

void bar_heads(benchmark::State& state) {
  const int rows = kBars * 32;
  const auto n = static_cast<size_t>(rows);
  const auto x = random_floats(n * kWidth), weight = random_floats(kWidth), dout = random_floats(n);
  std::vector<float> out(n), dx(n * kWidth), dweight(kWidth);
  std::vector<uint8_t> keep(n * kWidth, 1);
  for (auto _ : state) {
    bar_head_forward(rows, kWidth, x.data(), keep.data(), 2.5f, weight.data(), 0, out.data());
    bar_head_backward(rows, kWidth, x.data(), keep.data(), 2.5f, weight.data(), dout.data(),
                      dx.data(), dweight.data());
    benchmark::ClobberMemory();
  }
  report(state, 6.0 * rows * kWidth);
}
BENCHMARK(bar_heads)->Unit(benchmark::kMicrosecond);

void adamw_update(benchmark::State& state) {
  constexpr size_t kCount = 97547;
  const auto gradient = random_floats(kCount);
  auto parameter = random_floats(kCount);
  std::vector<float> mean(kCount), square(kCount);
  for (auto _ : state) {
    adamw(kCount, gradient.data(), 0.99999f, 0.9f, 0.999f, 1e-3f, 1, 1e-8f, parameter.data(),
          mean.data(), square.data());
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(state.iterations() * static_cast<int64_t>(kCount));
}
BENCHMARK(adamw_update)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace spanlab

int main(int argc, char** argv) {
  spanlab::select_isa_from_environment();
  benchmark::AddCustomContext("kernels", std::string(name_of(spanlab::active_isa())));
  benchmark::AddCustomContext("peak GFLOP/s of one thread",
                              std::to_string(spanlab::bench::peak_flops() * 1e-9));
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
}
