// Bootstrap draws of all figures, and their intervals.
#include "spanlab/metrics/metric_draws.h"

#include <algorithm>
#include <utility>

#include "spanlab/metrics/bootstrap.h"

#include "spanlab/base/job.h"

namespace spanlab {
namespace {

MetricArray minus(MetricArray a, const MetricArray& b) {
  for (size_t m = 0; m < kMetricCount; ++m) a[m] -= b[m];
  return a;
}

}  // namespace

MetricDraws draw_metrics(const ScoredWindows& scored, double threshold, uint64_t seed, int draws) {
  MetricScorer scorer(scored, threshold);
  const GroupBootstrap bootstrap(scored.group, seed);
  MetricDraws metrics{scorer.values(std::vector<double>(static_cast<size_t>(scored.windows), 1.0)),
                      {}};
  for (int draw = 0; draw < draws && bootstrap.groups() > 1; ++draw) {
    check_stop();
    metrics.draws.push_back(scorer.values(bootstrap.weights(draw)));
  }
  return metrics;
}

MetricDraws difference_of(const MetricDraws& a, const MetricDraws& b) {
  MetricDraws difference{minus(a.value, b.value), {}};
  for (size_t k = 0; k < std::min(a.draws.size(), b.draws.size()); ++k) {
    difference.draws.push_back(minus(a.draws[k], b.draws[k]));
  }
  return difference;
}

std::vector<Interval> intervals_of(const MetricDraws& metrics) {
  std::vector<Interval> intervals;
  for (size_t m = 0; m < kMetricCount; ++m) {
    std::vector<double> drawn;
    for (const MetricArray& draw : metrics.draws) drawn.push_back(draw[m]);
    intervals.push_back(percentile_interval(metrics.value[m], std::move(drawn)));
  }
  return intervals;
}

}  // namespace spanlab
