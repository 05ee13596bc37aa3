// Speed of all features over five years of 1-minute bars, in one pass and bar by bar.
#include <benchmark/benchmark.h>

#include <vector>

#include "spanlab/features/pipeline.h"
#include "spanlab/market/simulate.h"
#include "spanlab/windows/window.h"

namespace spanlab {
namespace {

constexpr int64_t kFiveYears = 5 * 365 * 24 * 60;  // bars

const Bars& five_years() {
  static const Bars series = simulate_market(kFiveYears, 1).bars;
  return series;
}

void features_in_one_pass(benchmark::State& state) {
  const Bars& series = five_years();
  std::vector<float> out(static_cast<size_t>(series.size()) * kFeatureCount);
  for (auto _ : state) {
    compute_features(series, {0, series.size()}, kWindowLength, out.data());
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(state.iterations() * series.size());
}
BENCHMARK(features_in_one_pass)->Unit(benchmark::kMillisecond);

void features_bar_by_bar(benchmark::State& state) {
  const Bars& series = five_years();
  FeatureStream stream(kWindowLength);
  float out[kFeatureCount];
  int64_t row = 0;
  for (auto _ : state) {
    stream.push(series.bar(row), out);
    benchmark::DoNotOptimize(out);
    if (++row == series.size()) row = 0;
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(features_bar_by_bar)->Unit(benchmark::kNanosecond);

}  // namespace
}  // namespace spanlab

BENCHMARK_MAIN();
