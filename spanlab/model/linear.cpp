// A linear layer, forward and backward.
#include "spanlab/model/linear.h"

#include <algorithm>
#include <cmath>

#include "spanlab/kernels/gemm.h"

namespace spanlab {

template <class Real>
Linear<Real>::Linear(ParameterTable& table, const Role& role, const std::string& name, int in,
                     int out)
    : in_(in), out_(out), transposed_(static_cast<size_t>(in) * static_cast<size_t>(out)) {
  const double bound = 1 / std::sqrt(static_cast<double>(in));
  weight_ = table.add(role, name + ".weight", {out, in}, bound);
  bias_ = table.add(role, name + ".bias", {out}, bound);
}

template <class Real>
void Linear<Real>::prepare(const Real* block) {
  const Real* weight = block + weight_;
  for (int o = 0; o < out_; ++o) {
    for (int i = 0; i < in_; ++i) {
      transposed_[static_cast<size_t>(i * out_ + o)] = weight[o * in_ + i];
    }
  }
}

template <class Real>
void Linear<Real>::forward(const Real* block, int rows, const Real* x, Real* y) const {
  const Real* bias = block + bias_;
  for (int r = 0; r < rows; ++r) std::copy(bias, bias + out_, y + r * out_);
  gemm(rows, out_, in_, x, in_, 1, transposed_.data(), out_, y, out_, true);
}

template <class Real>
void Linear<Real>::backward(const Real* block, int rows, const Real* x, const Real* dy,
                            Real* gradient, Real* dx) const {
  const Real one = 1;
  gemm(out_, in_, rows, dy, 1, out_, x, in_, gradient + weight_, in_, true);
  gemm(1, out_, rows, &one, 0, 0, dy, out_, gradient + bias_, out_, true);
  gemm(rows, in_, out_, dy, out_, 1, block + weight_, in_, dx, in_, false);
}

template class Linear<float>;
template class Linear<double>;

}  // namespace spanlab
