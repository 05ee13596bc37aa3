// The recursions of the linear chain, in logarithms: forward for messages, backward for marginals.
#include "spanlab/crf/linear_chain.h"

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

// Answers the logarithm of the sum of exp(values), and makes shares of that sum of them; [count].
double normalise(double* values, int count) {
  double highest = values[0];
  for (int i = 1; i < count; ++i) highest = values[i] > highest ? values[i] : highest;
  if (highest == -kInfinity) highest = 0;
  double sum = 0;
  for (int i = 0; i < count; ++i) sum += values[i] = std::exp(values[i] - highest);
  for (int i = 0; i < count && sum != 0; ++i) values[i] /= sum;
  return highest + std::log(sum);
}

}  // namespace

template <class Real>
LinearChain<Real>::LinearChain(int bars, int tags)
    : bars_(bars),
      tags_(tags),
      bar_(at(bars * tags)),
      links_(at(link_count(tags))),
      before_(bar_.size()),
      share_(at(bars * tags * tags)),
      now_(at(tags)),
      earlier_(at(tags)),
      dbar_(bar_.size()),
      dlinks_(links_.size()),
      come_from_(bar_.size()) {
  assert(bars >= 1 && tags >= 1);
}

template <class Real>
void LinearChain<Real>::take_scores(const Real* bar, const Real* links) {
  std::copy_n(bar, bar_.size(), bar_.begin());
  std::copy_n(links, links_.size(), links_.begin());
  std::fill(dbar_.begin(), dbar_.end(), 0.0);
  std::fill(dlinks_.begin(), dlinks_.end(), 0.0);
}

// From bar t - 1 to bar t. `tags` [T] or null: -1 where every tag is allowed.
template <class Real>
void LinearChain<Real>::step(int t, const int* tags) {
  const double* start = &links_[at(tags_ * tags_)];
  double* now = &before_[at(t * tags_)];
  for (int to = 0; to < tags_; ++to) {
    const bool allowed = tags == nullptr || tags[t] < 0 || tags[t] == to;
    now[to] = -kInfinity;
    if (!allowed) continue;
    now[to] = bar_[at(t * tags_ + to)];
    if (t == 0) {
      now[to] += start[to];
      continue;
    }
    double* share = &share_[at((t * tags_ + to) * tags_)];
    for (int from = 0; from < tags_; ++from) {
      share[from] = before_[at((t - 1) * tags_ + from)] + links_[at(from * tags_ + to)];
    }
    now[to] += normalise(share, tags_);
  }
}

// Over all sequences that agree with `tags` [T] (-1 or null: any): answers the logarithm of their
// sum and adds `sign` times the marginals to dbar_ and dlinks_.
template <class Real>
double LinearChain<Real>::sum_sequences(const int* tags, double sign) {
  const double* end = &links_[at(tags_ * tags_ + tags_)];
  for (int t = 0; t < bars_; ++t) step(t, tags);
  for (int i = 0; i < tags_; ++i) now_[at(i)] = before_[at((bars_ - 1) * tags_ + i)] + end[i];
  const double log_sum = normalise(now_.data(), tags_);
  spread(sign);
  return log_sum;
}

// Back from the last bar, whose probabilities are in now_.
template <class Real>
void LinearChain<Real>::spread(double sign) {
  double* dstart = &dlinks_[at(tags_ * tags_)];
  double* dend = dstart + tags_;
  for (int i = 0; i < tags_; ++i) dend[i] += sign * now_[at(i)];
  for (int t = bars_ - 1; t >= 0; --t) {
    for (int i = 0; i < tags_; ++i) dbar_[at(t * tags_ + i)] += sign * now_[at(i)];
    if (t == 0) break;
    std::fill(earlier_.begin(), earlier_.end(), 0.0);
    for (int to = 0; to < tags_; ++to) {
      if (now_[at(to)] == 0) continue;
      const double* share = &share_[at((t * tags_ + to) * tags_)];
      for (int from = 0; from < tags_; ++from) {
        const double p = now_[at(to)] * share[from];
        dlinks_[at(from * tags_ + to)] += sign * p;
        earlier_[at(from)] += p;
      }
    }
    std::swap(now_, earlier_);
  }
  for (int i = 0; i < tags_; ++i) dstart[i] += sign * now_[at(i)];
}

template <class Real>
double LinearChain<Real>::marginals(const Real* bar, const Real* links, Real* probability) {
  take_scores(bar, links);
  const double log_z = sum_sequences(nullptr, 1);
  for (size_t i = 0; i < dbar_.size(); ++i) {
    probability[i] = static_cast<Real>(dbar_[i] > 1 ? 1 : dbar_[i]);
  }
  return log_z;
}

template <class Real>
double LinearChain<Real>::loss(const Real* bar, const Real* links, const int* tags, Real weight,
                               Real* dbar, Real* dlinks) {
  take_scores(bar, links);
  const double log_z = sum_sequences(nullptr, 1);
  const double log_truth = sum_sequences(tags, -1);
  const double w = weight;
  for (size_t i = 0; i < dbar_.size(); ++i) dbar[i] += static_cast<Real>(w * dbar_[i]);
  for (size_t i = 0; i < dlinks_.size(); ++i) dlinks[i] += static_cast<Real>(w * dlinks_[i]);
  return log_z - log_truth;
}

template <class Real>
std::vector<int> LinearChain<Real>::best(const Real* bar, const Real* links) {
  take_scores(bar, links);
  const double* start = &links_[at(tags_ * tags_)];
  const double* end = start + tags_;
  for (int to = 0; to < tags_; ++to) before_[at(to)] = bar_[at(to)] + start[to];
  for (int t = 1; t < bars_; ++t) {
    for (int to = 0; to < tags_; ++to) {
      double highest = -kInfinity;
      int best = 0;
      for (int from = 0; from < tags_; ++from) {
        const double score = before_[at((t - 1) * tags_ + from)] + links_[at(from * tags_ + to)];
        if (score > highest) highest = score, best = from;
      }
      before_[at(t * tags_ + to)] = highest + bar_[at(t * tags_ + to)];
      come_from_[at(t * tags_ + to)] = best;
    }
  }
  std::vector<int> tags(at(bars_));
  double highest = -kInfinity;
  for (int i = 0; i < tags_; ++i) {
    const double score = before_[at((bars_ - 1) * tags_ + i)] + end[i];
    if (score > highest) highest = score, tags.back() = i;
  }
  for (int t = bars_ - 1; t > 0; --t) {
    tags[at(t - 1)] = come_from_[at(t * tags_ + tags[at(t)])];
  }
  return tags;
}

template class LinearChain<float>;
template class LinearChain<double>;

}  // namespace spanlab
