// A linear-chain CRF, one tag per bar: partition function, marginals, likelihood, best sequence.
#pragma once

#include <vector>

namespace spanlab {

/// A linear-chain random field (Lafferty, McCallum and Pereira, "Conditional random fields", ICML
/// 2001) over the tags of a window of T bars; tag 0 is "outside", the others are kinds of span.
///   bar [T, N]: score of each of N tags at each bar
///   links [N N + 2 N]: transition [from, to], then start [N], then end [N]
/// A sequence scores its tags, the transitions between neighbours, `start` of the first tag and
/// `end` of the last. Scores of any size are fine, minus infinity forbids. One object serves one
/// thread; it allocates nothing after construction, but for the answer of best().
template <class Real>
class LinearChain {
 public:
  /// T and N, each at least 1.
  LinearChain(int bars, int tags);

  static int link_count(int tags) { return tags * (tags + 2); }

  /// Answers log Z. probability [T, N] out: of each tag at each bar.
  double marginals(const Real* bar, const Real* links, Real* probability);

  /// Answers -log P(tags), and adds weight times its gradient to dbar [T, N], dlinks [N N + 2 N].
  ///   tags [T]: -1 where unknown; those bars are summed over
  double loss(const Real* bar, const Real* links, const int* tags, Real weight, Real* dbar,
              Real* dlinks);

  /// The sequence [T] of highest score; of equal ones that with the lowest tags, from the end.
  std::vector<int> best(const Real* bar, const Real* links);

 private:
  void take_scores(const Real* bar, const Real* links);
  double sum_sequences(const int* tags, double sign);
  void step(int t, const int* tags);
  void spread(double sign);

  int bars_, tags_;
  std::vector<double> bar_, links_;    // as above
  std::vector<double> before_;         // [T, N] log of the sum over sequences that end with a tag
  std::vector<double> share_;          // [T, to, from] P(tag before | tag, and no later bar)
  std::vector<double> now_, earlier_;  // [N] P(tag) at a bar and at the one before
  std::vector<double> dbar_, dlinks_;  // d log Z, less the truth's
  std::vector<int> come_from_;         // [T, N] tag before, on the best sequence
};

}  // namespace spanlab
