// A logistic regression on inputs with context: what can be learned from them without a neural
// network.
#pragma once

#include <span>
#include <vector>

namespace spanlab {

/// Inputs of N windows of T bars. The array must outlive it.
struct ProbeInput {
  int windows = 0;                ///< N
  int length = 0;                 ///< T
  int width = 0;                  ///< D inputs a bar
  std::span<const float> values;  ///< [N, T, D]
};

struct ProbeSettings {
  /// Beside each standardised input x also |x|: spans go up and down alike, so that a signed input
  /// alone says little about them however much it holds.
  bool sizes = true;
  int context = 3;   ///< bars to either side that a bar's score looks at
  double l2 = 10.0;  ///< penalty l2 / 2 |w|^2 on the sum of log losses over bars; intercept free
};

/// p(bar t inside a span) = 1 / (1 + exp(-b - sum over offsets o and terms d of w_od x_{t+o,d})),
/// the windows' first and last bars standing for those outside. Terms are the inputs, standardised
/// by mean and standard deviation of the fitted bars, and their sizes; an input that is constant
/// there is left out. Newton's method
/// (iteratively reweighted least squares: Hastie, Tibshirani, Friedman, "The Elements of
/// Statistical Learning", 2nd ed., 4.4.1) with halved steps where a full one does not descend. The
/// same bits each time.
class LogisticProbe {
 public:
  /// `mask`: [N, T] 1 inside spans, else 0. If all bars are of one side, the probe is the constant
  /// (n1 + 1/2) / (n + 1). Throws Error if sizes do not fit, a value is not finite, there is no bar
  /// or a setting is out of range.
  LogisticProbe(const ProbeInput& input, std::span<const float> mask,
                const ProbeSettings& settings = {});

  /// [N, T] in 0..1. Throws Error if sizes do not fit or a value is not finite.
  std::vector<float> scores(const ProbeInput& input) const;

  /// Inputs that are not constant on the fitted bars.
  int kept() const { return static_cast<int>(inputs_.size()); }
  /// [(2 context + 1), terms], offset -context first; terms: the kept inputs, then their sizes.
  std::span<const double> weights() const { return std::span(weights_).subspan(1); }
  double intercept() const { return weights_.front(); }

 private:
  struct StandardInput {
    int column;  // in a bar's D inputs
    double mean, deviation;
  };

  int terms() const { return sizes_ ? 2 * kept() : kept(); }
  std::vector<double> terms_of(const ProbeInput& input) const;  // [N, T, terms]

  int width_, context_;
  bool sizes_;
  std::vector<StandardInput> inputs_;
  std::vector<double> weights_;  // intercept first
};

}  // namespace spanlab
