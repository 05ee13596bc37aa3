// The recursions of the semi-Markov field. A forward pass finds, for every bar, how the sum over
// all sets up to it is made up of sets that end there with a certain span, or with none; as shares
// these are probabilities given what follows. A backward pass multiplies them out.
#include "spanlab/crf/semi_markov.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>

namespace spanlab {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

// Spans' weights are plain exponentials, relative to the sum over sets so far, where the largest
// scores of the four sorts sum up to at most this. That sum holds every span as if it had ended at
// the bar before, so one that goes on weighs at most e^150, and in the three places that round up a
// row e^(4 * 150): nothing overflows. One that falls below e^-700 cannot matter again: the span
// that starts where it has got to shares its future and weighs e^(700 - 2 * 150) times as much.
constexpr double kPlainLimit = 150;

// Of scores relative to the largest: what is below e^-700 is nothing, and slow to compute.
double exp_of_difference(double score) {
  return score < -700 ? 0 : std::exp(score);
}

size_t at(int i) {
  return static_cast<size_t>(i);
}

// [count], a multiple of 4.
double sum_of(const double* values, int count) {
  double a = 0, b = 0, c = 0, d = 0;
  for (int i = 0; i < count; i += 4) {
    a += values[i], b += values[i + 1], c += values[i + 2], d += values[i + 3];
  }
  return (a + b) + (c + d);
}

}  // namespace

template <class Real>
SemiMarkov<Real>::SemiMarkov(int bars, int kinds, int longest)
    : bars_(bars),
      kinds_(kinds),
      longest_(longest),
      reach_(std::min(longest, bars)),
      row_((reach_ + 3) / 4 * 4),
      score_(at(bars * 3 * kinds)),
      length_(at(row_)),
      open_(at(kinds * (row_ + 1))),
      closed_(at(bars * kinds * row_)),
      ends_(at(kinds * bars)),
      scale_(at(kinds * bars)),
      stay_(at(bars)),
      starts_(at(kinds * (row_ - 1 + bars))),
      lengths_(at(row_)),
      gradient_(bars, kinds, reach_),
      known_(at(bars)),
      best_score_(at(bars + 1)),
      best_last_(at(bars + 1)) {
  assert(bars >= 1 && kinds >= 1 && longest >= 1);
}

template <class Real>
void SemiMarkov<Real>::take_scores(const Real* bar, const Real* length) {
  const int columns = 3 * kinds_;
  double largest[3] = {0, 0, 0}, largest_length = 0;
  for (int i = 0; i < bars_ * columns; i += 3) {
    for (int c = 0; c < 3; ++c) {
      largest[c] = std::max(largest[c], std::abs(static_cast<double>(bar[i + c])));
    }
  }
  for (int d = 0; d < reach_; ++d) {
    largest_length = std::max(largest_length, std::abs(static_cast<double>(length[d])));
  }
  in_logs_ = largest[0] + largest[1] + largest[2] + largest_length > kPlainLimit;
  const auto weight = [&](double score) { return in_logs_ ? score : std::exp(score); };
  for (int i = 0; i < bars_ * columns; ++i) score_[at(i)] = weight(bar[i]);
  std::fill(length_.begin(), length_.end(), weight(-kInfinity));
  for (int d = 0; d < reach_; ++d) length_[at(row_ - 1 - d)] = weight(length[d]);
}

// The weights of the spans that end at bar t, relative to the sum over sets before it. Answers the
// logarithm of what the sum grows by.
template <class Real>
double SemiMarkov<Real>::close_spans(int t) {
  const double* length = length_.data();
  const double shrink = 1 / growth_;
  double total = 1;
  for (int k = 0; k < kinds_; ++k) {
    const double* score = &score_[at((t * kinds_ + k) * 3)];
    double* open = &open_[at(k * (row_ + 1))];
    double* closed = &closed_[at((t * kinds_ + k) * row_)];
    const double factor = score[0] * shrink;
    for (int j = 0; j < row_; ++j) {
      open[j] = open[j + 1] * factor;
      closed[j] = open[j] * length[j];
    }
    open[row_ - 1] = score[0] * score[1];
    closed[row_ - 1] = open[row_ - 1] * length[row_ - 1];
    const double sum = sum_of(closed, row_);
    ends_[at(k * bars_ + t)] = sum;
    total += score[2] * sum;
  }
  stay_[at(t)] = 1 / total;
  for (int k = 0; k < kinds_; ++k) {
    scale_[at(k * bars_ + t)] = score_[at((t * kinds_ + k) * 3 + 2)] / total;
  }
  growth_ = total;
  return std::log(total);
}

// The same for scores of any size.
template <class Real>
double SemiMarkov<Real>::close_spans_in_logs(int t) {
  double largest = 0;
  for (int k = 0; k < kinds_; ++k) {
    const double* score = &score_[at((t * kinds_ + k) * 3)];
    double* open = &open_[at(k * (row_ + 1))];
    double* closed = &closed_[at((t * kinds_ + k) * row_)];
    for (int j = 0; j < row_ - 1; ++j) open[j] = open[j + 1] + score[0] - growth_;
    open[row_ - 1] = score[0] + score[1];
    for (int j = 0; j < row_; ++j) {
      closed[j] = open[j] + length_[at(j)] + score[2];
      largest = std::max(largest, closed[j]);
    }
  }
  const double none = exp_of_difference(-largest);
  double total = none;
  for (int k = 0; k < kinds_; ++k) {
    double* closed = &closed_[at((t * kinds_ + k) * row_)];
    for (int j = 0; j < row_; ++j) closed[j] = exp_of_difference(closed[j] - largest);
    total += ends_[at(k * bars_ + t)] = sum_of(closed, row_);
  }
  stay_[at(t)] = none / total;
  for (int k = 0; k < kinds_; ++k) scale_[at(k * bars_ + t)] = 1 / total;
  growth_ = largest + std::log(total);
  return growth_;
}

// Over all sets within the bars first..last - 1: answers the logarithm of their sum and adds `sign`
// times the marginals to gradient_.
template <class Real>
double SemiMarkov<Real>::sum_sets(int first, int last, double sign) {
  std::fill(open_.begin(), open_.end(), in_logs_ ? -kInfinity : 0);
  growth_ = 1;  // of nothing yet: no span is open
  double log_sum = 0;
  for (int t = first; t < last; ++t) log_sum += in_logs_ ? close_spans_in_logs(t) : close_spans(t);
  spread(first, last, sign);
  return log_sum;
}

// From the last bar to the first: what ends there with which probability.
template <class Real>
void SemiMarkov<Real>::spread(int first, int last, double sign) {
  const int stride = row_ - 1 + bars_;
  std::fill(starts_.begin(), starts_.end(), 0.0);
  std::fill(lengths_.begin(), lengths_.end(), 0.0);
  double* lengths = lengths_.data();
  double cut = sign;  // probability that no span crosses the edge behind bar t
  for (int t = last - 1; t >= first; --t) {
    double next = cut * stay_[at(t)];
    for (int k = 0; k < kinds_; ++k) {
      const double* closed = &closed_[at((t * kinds_ + k) * row_)];
      double* starts = &starts_[at(k * stride + t)];
      const double factor = cut * scale_[at(k * bars_ + t)];
      for (int j = 0; j < row_; ++j) starts[j] += factor * closed[j];
      for (int j = 0; j < row_; ++j) lengths[j] += factor * closed[j];
      next += starts[row_ - 1];
      ends_[at(k * bars_ + t)] *= factor;
    }
    cut = next;
  }
  for (int k = 0; k < kinds_; ++k) {
    gradient_.add_marginals(k, first, last, &starts_[at(k * stride + row_ - 1)],
                            &ends_[at(k * bars_)]);
  }
  for (int d = 0; d < reach_; ++d) gradient_.length()[d] += lengths_[at(row_ - 1 - d)];
}

template <class Real>
double SemiMarkov<Real>::marginals(const Real* bar, const Real* length, Real* inside) {
  take_scores(bar, length);
  gradient_.clear();
  const double log_z = sum_sets(0, bars_, 1);
  gradient_.write_inside(inside);
  return log_z;
}

template <class Real>
double SemiMarkov<Real>::sum_unknown(std::span<const KindSpan> spans, const uint8_t* unknown) {
  for (int t = 0; t < bars_; ++t) known_[at(t)] = !unknown[t];
  for (const KindSpan& span : spans) {
    std::fill(known_.begin() + span.first, known_.begin() + span.last + 1, uint8_t{1});
  }
  double log_sum = 0;
  for (int first = 0; first < bars_;) {
    int last = first;
    while (last < bars_ && !known_[at(last)]) ++last;
    if (last > first) log_sum += sum_sets(first, last, -1);
    first = last + 1;
  }
  return log_sum;
}

template <class Real>
double SemiMarkov<Real>::loss(const Real* bar, const Real* length, std::span<const KindSpan> spans,
                              const BoundarySmoothing& smoothing, const uint8_t* unknown,
                              Real weight, Real* dbar, Real* dlength) {
  take_scores(bar, length);
  gradient_.clear();
  double loss = sum_sets(0, bars_, 1);
  if (unknown != nullptr) loss -= sum_unknown(spans, unknown);
  take_off_truth(bar, length, bars_, kinds_, longest_, spans, smoothing, 1, loss, gradient_);
  gradient_.add_to(weight, dbar, dlength);
  return loss;
}

template <class Real>
std::vector<KindSpan> SemiMarkov<Real>::best(const Real* bar, const Real* length, double offset) {
  const int columns = 3 * kinds_;
  best_score_[0] = 0;
  for (int t = 0; t < bars_; ++t) {
    double highest = best_score_[at(t)];
    KindSpan last{-1, -1, 0};
    for (int k = 0; k < kinds_; ++k) {
      const Real* score = bar + 3 * k;
      double tail = offset + score[t * columns + 2];
      for (int first = t; first >= 0 && t - first < reach_; --first) {
        tail += score[first * columns];
        const double sum =
            best_score_[at(first)] + (tail + score[first * columns + 1] + length[t - first]);
        if (sum > highest) highest = sum, last = {first, t, k};
      }
    }
    best_score_[at(t + 1)] = highest;
    best_last_[at(t + 1)] = last;
  }
  std::vector<KindSpan> spans;
  for (int t = bars_; t > 0;) {
    const KindSpan& last = best_last_[at(t)];
    if (last.first >= 0) spans.push_back(last);
    t = last.first >= 0 ? last.first : t - 1;
  }
  std::reverse(spans.begin(), spans.end());
  return spans;
}

template class SemiMarkov<float>;
template class SemiMarkov<double>;

}  // namespace spanlab
