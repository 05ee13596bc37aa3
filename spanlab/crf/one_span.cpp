// The softmax over the spans of a window: scores by running sums, then one exponential per span.
#include "spanlab/crf/one_span.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>

namespace spanlab {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

size_t at(int i) {
  return static_cast<size_t>(i);
}

}  // namespace

template <class Real>
OneSpan<Real>::OneSpan(int bars, int kinds, int longest)
    : bars_(bars),
      kinds_(kinds),
      longest_(longest),
      reach_(std::min(longest, bars)),
      open_(at(reach_ + 1)),
      weight_(at(bars * kinds * reach_)),
      starts_(at(kinds * (reach_ - 1 + bars))),
      ends_(at(kinds * bars)),
      lengths_(at(reach_)),
      gradient_(bars, kinds, reach_) {
  assert(bars >= 1 && kinds >= 1 && longest >= 1);
}

// Writes the scores of all spans to weight_, minus infinity where a span would start before the
// window. Answers the highest.
template <class Real>
double OneSpan<Real>::score_spans(const Real* bar, const Real* length) {
  double highest = -kInfinity;
  for (int k = 0; k < kinds_; ++k) {
    std::fill(open_.begin(), open_.end(), -kInfinity);
    for (int t = 0; t < bars_; ++t) {
      const Real* score = bar + (t * kinds_ + k) * 3;
      const double inside = score[0], start = score[1], end = score[2];
      double* weight = &weight_[at((t * kinds_ + k) * reach_)];
      for (int j = 0; j < reach_ - 1; ++j) open_[at(j)] = open_[at(j + 1)] + inside;
      open_[at(reach_ - 1)] = start + inside;
      for (int j = 0; j < reach_; ++j) {
        weight[j] = open_[at(j)] + (end + length[reach_ - 1 - j]);
        highest = weight[j] > highest ? weight[j] : highest;
      }
    }
  }
  return highest;
}

// From weights to marginals, given that there is a span. `total`: the sum of all weights.
template <class Real>
void OneSpan<Real>::spread(double total) {
  const int stride = reach_ - 1 + bars_;
  const double scale = total == 0 ? 0 : 1 / total;
  std::fill(starts_.begin(), starts_.end(), 0.0);
  std::fill(lengths_.begin(), lengths_.end(), 0.0);
  for (int k = 0; k < kinds_; ++k) {
    for (int t = 0; t < bars_; ++t) {
      const double* weight = &weight_[at((t * kinds_ + k) * reach_)];
      double* starts = &starts_[at(k * stride + t)];
      double ends = 0;
      for (int j = 0; j < reach_; ++j) {
        const double p = scale * weight[j];
        starts[j] += p;
        lengths_[at(j)] += p;
        ends += p;
      }
      ends_[at(k * bars_ + t)] = ends;
    }
  }
}

template <class Real>
ExpectedSpan OneSpan<Real>::moments(double present) const {
  ExpectedSpan expected{present, 0, 0};
  for (int k = 0; k < kinds_; ++k) {
    const double* starts = &starts_[at(k * (reach_ - 1 + bars_) + reach_ - 1)];
    const double* ends = &ends_[at(k * bars_)];
    for (int t = 0; t < bars_; ++t) expected.center += 0.5 * t * (starts[t] + ends[t]);
  }
  for (int d = 0; d < reach_; ++d) expected.length += (d + 1) * lengths_[at(reach_ - 1 - d)];
  return expected;
}

// Answers log Z; the marginals go to gradient_.
template <class Real>
double OneSpan<Real>::sum_spans(const Real* bar, const Real* length, ExpectedSpan* expected) {
  const double highest = score_spans(bar, length);
  const double shift = highest == -kInfinity ? 0 : highest;
  double total = 0;
  for (double& weight : weight_) {
    // What is below e^-700 of the largest is nothing, and slow to compute.
    weight = weight - shift < -700 ? 0 : std::exp(weight - shift);
    total += weight;
  }
  const double log_spans = shift + std::log(total);
  const double present = 1 / (1 + std::exp(-log_spans));
  spread(total);
  if (expected != nullptr) *expected = moments(present);
  for (std::vector<double>* p : {&starts_, &ends_, &lengths_}) {
    for (double& value : *p) value *= present;
  }
  gradient_.clear();
  for (int k = 0; k < kinds_; ++k) {
    gradient_.add_marginals(k, 0, bars_, &starts_[at(k * (reach_ - 1 + bars_) + reach_ - 1)],
                            &ends_[at(k * bars_)]);
  }
  for (int d = 0; d < reach_; ++d) gradient_.length()[d] += lengths_[at(reach_ - 1 - d)];
  return std::max(log_spans, 0.0) + std::log1p(std::exp(-std::abs(log_spans)));
}

template <class Real>
double OneSpan<Real>::marginals(const Real* bar, const Real* length, Real* inside,
                                ExpectedSpan* expected) {
  const double log_z = sum_spans(bar, length, expected);
  gradient_.write_inside(inside);
  return log_z;
}

template <class Real>
double OneSpan<Real>::loss(const Real* bar, const Real* length, std::span<const KindSpan> spans,
                           const BoundarySmoothing& smoothing, Real weight, Real* dbar,
                           Real* dlength) {
  double loss = sum_spans(bar, length, nullptr);
  take_off_truth(bar, length, bars_, kinds_, longest_, spans, smoothing,
                 static_cast<double>(spans.size()), loss, gradient_);
  gradient_.add_to(weight, dbar, dlength);
  return loss;
}

template <class Real>
std::vector<KindSpan> OneSpan<Real>::best(const Real* bar, const Real* length, double offset) {
  score_spans(bar, length);
  double highest = -offset;
  KindSpan best{-1, -1, 0};
  for (int i = 0; i < bars_ * kinds_; ++i) {
    for (int j = reach_ - 1; j >= 0; --j) {
      const double score = weight_[at(i * reach_ + j)];
      const int last = i / kinds_;
      if (score > highest) highest = score, best = {last - (reach_ - 1 - j), last, i % kinds_};
    }
  }
  if (best.first < 0) return {};
  return {best};
}

template class OneSpan<float>;
template class OneSpan<double>;

}  // namespace spanlab
