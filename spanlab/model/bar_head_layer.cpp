// The per-bar head, forward and backward.
#include "spanlab/model/bar_head_layer.h"

#include <cmath>

#include "spanlab/kernels/bar_head.h"

namespace spanlab {

template <class Real>
BarHead<Real>::BarHead(ParameterTable& table, const Role& role, const std::string& name, int width,
                       double drop, Purpose purpose)
    : width_(width), dropout_(drop, purpose) {
  const double bound = 1 / std::sqrt(static_cast<double>(width));
  weight_ = table.add(role, name + ".weight", {1, width}, bound);
  bias_ = table.add(role, name + ".bias", {1}, bound);
}

template <class Real>
void BarHead<Real>::forward(const Real* block, int first, int last, const Real* x,
                            Real* out) const {
  const ptrdiff_t start = static_cast<ptrdiff_t>(first) * width_;
  const uint8_t* keep = dropout_.keep();
  bar_head_forward(last - first, width_, x + start, keep != nullptr ? keep + start : nullptr,
                   static_cast<Real>(dropout_.scale()), block + weight_, block[bias_], out + first);
}

template <class Real>
void BarHead<Real>::backward(const Real* block, int first, int last, const Real* x,
                             const Real* dout, Real* dx, Real* gradient) const {
  const ptrdiff_t start = static_cast<ptrdiff_t>(first) * width_;
  const uint8_t* keep = dropout_.keep();
  bar_head_backward(last - first, width_, x + start, keep != nullptr ? keep + start : nullptr,
                    static_cast<Real>(dropout_.scale()), block + weight_, dout + first, dx + start,
                    gradient);
  Real sum = 0;
  for (int r = first; r < last; ++r) sum += dout[r];
  gradient[width_] += sum;
}

template <class Real>
void BarHead<Real>::add_gradient(const Real* part, Real* gradient) const {
  for (int j = 0; j < width_; ++j) gradient[weight_ + static_cast<size_t>(j)] += part[j];
  gradient[bias_] += part[width_];
}

template class BarHead<float>;
template class BarHead<double>;

}  // namespace spanlab
