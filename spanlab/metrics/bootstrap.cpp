// Counts of groups by Philox, one stream per draw.
#include "spanlab/metrics/bootstrap.h"

#include <algorithm>
#include <cmath>
#include <unordered_map>

#include "spanlab/base/number.h"
#include "spanlab/base/random.h"

namespace spanlab {
namespace {

// `sorted`: not empty. `share` in [0, 1].
double quantile(const std::vector<double>& sorted, double share) {
  const double place = share * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<size_t>(place);
  const size_t above = std::min(below + 1, sorted.size() - 1);
  return std::lerp(sorted[below], sorted[above], place - static_cast<double>(below));
}

}  // namespace

GroupBootstrap::GroupBootstrap(std::span<const int> group, uint64_t seed) : seed_(seed) {
  std::unordered_map<int, int> number;
  for (const int name : group) {
    group_of_.push_back(number.try_emplace(name, groups_).first->second);
    groups_ = static_cast<int>(number.size());
  }
}

std::vector<double> GroupBootstrap::weights(int draw) const {
  RandomStream random(seed_, Purpose::bootstrap, 0, static_cast<uint32_t>(draw));
  const auto count = static_cast<size_t>(groups_);
  std::vector<double> drawn(count);
  for (size_t i = 0; i < count; ++i) drawn[random.below(count)] += 1;
  std::vector<double> weights;
  weights.reserve(group_of_.size());
  for (const int group : group_of_) weights.push_back(drawn[static_cast<size_t>(group)]);
  return weights;
}

Interval percentile_interval(double value, std::vector<double> draws) {
  std::erase_if(draws, [](double draw) { return std::isnan(draw); });
  if (std::isnan(value) || draws.empty()) {
    return {value, kNone, kNone};
  }
  std::sort(draws.begin(), draws.end());
  return {value, quantile(draws, 0.025), quantile(draws, 0.975)};
}

}  // namespace spanlab
