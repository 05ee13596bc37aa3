// A linear layer, y = x W^T + b.
#pragma once

#include <string>
#include <vector>

#include "spanlab/model/parameters.h"

namespace spanlab {

template <class Real>
class Linear {
 public:
  /// Appends `name`.weight [out, in] and `name`.bias [out], uniform in +-1/sqrt(in).
  Linear(ParameterTable& table, const Role& role, const std::string& name, int in, int out);

  /// Transposes the weights of the block for forward(); to be called whenever they have changed.
  void prepare(const Real* block);

  /// x [rows, in], y [rows, out].
  void forward(const Real* block, int rows, const Real* x, Real* y) const;

  /// dy [rows, out]; adds to the gradient block; writes dx [rows, in].
  void backward(const Real* block, int rows, const Real* x, const Real* dy, Real* gradient,
                Real* dx) const;

 private:
  int in_, out_;
  size_t weight_, bias_;          // offsets in the block
  std::vector<Real> transposed_;  // [in, out]
};

extern template class Linear<float>;
extern template class Linear<double>;

}  // namespace spanlab
