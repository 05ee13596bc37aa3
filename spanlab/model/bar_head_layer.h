// A head with one output per bar: dropout, then a linear map of the bar's hidden states.
#pragma once

#include <string>
#include <vector>

#include "spanlab/base/parallel.h"
#include "spanlab/model/dropout_layer.h"
#include "spanlab/model/parameters.h"

namespace spanlab {

template <class Real>
class BarHead {
 public:
  /// Appends `name`.weight [1, width] and `name`.bias [1], uniform in +-1/sqrt(width).
  BarHead(ParameterTable& table, const Role& role, const std::string& name, int width, double drop,
          Purpose purpose);

  void draw(const std::optional<DropoutKey>& key, int rows) {
    dropout_.draw(key, static_cast<size_t>(rows) * static_cast<size_t>(width_));
  }

  /// x [rows, width], out [rows]: rows first .. last - 1 of them.
  void forward(const Real* block, int first, int last, const Real* x, Real* out) const;

  /// dout [rows]; adds to dx [rows, width] and to `gradient` [width + 1] = (weight, bias), the sums
  /// over rows first .. last - 1.
  void backward(const Real* block, int first, int last, const Real* x, const Real* dout, Real* dx,
                Real* gradient) const;

  /// Adds (weight, bias) [width + 1] to their places in the gradient block.
  void add_gradient(const Real* part, Real* gradient) const;

 private:
  int width_;
  size_t weight_, bias_;  // offsets in the block
  DropoutLayer dropout_;
};

extern template class BarHead<float>;
extern template class BarHead<double>;

}  // namespace spanlab
