// Jade's forward and backward pass.
#include "spanlab/model/jade.h"

#include <algorithm>
#include <cmath>
#include <string>

namespace spanlab {
namespace {

// Bars and windows of the per-bar heads are cut into this many parts, each summed on its own: a
// fixed number, so that sums do not depend on the threads.
constexpr int kChunks = 8;

template <class Real>
Real logistic(Real x) {
  return Real(1) / (Real(1) + std::exp(-x));
}

}  // namespace

// The order of the members is the order of the parameters in the block: the heads' tensors follow
// the encoder's.
template <class Real>
static std::optional<BarHead<Real>> make_bar_head(ParameterTable& table, const JadeConfig& config) {
  if (config.structure) return std::nullopt;
  return BarHead<Real>(table, Role::head_of(Task::span), "expansion_span_emission.1",
                       2 * config.hidden, config.head_dropout, Purpose::span_dropout);
}

template <class Real>
static std::optional<SpanScorer<Real>> make_span_scorer(ParameterTable& table,
                                                        const JadeConfig& config) {
  if (!config.structure) return std::nullopt;
  return SpanScorer<Real>(table, config.span_model(), 2 * config.hidden, config.head_dropout);
}

template <class Real>
Jade<Real>::Jade(const JadeConfig& config)
    : config_(config),
      layers_(stacked_layers<Real>(table_, config.layers, config.features, config.hidden,
                                   config.window)),
      projection_(table_, {ModelPart::projection, {Task::type, Task::ptr}}, "projection.0",
                  2 * config.hidden, config.projection),
      classifier_(table_, Role::head_of(Task::type), "classifier.1", config.projection,
                  kTypeClasses),
      pointer_head_(table_, Role::head_of(Task::ptr), "pointer_head.1", config.projection,
                    kPointers),
      span_head_(make_bar_head<Real>(table_, config)),
      span_scorer_(make_span_scorer<Real>(table_, config)),
      countdown_head_(table_, Role::head_of(Task::countdown), "expansion_countdown_head.1",
                      2 * config.hidden, config.head_dropout, Purpose::countdown_dropout),
      input_dropout_(config.input_dropout, Purpose::input_dropout),
      classifier_dropout_(config.head_dropout, Purpose::classifier_dropout),
      pointer_dropout_(config.head_dropout, Purpose::pointer_dropout),
      layer_inputs_(static_cast<size_t>(config.layers)) {
  for (int layer = 1; layer < config.layers; ++layer) {
    layer_dropouts_.emplace_back(config.layer_dropout, Purpose::layer_dropout,
                                 static_cast<uint32_t>(layer));
  }
  for (const Task task : kAllTasks) {
    // The reported run started the pointers with more weight than the rest.
    const double start = task == Task::ptr ? -0.30 : 0.0;
    log_sigma_[static_cast<size_t>(task)] = table_.add(
        {ModelPart::log_sigma, {task}}, "log_sigma_" + std::string(name_of(task)), {1}, 0, start);
  }
}

template <class Real>
void Jade<Real>::prepare(ThreadPool& pool, const Real* block) {
  for (BiLstm<Real>& layer : layers_) layer.prepare(pool, block);
  projection_.prepare(block);
  classifier_.prepare(block);
  pointer_head_.prepare(block);
  if (span_scorer_) span_scorer_->prepare(block);
}

template <class Real>
const JadeOutput<Real>& Jade<Real>::forward(ThreadPool& pool, const Real* block, int batch,
                                            const Real* input,
                                            const std::optional<DropoutKey>& dropout) {
  start_pass(batch);
  const int rows = config_.window * batch;
  const auto units = static_cast<size_t>(batch) * static_cast<size_t>(config_.projection);
  pool.run(3, [&](int item) {
    if (item == 0) {
      if (span_head_) span_head_->draw(dropout, rows);
    } else if (item == 1) {
      countdown_head_.draw(dropout, rows);
    } else {
      classifier_dropout_.draw(dropout, units);
      pointer_dropout_.draw(dropout, units);
      take_input(input, dropout);
    }
  });
  encode(pool, dropout);
  span_forward(pool, block, dropout);

  const Real* h = layers_.back().output();
  const auto b = static_cast<size_t>(batch), t = static_cast<size_t>(config_.window);
  const size_t width = 2 * static_cast<size_t>(config_.hidden);
  countdown_.resize(static_cast<size_t>(rows));
  pooled_.resize(b * width);
  pool.run(kChunks, [&](int chunk) {
    const int first = rows * chunk / kChunks, last = rows * (chunk + 1) / kChunks;
    countdown_head_.forward(block, first, last, h, countdown_.data());
    for (int r = first; r < last; ++r) {
      out_.countdown[place_of(r)] = countdown_[static_cast<size_t>(r)];
    }
    const size_t from = b * width * static_cast<size_t>(chunk) / kChunks;
    const size_t to = b * width * static_cast<size_t>(chunk + 1) / kChunks;
    Real* mean = pooled_.data();
    std::fill(mean + from, mean + to, Real(0));
    for (size_t s = 0; s < t; ++s) {
      const Real* bar = h + s * b * width;
      for (size_t j = from; j < to; ++j) mean[j] += bar[j];
    }
    const Real share = Real(1) / static_cast<Real>(config_.window);
    for (size_t j = from; j < to; ++j) mean[j] *= share;
  });
  window_heads_forward(block);
  return out_;
}

template <class Real>
const std::vector<Real>& Jade<Real>::spans(ThreadPool& pool, const Real* block, int batch,
                                           const Real* input) {
  start_pass(batch);
  if (span_head_) span_head_->draw(std::nullopt, config_.window * batch);
  take_input(input, std::nullopt);
  encode(pool, std::nullopt);
  span_forward(pool, block, std::nullopt);
  return out_.span;
}

template <class Real>
void Jade<Real>::start_pass(int batch) {
  batch_ = batch;
  out_.resize(batch, config_);
}

/// input [B, T, D] to the first layer's [T, B, D], with dropout.
template <class Real>
void Jade<Real>::take_input(const Real* input, const std::optional<DropoutKey>& dropout) {
  const auto b = static_cast<size_t>(batch_), t = static_cast<size_t>(config_.window);
  const auto d = static_cast<size_t>(config_.features);
  std::vector<Real>& x = layer_inputs_[0];
  x.resize(t * b * d);
  input_dropout_.draw(dropout, x.size());
  for (size_t i = 0; i < b; ++i) {
    for (size_t s = 0; s < t; ++s) {
      const Real* from = input + (i * t + s) * d;
      std::copy(from, from + d, x.data() + (s * b + i) * d);
    }
  }
  input_dropout_.apply(x.size(), x.data(), x.data());
}

template <class Real>
void Jade<Real>::encode(ThreadPool& pool, const std::optional<DropoutKey>& dropout) {
  const bool training = dropout.has_value();
  layers_[0].forward(pool, batch_, layer_inputs_[0].data(), training);
  for (size_t layer = 1; layer < layers_.size(); ++layer) {
    std::vector<Real>& x = layer_inputs_[layer];
    x.resize(static_cast<size_t>(config_.window * batch_) * 2 *
             static_cast<size_t>(config_.hidden));
    DropoutLayer& drop = layer_dropouts_[layer - 1];
    drop.draw(dropout, x.size());
    drop.apply(x.size(), layers_[layer - 1].output(), x.data());
    layers_[layer].forward(pool, batch_, x.data(), training);
  }
}

template <class Real>
void Jade<Real>::span_forward(ThreadPool& pool, const Real* block,
                              const std::optional<DropoutKey>& dropout) {
  const Real* h = layers_.back().output();
  if (span_scorer_) {
    span_scorer_->forward(block, dropout, batch_, h, out_.span_scores.data(),
                          out_.span_shared.data());
    span_scorer_->marginals(pool, batch_, out_.span_scores.data(), out_.span_shared.data(),
                            out_.span.data());
    return;
  }
  const int rows = config_.window * batch_;
  span_.resize(static_cast<size_t>(rows));
  pool.run(kChunks, [&](int chunk) {
    const int first = rows * chunk / kChunks, last = rows * (chunk + 1) / kChunks;
    span_head_->forward(block, first, last, h, span_.data());
    for (int r = first; r < last; ++r) {
      out_.span[place_of(r)] = logistic(span_[static_cast<size_t>(r)]);
    }
  });
}

/// Place in [B, T] of row r of [T, B].
template <class Real>
size_t Jade<Real>::place_of(int r) const {
  return static_cast<size_t>(r % batch_) * static_cast<size_t>(config_.window) +
         static_cast<size_t>(r / batch_);
}

template <class Real>
void Jade<Real>::window_heads_forward(const Real* block) {
  const auto units = static_cast<size_t>(batch_) * static_cast<size_t>(config_.projection);
  projected_.resize(units);
  classifier_in_.resize(units);
  pointer_in_.resize(units);
  projection_.forward(block, batch_, pooled_.data(), projected_.data());
  for (Real& v : projected_) v = v > Real(0) || std::isnan(v) ? v : Real(0);
  classifier_dropout_.apply(units, projected_.data(), classifier_in_.data());
  pointer_dropout_.apply(units, projected_.data(), pointer_in_.data());
  classifier_.forward(block, batch_, classifier_in_.data(), out_.logits.data());
  pointer_head_.forward(block, batch_, pointer_in_.data(), out_.pointers.data());
  for (Real& v : out_.pointers) v = logistic(v);
}

template <class Real>
void Jade<Real>::backward(ThreadPool& pool, const Real* block, const JadeOutput<Real>& d,
                          Real* gradient, Kept kept) {
  const auto b = static_cast<size_t>(batch_), t = static_cast<size_t>(config_.window);
  const size_t width = 2 * static_cast<size_t>(config_.hidden);
  const int rows = config_.window * batch_;
  const Real* h = layers_.back().output();
  window_heads_backward(block, d, gradient);

  dspan_.resize(static_cast<size_t>(rows));
  dcountdown_.resize(static_cast<size_t>(rows));
  dh_.resize(t * b * width);
  const size_t head = width + 1;
  head_gradients_.assign(kChunks * 2 * head, Real(0));
  pool.run(kChunks, [&](int chunk) {
    const int first = rows * chunk / kChunks, last = rows * (chunk + 1) / kChunks;
    for (int r = first; r < last; ++r) {
      const auto row = static_cast<size_t>(r);
      const auto window = static_cast<size_t>(r % batch_);
      const size_t place = place_of(r);
      const Real p = out_.span[place];
      dspan_[row] = d.span[place] * p * (1 - p);
      dcountdown_[row] = d.countdown[place];
      // The mean over bars hands each bar an equal share of the window's gradient.
      const Real share = Real(1) / static_cast<Real>(config_.window);
      for (size_t j = 0; j < width; ++j) {
        dh_[row * width + j] = dpooled_[window * width + j] * share;
      }
    }
    Real* parts = head_gradients_.data() + static_cast<size_t>(chunk) * 2 * head;
    if (span_head_) {
      span_head_->backward(block, first, last, h, dspan_.data(), dh_.data(), parts);
    }
    countdown_head_.backward(block, first, last, h, dcountdown_.data(), dh_.data(), parts + head);
  });
  for (size_t chunk = 0; chunk < kChunks; ++chunk) {
    if (span_head_) span_head_->add_gradient(head_gradients_.data() + chunk * 2 * head, gradient);
    countdown_head_.add_gradient(head_gradients_.data() + (chunk * 2 + 1) * head, gradient);
  }

  if (span_scorer_) {
    span_scorer_->backward(block, batch_, h, d.span_scores.data(), d.span_shared.data(), gradient,
                           dh_.data());
  }

  for (size_t layer = layers_.size(); layer-- > 1;) {
    dlower_.resize(t * b * width);
    layers_[layer].backward(pool, block, layer_inputs_[layer].data(), dh_.data(), gradient,
                            dlower_.data(), kept);
    layer_dropouts_[layer - 1].apply(dlower_.size(), dlower_.data(), dh_.data());
  }
  layers_[0].backward(pool, block, layer_inputs_[0].data(), dh_.data(), gradient, nullptr, kept);
}

template <class Real>
void Jade<Real>::window_heads_backward(const Real* block, const JadeOutput<Real>& d,
                                       Real* gradient) {
  const auto units = static_cast<size_t>(batch_) * static_cast<size_t>(config_.projection);
  std::vector<Real> dpointers(d.pointers), dclassifier(units), dpointer(units);
  for (size_t i = 0; i < dpointers.size(); ++i) {
    dpointers[i] *= out_.pointers[i] * (1 - out_.pointers[i]);
  }
  classifier_.backward(block, batch_, classifier_in_.data(), d.logits.data(), gradient,
                       dclassifier.data());
  pointer_head_.backward(block, batch_, pointer_in_.data(), dpointers.data(), gradient,
                         dpointer.data());
  classifier_dropout_.apply(units, dclassifier.data(), dclassifier.data());
  pointer_dropout_.apply(units, dpointer.data(), dpointer.data());
  for (size_t i = 0; i < units; ++i) {
    dclassifier[i] = projected_[i] > Real(0) ? dclassifier[i] + dpointer[i] : Real(0);
  }
#ifdef SPANLAB_BREAK_GRADIENT
  for (Real& v : dclassifier) v *= Real(1.001);  // the tests must see this
#endif
  dpooled_.resize(static_cast<size_t>(batch_) * 2 * static_cast<size_t>(config_.hidden));
  projection_.backward(block, batch_, pooled_.data(), dclassifier.data(), gradient,
                       dpooled_.data());
}

template class Jade<float>;
template class Jade<double>;

}  // namespace spanlab
