// Finite differences of losses.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <vector>

#include "spanlab/base/random.h"

namespace spanlab::testing {

inline std::vector<double> random_values(size_t count, double low, double high) {
  RandomStream stream(31, Purpose::parameter_init);
  std::vector<double> values(count);
  for (double& v : values) v = stream.uniform(low, high);
  return values;
}

/// `loss` writes its gradient at `values` to its argument.
inline void expect_gradient(std::vector<double> values,
                            const std::function<double(const double*, double*)>& loss) {
  std::vector<double> gradient(values.size()), unused(values.size());
  loss(values.data(), gradient.data());
  for (size_t i = 0; i < values.size(); ++i) {
    constexpr double kStep = 1e-6;
    const double before = values[i];
    values[i] = before + kStep;
    const double above = loss(values.data(), unused.data());
    values[i] = before - kStep;
    const double below = loss(values.data(), unused.data());
    values[i] = before;
    EXPECT_NEAR(gradient[i], (above - below) / (2 * kStep), 1e-7) << i;
  }
}

}  // namespace spanlab::testing
