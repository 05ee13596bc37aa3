// Independent chains of multiply-adds, enough to hide their latency, once an instruction set.
#include "bench/peak_fma.h"

#include <algorithm>
#include <chrono>
#include <numeric>
#include <vector>

#include "spanlab/base/parallel.h"
#include "spanlab/kernels/targets-inl.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "bench/peak_fma.cpp"
#include <hwy/foreach_target.h>
// After foreach_target.h: the same functions are compiled once a target.
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace spanlab::bench::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

/// Runs `rounds` of 12 chains; returns the floating-point operations done.
double chains(int rounds, float start, float* sink) {
  const hn::CappedTag<float, 16> d;
  constexpr int kChains = 12;
  const auto factor = hn::Set(d, 1.0f - 1e-6f);
  const auto add = hn::Set(d, 1e-6f);
  hn::Vec<decltype(d)> sums[kChains];
  for (int j = 0; j < kChains; ++j) sums[j] = hn::Set(d, start + static_cast<float>(j));
  for (int i = 0; i < rounds; ++i) {
    for (int j = 0; j < kChains; ++j) sums[j] = hn::MulAdd(sums[j], factor, add);
  }
  auto total = sums[0];
  for (int j = 1; j < kChains; ++j) total = hn::Add(total, sums[j]);
  *sink += hn::GetLane(total);
  return 2.0 * kChains * static_cast<double>(hn::Lanes(d)) * rounds;
}

}  // namespace spanlab::bench::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace spanlab::bench {

HWY_EXPORT(chains);

double peak_flops(int threads) {
  using Clock = std::chrono::steady_clock;
  ThreadPool pool(threads);
  std::vector<float> sinks(static_cast<size_t>(threads));
  double best = 0;
  for (int run = 0; run < 20; ++run) {
    std::vector<double> work(static_cast<size_t>(threads));
    const auto begin = Clock::now();
    pool.run(threads, [&](int thread) {
      const auto t = static_cast<size_t>(thread);
      work[t] = HWY_DYNAMIC_DISPATCH(chains)(1'000'000, static_cast<float>(run), &sinks[t]);
    });
    const double seconds = std::chrono::duration<double>(Clock::now() - begin).count();
    best = std::max(best, std::accumulate(work.begin(), work.end(), 0.0) / seconds);
  }
  return best;
}

}  // namespace spanlab::bench
#endif  // HWY_ONCE
