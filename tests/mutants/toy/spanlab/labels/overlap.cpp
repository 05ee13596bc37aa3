// See overlap.h.
#include "spanlab/labels/overlap.h"

namespace {

constexpr double kOfNothing = 0.0;  // rewritten although it is a constant expression

template <int N>
int plus() {
  return N;
}

int max(int a, int b) {
  return a >= b ? a : b;
}

double ratio(double part, double all) {
  return part / all;
}

}  // namespace

int overlap(int a_first, int a_last, int b_first, int b_last) {
  const int first = max(a_first, b_first);
  const int last = -max(-a_last, -b_last);
  return last < first ? 0 : last - first + plus<1>();  // 1 must be constant: it does not compile
}

bool both(int a, int b, int least) {
  const bool filled = a > 0 && b > 0;
  const bool enough = a + b >= least;
  return filled && enough;
}

double share(int part, int all) {
  if (all == 0) return kOfNothing;
  return ratio(part, all);
}
