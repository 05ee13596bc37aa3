// Resamples repetitions in addition to groups.
#include "spanlab/metrics/metric_draws.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "spanlab/base/random.h"

namespace spanlab {
namespace {

/// Of the metrics of R repetitions; undefined ones are left out.
MetricArray mean_of(std::span<const MetricArray* const> repetitions) {
  MetricArray mean{};
  for (size_t m = 0; m < kMetricCount; ++m) {
    double sum = 0;
    int count = 0;
    for (const MetricArray* values : repetitions) {
      if (!std::isfinite((*values)[m])) continue;
      sum += (*values)[m];
      ++count;
    }
    mean[m] = count > 0 ? sum / count : std::numeric_limits<double>::quiet_NaN();
  }
  return mean;
}

// GroupBootstrap uses the index of a draw alone; the repetitions' stream must be another.
constexpr uint32_t kRepetitionStream = 1U << 31U;

}  // namespace

MetricDraws mean_over_repetitions(std::span<const MetricDraws> runs, uint64_t seed) {
  MetricDraws mean;
  std::vector<const MetricArray*> picked;
  for (const MetricDraws& run : runs) picked.push_back(&run.value);
  mean.value = mean_of(picked);
  size_t draws = std::numeric_limits<size_t>::max();
  for (const MetricDraws& run : runs) draws = std::min(draws, run.draws.size());
  for (size_t k = 0; k < draws && !runs.empty(); ++k) {
    RandomStream stream(seed, Purpose::bootstrap, kRepetitionStream, static_cast<uint32_t>(k));
    for (const MetricArray*& values : picked) values = &runs[stream.below(runs.size())].draws[k];
    mean.draws.push_back(mean_of(picked));
  }
  return mean;
}

const char* name_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::helps:
      return "helps";
    case Verdict::hurts:
      return "hurts";
    case Verdict::no_evidence:
      break;
  }
  return "no evidence";
}

Verdict verdict_of(const Interval& difference) {
  if (difference.low > 0) return Verdict::helps;
  if (difference.high < 0) return Verdict::hurts;
  return Verdict::no_evidence;
}

}  // namespace spanlab
