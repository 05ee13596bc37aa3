// The encoder with a linear layer back to the features, for masked pre-training.
#pragma once

#include <vector>

#include "spanlab/base/large_buffer.h"
#include "spanlab/base/parallel.h"
#include "spanlab/model/bilstm.h"
#include "spanlab/model/linear.h"
#include "spanlab/model/parameters.h"

namespace spanlab {

/// Sizes of the encoder; those of Jade for its weights to fit there.
struct EncoderConfig {
  int window;    ///< T, bars
  int features;  ///< D
  int hidden;    ///< H, units of each direction; a multiple of 16
  int layers;
};

/// BiLSTM layers, named and ordered as Jade's and so with its initial values, below a linear layer
/// `reconstruction` from the 2H hidden states of each bar to D values. Without dropout: what is
/// masked takes its place. Values lie bar by bar, as in BiLstm.
template <class Real>
class Reconstruction {
 public:
  explicit Reconstruction(const EncoderConfig& config);

  /// The encoder's tensors (lstm.*) come first.
  const ParameterTable& table() const { return table_; }

  /// Packs the weights of the block for forward(); to be called whenever they have changed.
  void prepare(ThreadPool& pool, const Real* block);

  /// x [T, B, D]; the answer [T, B, D] is valid until the next call. Keeps what backward() needs
  /// only if `training`.
  const std::vector<Real>& forward(ThreadPool& pool, const Real* block, int batch, const Real* x,
                                   bool training);

  /// After forward(training) on the same x. dy [T, B, D]: gradient with respect to the answer. Adds
  /// to `gradient` [table().size()].
  void backward(ThreadPool& pool, const Real* block, const Real* x, const Real* dy, Real* gradient);

 private:
  EncoderConfig config_;
  ParameterTable table_;
  std::vector<BiLstm<Real>> layers_;
  Linear<Real> answer_;
  int batch_ = 0;
  std::vector<Real> out_;        // [T, B, D]
  LargeBuffer<Real> dh_, dlow_;  // [T, B, 2H]
};

extern template class Reconstruction<float>;
extern template class Reconstruction<double>;

}  // namespace spanlab
