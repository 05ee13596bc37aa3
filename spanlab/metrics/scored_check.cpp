// Checks sizes first, because everything else indexes by them.
#include "spanlab/metrics/scored_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "spanlab/base/error.h"

namespace spanlab {
namespace {

void expect_size(const char* what, size_t found, size_t expected) {
  if (found == expected) return;
  throw Error(
      fmt::format("scored windows: {} {} values where {} are expected", found, what, expected),
      "give one value a bar for probabilities and mask and one a window for groups");
}

}  // namespace

void check_scored(const ScoredWindows& scored) {
  if (scored.windows < 0 || scored.length < 0) {
    throw Error(fmt::format("scored windows: {} windows of {} bars", scored.windows, scored.length),
                "neither number can be negative");
  }
  const auto windows = static_cast<size_t>(scored.windows);
  const size_t bars = windows * static_cast<size_t>(scored.length);
  expect_size("probability", scored.probability.size(), bars);
  expect_size("mask", scored.mask.size(), bars);
  expect_size("group", scored.group.size(), windows);
}

bool any_nan(const ScoredWindows& scored) {
  return std::any_of(scored.probability.begin(), scored.probability.end(),
                     [](float p) { return std::isnan(p); });
}

}  // namespace spanlab
