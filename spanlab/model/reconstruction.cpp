// The forward and backward pass of the reconstruction.
#include "spanlab/model/reconstruction.h"

#include <utility>

namespace spanlab {

template <class Real>
Reconstruction<Real>::Reconstruction(const EncoderConfig& config)
    : config_(config),
      layers_(stacked_layers<Real>(table_, config.layers, config.features, config.hidden,
                                   config.window)),
      answer_(table_, {}, "reconstruction", 2 * config.hidden, config.features) {}

template <class Real>
void Reconstruction<Real>::prepare(ThreadPool& pool, const Real* block) {
  for (BiLstm<Real>& layer : layers_) layer.prepare(pool, block);
  answer_.prepare(block);
}

template <class Real>
const std::vector<Real>& Reconstruction<Real>::forward(ThreadPool& pool, const Real* block,
                                                       int batch, const Real* x, bool training) {
  batch_ = batch;
  const int rows = config_.window * batch;
  out_.resize(static_cast<size_t>(rows) * static_cast<size_t>(config_.features));
  for (BiLstm<Real>& layer : layers_) {
    layer.forward(pool, batch, x, training);
    x = layer.output();
  }
  answer_.forward(block, rows, x, out_.data());
  return out_;
}

template <class Real>
void Reconstruction<Real>::backward(ThreadPool& pool, const Real* block, const Real* x,
                                    const Real* dy, Real* gradient) {
  const int rows = config_.window * batch_;
  const size_t values = static_cast<size_t>(rows) * 2 * static_cast<size_t>(config_.hidden);
  dh_.resize(values);
  answer_.backward(block, rows, layers_.back().output(), dy, gradient, dh_.data());
  for (size_t layer = layers_.size(); layer-- > 1;) {
    dlow_.resize(values);
    layers_[layer].backward(pool, block, layers_[layer - 1].output(), dh_.data(), gradient,
                            dlow_.data());
    std::swap(dh_, dlow_);
  }
  layers_[0].backward(pool, block, x, dh_.data(), gradient, nullptr);
}

template class Reconstruction<float>;
template class Reconstruction<double>;

}  // namespace spanlab
