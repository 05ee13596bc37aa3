// tanh and sigmoid of vectors. Included once per instruction set, after Highway.
#if defined(SPANLAB_KERNELS_ACTIVATIONS_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef SPANLAB_KERNELS_ACTIVATIONS_INL_H_
#undef SPANLAB_KERNELS_ACTIVATIONS_INL_H_
#else
#define SPANLAB_KERNELS_ACTIVATIONS_INL_H_
#endif

#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace spanlab::HWY_NAMESPACE {

/// tanh as x P(x^2) / Q(x^2), degrees 13 and 6, saturated from 7.9 on: 3e-7 relative.
/// Coefficients: Eigen, generic_fast_tanh_float.
template <class D, class V = hwy::HWY_NAMESPACE::Vec<D>>
HWY_INLINE V fast_tanh(D d, V x) {
  namespace hn = hwy::HWY_NAMESPACE;
  const V limit = hn::Set(d, 7.90531110763549805f);
  // x last: x86 returns the second operand where one is not a number, so such an x stays one.
  x = hn::Min(limit, hn::Max(hn::Neg(limit), x));
  const V s = hn::Mul(x, x);
  V p = hn::MulAdd(s, hn::Set(d, -2.76076847742355e-16f), hn::Set(d, 2.00018790482477e-13f));
  p = hn::MulAdd(s, p, hn::Set(d, -8.60467152213735e-11f));
  p = hn::MulAdd(s, p, hn::Set(d, 5.12229709037114e-08f));
  p = hn::MulAdd(s, p, hn::Set(d, 1.48572235717979e-05f));
  p = hn::MulAdd(s, p, hn::Set(d, 6.37261928875436e-04f));
  p = hn::MulAdd(s, p, hn::Set(d, 4.89352455891786e-03f));
  V q = hn::MulAdd(s, hn::Set(d, 1.19825839466702e-06f), hn::Set(d, 1.18534705686654e-04f));
  q = hn::MulAdd(s, q, hn::Set(d, 2.26843463243900e-03f));
  q = hn::MulAdd(s, q, hn::Set(d, 4.89352518554385e-03f));
  return hn::Div(hn::Mul(x, p), q);
}

/// 1 / (1 + exp(-x)) = (1 + tanh(x / 2)) / 2.
template <class D, class V = hwy::HWY_NAMESPACE::Vec<D>>
HWY_INLINE V fast_sigmoid(D d, V x) {
  namespace hn = hwy::HWY_NAMESPACE;
  const V half = hn::Set(d, 0.5f);
  return hn::MulAdd(half, fast_tanh(d, hn::Mul(half, x)), half);
}

}  // namespace spanlab::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
