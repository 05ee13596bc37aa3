// The recursions on vectors of slots, compiled once per instruction set. Slots keep their place
// from bar to bar, so that a bar loads whole vectors that the bar before has stored.
#include "spanlab/kernels/span_sums.h"

#include <algorithm>
#include <cmath>

#include "spanlab/kernels/reference.h"
#include "spanlab/kernels/targets-inl.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "spanlab/kernels/span_sums.cpp"
#include <hwy/foreach_target.h>
// After foreach_target.h: the same functions are compiled once a target.
#include <hwy/contrib/math/math-inl.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace spanlab::HWY_NAMESPACE {

#if HWY_TARGET == HWY_SCALAR || HWY_TARGET == HWY_EMU128

double sum_kernel(const SpanSums& s, int first, int last) {
  return reference::sum_span_sets(s, first, last);
}

void spread_kernel(const SpanSums& s, int first, int last, double sign, double* start,
                   double* lengths) {
  reference::spread_span_sets(s, first, last, sign, start, lengths);
}

double largest_kernel(int count, const double* values) {
  return reference::largest_size(count, values);
}

void exponentiate_kernel(int count, double* values) {
  reference::exponentiate(count, values);
}

#else

namespace hn = hwy::HWY_NAMESPACE;
using Tag = hn::CappedTag<double, kSpanLanes>;
using Vec = hn::Vec<Tag>;

/// Whether a lane of the vector that begins with slot j is `slot`.
HWY_INLINE hn::Mask<Tag> is_slot(Tag d, int j, int slot) {
  return hn::Eq(hn::Iota(d, static_cast<double>(j)), hn::Set(d, static_cast<double>(slot)));
}

// The chain from bar to bar is short: the spans that continue are multiplied and summed next to it,
// the one that begins joins at the end, and the sums are scaled only when they have grown large.
double sum_kernel(const SpanSums& s, int first, int last) {
  constexpr double kLarge = 0x1p330;  // times e^150 and what a bar adds it is still a number
  const Tag d;
  const int lanes = static_cast<int>(hn::Lanes(d));
  for (int j = 0; j < s.kinds * s.slots; ++j) s.open[j] = 0;
  double sum = 1, log_sum = 0;  // over the sets up to a bar, and what was divided out of it
  int slot = first % s.slots;
  for (int t = first; t < last; ++t) {
    const double* length = s.ring + (slot == 0 ? 0 : s.slots - slot);
    double total = sum;
    for (int k = 0; k < s.kinds; ++k) {
      const double* weight = s.weight + (t * s.kinds + k) * 3;
      double* open = s.open + k * s.slots;
      double* closed = s.closed + (t * s.kinds + k) * s.slots;
      const Vec factor = hn::Set(d, weight[0]);
      const double begun = sum * (weight[0] * weight[1]);
      const Vec fresh = hn::Set(d, begun);
      Vec ending = hn::Zero(d);
      for (int j = 0; j < s.slots; j += lanes) {
        const auto begins = is_slot(d, j, slot);
        const Vec span_length = hn::LoadU(d, length + j);
        const auto fits = hn::Gt(span_length, hn::Zero(d));
        const Vec grown = hn::Mul(hn::LoadU(d, open + j), factor);
        const Vec old = hn::IfThenElseZero(hn::AndNot(begins, fits), grown);
        const Vec now = hn::IfThenElse(begins, fresh, old);
        ending = hn::MulAdd(old, span_length, ending);
        hn::StoreU(now, d, open + j);
        hn::StoreU(hn::Mul(now, span_length), d, closed + j);
      }
      const double end = hn::GetLane(hn::SumOfLanes(d, ending)) + begun * length[slot];
      s.end[k * s.bars + t] = end;
      total += weight[2] * end;
    }
    const double share = 1 / total;
    s.stay[t] = sum * share;
    for (int k = 0; k < s.kinds; ++k) {
      s.scale[k * s.bars + t] = s.weight[(t * s.kinds + k) * 3 + 2] * share;
    }
    sum = total;
    if (!(sum < kLarge)) {
      log_sum += std::log(sum);
      for (int j = 0; j < s.kinds * s.slots; ++j) s.open[j] /= sum;
      sum = 1;
    }
    slot = slot + 1 == s.slots ? 0 : slot + 1;
  }
  return log_sum + std::log(sum);
}

void spread_kernel(const SpanSums& s, int first, int last, double sign, double* start,
                   double* lengths) {
  const Tag d;
  const int lanes = static_cast<int>(hn::Lanes(d));
  for (int j = 0; j < s.kinds * s.slots; ++j) s.open[j] = 0;
  int told = last % s.slots;  // slot of the bar after it, whose start is known
  double cut = sign;          // probability that no span crosses the edge after bar t
  for (int t = last - 1; t >= first; --t) {
    const int slot = told == 0 ? s.slots - 1 : told - 1;
    const int offset = slot == 0 ? 0 : s.slots - slot;
    double next = cut * s.stay[t];
    for (int k = 0; k < s.kinds; ++k) {
      const double* closed = s.closed + (t * s.kinds + k) * s.slots;
      double* starts = s.open + k * s.slots;
      const double share = cut * s.scale[k * s.bars + t];
      const Vec factor = hn::Set(d, share);
      for (int j = 0; j < s.slots; j += lanes) {
        const Vec before = hn::IfThenZeroElse(is_slot(d, j, told), hn::LoadU(d, starts + j));
        hn::StoreU(hn::MulAdd(factor, hn::LoadU(d, closed + j), before), d, starts + j);
      }
      for (int j = 0; lengths != nullptr && j < s.slots; j += lanes) {
        double* to = lengths + offset + j;
        hn::StoreU(hn::MulAdd(factor, hn::LoadU(d, closed + j), hn::LoadU(d, to)), d, to);
      }
      start[k * s.bars + t] = starts[slot];
      next += starts[slot];
      s.end[k * s.bars + t] *= share;
    }
    cut = next;
    told = slot;
  }
}

double largest_kernel(int count, const double* values) {
  const Tag d;
  const int lanes = static_cast<int>(hn::Lanes(d));
  const int whole = count - count % lanes;
  Vec largest = hn::Zero(d), poison = hn::Zero(d);
  for (int i = 0; i < whole; i += lanes) {
    const Vec x = hn::LoadU(d, values + i);
    largest = hn::Max(largest, hn::Abs(x));
    poison = hn::MulAdd(x, hn::Zero(d), poison);
  }
  const double rest = reference::largest_size(count - whole, values + whole);
  return std::max(hn::GetLane(hn::MaxOfLanes(d, largest)), rest) + rest * 0 +
         hn::GetLane(hn::SumOfLanes(d, poison));
}

void exponentiate_kernel(int count, double* values) {
  const Tag d;
  const int lanes = static_cast<int>(hn::Lanes(d));
  const int whole = count - count % lanes;
  for (int i = 0; i < whole; i += lanes) {
    const Vec x = hn::LoadU(d, values + i);
    const Vec e = hn::Exp(d, x);
    hn::StoreU(hn::IfThenZeroElse(hn::Lt(x, hn::Set(d, -700.0)), e), d, values + i);
  }
  reference::exponentiate(count - whole, values + whole);
}

#endif

}  // namespace spanlab::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace spanlab {

HWY_EXPORT(sum_kernel);
HWY_EXPORT(spread_kernel);
HWY_EXPORT(largest_kernel);
HWY_EXPORT(exponentiate_kernel);

double sum_span_sets(const SpanSums& sums, int first, int last) {
  return HWY_DYNAMIC_DISPATCH(sum_kernel)(sums, first, last);
}

void spread_span_sets(const SpanSums& sums, int first, int last, double sign, double* start,
                      double* lengths) {
  HWY_DYNAMIC_DISPATCH(spread_kernel)(sums, first, last, sign, start, lengths);
}

double largest_size(int count, const double* values) {
  return HWY_DYNAMIC_DISPATCH(largest_kernel)(count, values);
}

void exponentiate(int count, double* values) {
  HWY_DYNAMIC_DISPATCH(exponentiate_kernel)(count, values);
}

}  // namespace spanlab
#endif  // HWY_ONCE
