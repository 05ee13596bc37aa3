// Sums over all sets of disjoint spans of a window, and each span's fraction of them: the
// recursions of crf/semi_markov.h on plain weights.
#pragma once

namespace spanlab {

/// R is a multiple of it: lanes of the widest vector.
inline constexpr int kSpanLanes = 8;

/// One window of T bars with spans of K kinds, of at most R bars. A span's slot is its first bar
/// modulo R, so that the spans that are open at a bar have R different slots.
struct SpanSums {
  int bars, kinds, slots;  ///< T, K, R
  const double* weight;    ///< [T, 3 K] factors of a span of kind k: column 3 k at every bar of it,
                           ///< 3 k + 1 at its first, 3 k + 2 at its last
  const double* ring;      ///< [2 R] factor of length d + 1 at (-d) mod R, and again R further on
  double* open;            ///< [K, R] scratch: sum over sets with a span that continues, by slot
  double* closed;          ///< [T, K, R] with one that ends at a bar, but for the end's factor, ...
  double* end;             ///< [K, T] ... their sum, ...
  double* scale;           ///< [K, T] ... and what makes shares of them
  double* stay;            ///< [T] share of the sets that end with no span at a bar
};

/// From the first bar to the last of first..last - 1: fills closed, end, scale and stay there.
/// Answers the logarithm of the sum over sets. The largest factors of the four sorts, or their
/// inverses, may come to e^150 together: then nothing overflows, and what becomes too small for a
/// number does not matter.
double sum_span_sets(const SpanSums& sums, int first, int last);

/// From the last bar to the first: multiplies the shares out. Adds nothing outside first..last - 1.
///   sign: 1, or -1 for minus the probabilities
///   end: becomes P(a span of the kind ends at the bar)
///   start [K, T] out: P(a span of the kind starts there)
///   lengths [2 R] or null: P(a span has the length) is added, in two parts, as in `ring`
void spread_span_sets(const SpanSums& sums, int first, int last, double sign, double* start,
                      double* lengths);

/// The largest magnitude of values [count]; not a number if one is not finite.
double largest_size(int count, const double* values);

/// values [count] become their exponentials, to 1 unit in the last place; of less than -700: 0.
/// None may be above 700 or not a number.
void exponentiate(int count, double* values);

}  // namespace spanlab
