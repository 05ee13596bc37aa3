// Newton's method; the design matrix is made block by block so that it stays in the cache.
#include "spanlab/metrics/probe.h"

#include <fmt/format.h>

#include <Eigen/Cholesky>
#include <Eigen/Core>
#include <algorithm>
#include <cmath>

#include "spanlab/base/error.h"
#include "spanlab/base/job.h"

namespace spanlab {
namespace {

using Eigen::MatrixXd;
using Eigen::MatrixXf;
using Eigen::VectorXd;

constexpr int kMostSteps = 50;
constexpr double kEnough = 1e-10;  // relative descent of the objective at which the fit ends

void check_input(const ProbeInput& input) {
  if (input.windows < 0 || input.length < 1 || input.width < 1) {
    throw Error(fmt::format("probe: {} windows of {} bars with {} inputs", input.windows,
                            input.length, input.width),
                "give at least one bar a window and one input a bar");
  }
  const size_t expected = static_cast<size_t>(input.windows) * static_cast<size_t>(input.length) *
                          static_cast<size_t>(input.width);
  if (input.values.size() != expected) {
    throw Error(
        fmt::format("probe: {} input values where {} are expected", input.values.size(), expected),
        "give windows x bars x inputs values");
  }
  for (size_t i = 0; i < expected; ++i) {
    if (std::isfinite(input.values[i])) continue;
    throw Error(
        fmt::format("probe: input {} of bar {} is not finite", i % static_cast<size_t>(input.width),
                    i / static_cast<size_t>(input.width)),
        "remove the input or the windows that contain it");
  }
}

void check_fit(const ProbeInput& input, std::span<const float> mask,
               const ProbeSettings& settings) {
  const size_t bars = static_cast<size_t>(input.windows) * static_cast<size_t>(input.length);
  if (bars == 0) throw Error("probe: there is no bar to fit", "choose at least one window");
  if (mask.size() != bars) {
    throw Error(fmt::format("probe: {} mask values for {} bars", mask.size(), bars),
                "give one mask value a bar");
  }
  if (settings.context < 0 || !(settings.l2 > 0.0) || !std::isfinite(settings.l2)) {
    throw Error(
        fmt::format("probe: context {} or l2 {} is out of range", settings.context, settings.l2),
        "give a context of 0 or more and an l2 above 0");
  }
}

double sigmoid(double z) {
  return 1.0 / (1.0 + std::exp(-z));
}
// log(1 + exp(z)) without overflow.
double softplus(double z) {
  return std::max(z, 0.0) + std::log1p(std::exp(-std::abs(z)));
}

// Rows of the design matrix of window after window: 1, then the terms of bars t - context .. t +
// context.
class Design {
 public:
  // `values`: [bars, terms]. Must outlive this.
  Design(const std::vector<double>& values, int length, int terms, int context)
      : values_(values), length_(length), terms_(terms), context_(context) {}

  int columns() const { return 1 + terms_ * (2 * context_ + 1); }
  int windows() const { return static_cast<int>(values_.size()) / (length_ * terms_); }

  // `block`: [columns, length], a bar a column.
  void fill(int window, MatrixXd& block) const {
    const double* first = values_.data() + static_cast<ptrdiff_t>(window) * length_ * terms_;
    for (int t = 0; t < length_; ++t) {
      double* out = block.col(t).data();
      *out++ = 1.0;
      for (int o = -context_; o <= context_; ++o) {
        const double* bar =
            first + static_cast<ptrdiff_t>(std::clamp(t + o, 0, length_ - 1)) * terms_;
        out = std::copy(bar, bar + terms_, out);
      }
    }
  }

 private:
  const std::vector<double>& values_;
  int length_, terms_, context_;
};

struct Derivatives {
  double objective = 0.0;
  VectorXd gradient;
  MatrixXf hessian;  // lower triangle; in float, which slows the last steps less than it saves
};

// Penalised log loss at `w`, and its derivatives if `with_derivatives`.
Derivatives evaluate(const Design& design, std::span<const float> mask, int length, double l2,
                     const VectorXd& w, bool with_derivatives) {
  const int columns = design.columns();
  Derivatives out;
  VectorXd penalised = w;
  penalised[0] = 0.0;
  out.objective = 0.5 * l2 * penalised.squaredNorm();
  out.gradient = l2 * penalised;
  if (with_derivatives) {
    out.hessian = MatrixXf::Zero(columns, columns);
    out.hessian.diagonal().tail(columns - 1).setConstant(static_cast<float>(l2));
  }
  MatrixXd block(columns, length);
  MatrixXf weighted(columns, length);
  VectorXd residual(length), root(length);
  for (int window = 0; window < design.windows(); ++window) {
    design.fill(window, block);
    const VectorXd z = block.transpose() * w;
    const float* y = mask.data() + static_cast<ptrdiff_t>(window) * length;
    for (int t = 0; t < length; ++t) {
      const double label = y[t] != 0.0f ? 1.0 : 0.0;
      const double p = sigmoid(z[t]);
      out.objective += softplus(z[t]) - label * z[t];
      residual[t] = p - label;
      root[t] = std::sqrt(p * (1.0 - p));
    }
    if (!with_derivatives) continue;
    out.gradient.noalias() += block * residual;
    weighted = (block * root.asDiagonal()).cast<float>();
    out.hessian.selfadjointView<Eigen::Lower>().rankUpdate(weighted);
  }
  return out;
}

// The weights of least objective, intercept first, from `w` on.
VectorXd newton(const Design& design, std::span<const float> mask, int length, double l2,
                VectorXd w) {
  for (int step = 0; step < kMostSteps; ++step) {
    check_stop();
    const Derivatives here = evaluate(design, mask, length, l2, w, true);
    const VectorXd direction = MatrixXd(here.hessian.cast<double>().selfadjointView<Eigen::Lower>())
                                   .ldlt()
                                   .solve(here.gradient);
    if (here.gradient.dot(direction) <= kEnough * here.objective) break;
    double size = 1.0;
    VectorXd next = w - direction;
    while (size > 1e-6 &&
           evaluate(design, mask, length, l2, next, false).objective > here.objective) {
      size *= 0.5;
      next = w - size * direction;
    }
    w = next;
  }
  return w;
}

}  // namespace

LogisticProbe::LogisticProbe(const ProbeInput& input, std::span<const float> mask,
                             const ProbeSettings& settings)
    : width_(input.width), context_(settings.context), sizes_(settings.sizes) {
  check_input(input);
  check_fit(input, mask, settings);
  const auto bars = static_cast<Eigen::Index>(mask.size());
  using Rows = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  const Eigen::Map<const Rows> values(input.values.data(), bars, width_);
  for (int d = 0; d < width_; ++d) {
    const auto column = values.col(d).cast<double>();
    if (column.minCoeff() == column.maxCoeff()) continue;
    const double mean = column.mean();
    inputs_.push_back({d, mean, std::sqrt((column.array() - mean).square().mean())});
  }

  const auto inside = std::count_if(mask.begin(), mask.end(), [](float y) { return y != 0.0f; });
  const double rate = (static_cast<double>(inside) + 0.5) / (static_cast<double>(bars) + 1.0);
  const auto places = static_cast<size_t>(2 * context_ + 1);
  weights_.assign(1 + places * static_cast<size_t>(terms()), 0.0);
  weights_.front() = std::log(rate / (1.0 - rate));
  if (inside == 0 || inside == bars || inputs_.empty()) return;

  const std::vector<double> terms_of_bars = terms_of(input);
  const Design design(terms_of_bars, input.length, terms(), context_);
  Eigen::Map<VectorXd> weights(weights_.data(), design.columns());
  weights = newton(design, mask, input.length, settings.l2, weights);
}

std::vector<double> LogisticProbe::terms_of(const ProbeInput& input) const {
  const size_t bars = static_cast<size_t>(input.windows) * static_cast<size_t>(input.length);
  std::vector<double> out;
  out.reserve(bars * static_cast<size_t>(terms()));
  for (size_t bar = 0; bar < bars; ++bar) {
    const float* values = input.values.data() + bar * static_cast<size_t>(width_);
    for (const StandardInput& i : inputs_) {
      out.push_back((values[i.column] - i.mean) / i.deviation);
    }
    if (!sizes_) continue;
    for (size_t i = out.size() - inputs_.size(), end = out.size(); i < end; ++i) {
      out.push_back(std::abs(out[i]));
    }
  }
  return out;
}

std::vector<float> LogisticProbe::scores(const ProbeInput& input) const {
  check_input(input);
  if (input.width != width_) {
    throw Error(
        fmt::format("probe: fitted on {} inputs a bar and asked about {}", width_, input.width),
        "give the inputs that it was fitted on");
  }
  const size_t bars = static_cast<size_t>(input.windows) * static_cast<size_t>(input.length);
  if (inputs_.empty()) return std::vector<float>(bars, static_cast<float>(sigmoid(intercept())));
  const std::vector<double> values = terms_of(input);
  const Design design(values, input.length, terms(), context_);
  const Eigen::Map<const VectorXd> w(weights_.data(), design.columns());
  MatrixXd block(design.columns(), input.length);
  std::vector<float> out;
  out.reserve(bars);
  for (int window = 0; window < input.windows; ++window) {
    design.fill(window, block);
    const VectorXd z = block.transpose() * w;
    for (const double value : z) out.push_back(static_cast<float>(sigmoid(value)));
  }
  return out;
}

}  // namespace spanlab
