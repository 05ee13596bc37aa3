// Adam for one number, for methods that learn their own weights.
#pragma once

#include <cmath>

namespace spanlab {

// Kingma and Ba, "Adam", ICLR 2015, with its usual constants. `state`: {mean, mean square, steps}.
// Answers what to add to the number.
inline double adam_change(double gradient, double learning_rate, double* state) {
  constexpr double kBeta1 = 0.9, kBeta2 = 0.999, kEpsilon = 1e-8;
  state[0] = kBeta1 * state[0] + (1 - kBeta1) * gradient;
  state[1] = kBeta2 * state[1] + (1 - kBeta2) * gradient * gradient;
  state[2] += 1;
  const double mean = state[0] / (1 - std::pow(kBeta1, state[2]));
  const double square = state[1] / (1 - std::pow(kBeta2, state[2]));
  return -learning_rate * mean / (std::sqrt(square) + kEpsilon);
}

}  // namespace spanlab
