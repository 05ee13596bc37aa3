// The semi-Markov field, on normalised messages. The forward pass records, per bar, which fraction
// of the partition function belongs to each span that ends there, or to none; the backward pass
// multiplies the fractions into marginals. Both are kernels (kernels/span_sums.h); the forward pass
// for scores of any size is here.
#include "spanlab/crf/semi_markov.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>

#include "spanlab/kernels/span_sums.h"

namespace spanlab {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

// Spans' weights are plain exponentials where the largest scores of the four sorts sum up to at
// most this. The sum over sets contains every span as if it had ended at the bar before, so one
// that continues weighs at most e^150 times as much: nothing overflows. One that falls below e^-700
// of it cannot matter again: a span that starts at that bar shares its future and weighs
// e^(700 - 2 * 150) times as much.
constexpr double kPlainLimit = 150;

// Of scores relative to the largest: what is below e^-700 is nothing, and slow to compute.
double exp_of_difference(double score) {
  return score < -700 ? 0 : std::exp(score);
}

size_t at(int i) {
  return static_cast<size_t>(i);
}

}  // namespace

template <class Real>
SemiMarkov<Real>::SemiMarkov(int bars, int kinds, int longest)
    : bars_(bars),
      kinds_(kinds),
      longest_(longest),
      reach_(std::min(longest, bars)),
      slots_((reach_ + kSpanLanes - 1) / kSpanLanes * kSpanLanes),
      score_(at(bars * 3 * kinds)),
      ring_(at(2 * slots_)),
      open_(at(kinds * slots_)),
      closed_(at(bars * kinds * slots_)),
      end_(at(kinds * bars)),
      scale_(at(kinds * bars)),
      stay_(at(bars)),
      start_(at(kinds * bars)),
      lengths_(at(2 * slots_)),
      gradient_(bars, kinds, reach_),
      known_(at(bars)),
      best_score_(at(bars + 1)),
      best_last_(at(bars + 1)) {
  assert(bars >= 1 && kinds >= 1 && longest >= 1);
}

template <class Real>
void SemiMarkov<Real>::take_scores(const Real* bar, const Real* length) {
  const int count = bars_ * 3 * kinds_;
  std::copy(bar, bar + count, score_.begin());
  std::fill(ring_.begin(), ring_.end(), -kInfinity);
  std::copy(length, length + reach_, lengths_.begin());
  in_logs_ = !(3 * largest_size(count, score_.data()) + largest_size(reach_, lengths_.data()) <=
               kPlainLimit);
  for (int d = 0; d < reach_; ++d) {
    const int place = (slots_ - d) % slots_;
    ring_[at(place)] = ring_[at(slots_ + place)] = lengths_[at(d)];
  }
  if (in_logs_) return;
  exponentiate(count, score_.data());
  exponentiate(2 * slots_, ring_.data());
}

// The spans that end at bar t, by weights relative to the sum over sets before it, for scores of
// any size; `growth` is the logarithm of what that sum grew by at the bar before. Answers the same
// of t.
template <class Real>
double SemiMarkov<Real>::close_spans_in_logs(int t, double growth) {
  const int slot = t % slots_;
  const double* length = &ring_[at((slots_ - slot) % slots_)];
  double largest = 0;
  for (int k = 0; k < kinds_; ++k) {
    const double* score = &score_[at((t * kinds_ + k) * 3)];
    double* open = &open_[at(k * slots_)];
    double* closed = &closed_[at((t * kinds_ + k) * slots_)];
    for (int j = 0; j < slots_; ++j) {
      open[j] = j == slot ? score[0] + score[1] : open[j] + score[0] - growth;
      closed[j] = open[j] + length[j] + score[2];
      largest = std::max(largest, closed[j]);
    }
  }
  const double none = exp_of_difference(-largest);
  double total = none;
  for (int k = 0; k < kinds_; ++k) {
    double* closed = &closed_[at((t * kinds_ + k) * slots_)];
    double sum = 0;
    for (int j = 0; j < slots_; ++j) sum += closed[j] = exp_of_difference(closed[j] - largest);
    total += end_[at(k * bars_ + t)] = sum;
  }
  stay_[at(t)] = none / total;
  for (int k = 0; k < kinds_; ++k) scale_[at(k * bars_ + t)] = 1 / total;
  return largest + std::log(total);
}

template <class Real>
double SemiMarkov<Real>::sum_in_logs(int first, int last) {
  std::fill(open_.begin(), open_.end(), -kInfinity);
  double growth = 0, log_sum = 0;
  for (int t = first; t < last; ++t) log_sum += growth = close_spans_in_logs(t, growth);
  return log_sum;
}

// Over all sets within the bars first..last - 1: answers the logarithm of their sum and adds `sign`
// times the marginals to gradient_, those of the lengths on demand.
template <class Real>
double SemiMarkov<Real>::sum_sets(int first, int last, double sign, bool with_lengths) {
  const SpanSums sums{bars_,        kinds_,         slots_,      score_.data(), ring_.data(),
                      open_.data(), closed_.data(), end_.data(), scale_.data(), stay_.data()};
  const double log_sum = in_logs_ ? sum_in_logs(first, last) : sum_span_sets(sums, first, last);
  std::fill(lengths_.begin(), lengths_.end(), 0.0);
  spread_span_sets(sums, first, last, sign, start_.data(),
                   with_lengths ? lengths_.data() : nullptr);
  for (int k = 0; k < kinds_; ++k) {
    gradient_.add_marginals(k, first, last, &start_[at(k * bars_)], &end_[at(k * bars_)]);
  }
  for (int d = 0; d < reach_; ++d) {
    const int place = (slots_ - d) % slots_;
    gradient_.length()[d] += lengths_[at(place)] + lengths_[at(slots_ + place)];
  }
  return log_sum;
}

template <class Real>
double SemiMarkov<Real>::marginals(const Real* bar, const Real* length, Real* inside) {
  take_scores(bar, length);
  gradient_.clear();
  const double log_z = sum_sets(0, bars_, 1, false);
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
    if (last > first) log_sum += sum_sets(first, last, -1, true);
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
  double loss = sum_sets(0, bars_, 1, true);
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
