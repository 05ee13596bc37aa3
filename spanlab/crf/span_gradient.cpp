// Gradients of a window's span scores.
#include "spanlab/crf/span_gradient.h"

namespace spanlab {

SpanGradient::SpanGradient(int bars, int kinds, int reach)
    : kinds_(kinds),
      bar_(static_cast<size_t>(bars * 3 * kinds)),
      length_(static_cast<size_t>(reach)) {}

void SpanGradient::clear() {
  std::fill(bar_.begin(), bar_.end(), 0.0);
  std::fill(length_.begin(), length_.end(), 0.0);
}

void SpanGradient::add(const KindSpan& span, double share) {
  const int columns = 3 * kinds_;
  double* slope = bar_.data() + 3 * span.kind;
  for (int t = span.first; t <= span.last; ++t) slope[t * columns] += share;
  slope[span.first * columns + 1] += share;
  slope[span.last * columns + 2] += share;
  length_[static_cast<size_t>(span.last - span.first)] += share;
}

void SpanGradient::add_marginals(int kind, int first, int last, const double* starts,
                                 const double* ends) {
  double inside = 0;
  for (int t = first; t < last; ++t) {
    double* slope = &bar_[static_cast<size_t>((t * kinds_ + kind) * 3)];
    inside += starts[t];
    slope[0] += inside;
    slope[1] += starts[t];
    slope[2] += ends[t];
    inside -= ends[t];
  }
}

template <class Real>
void SpanGradient::write_inside(Real* inside) const {
  for (size_t i = 0; 3 * i < bar_.size(); ++i) {
    const double p = bar_[3 * i];  // rounding may leave it just outside 0..1
    inside[i] = static_cast<Real>(p < 0 ? 0 : p > 1 ? 1 : p);
  }
}

template <class Real>
void SpanGradient::add_to(Real weight, Real* dbar, Real* dlength) const {
  const double w = weight;
  for (size_t i = 0; i < bar_.size(); ++i) dbar[i] += static_cast<Real>(w * bar_[i]);
  for (size_t d = 0; d < length_.size(); ++d) dlength[d] += static_cast<Real>(w * length_[d]);
}

template void SpanGradient::write_inside(float*) const;
template void SpanGradient::write_inside(double*) const;
template void SpanGradient::add_to(float, float*, float*) const;
template void SpanGradient::add_to(double, double*, double*) const;

}  // namespace spanlab
