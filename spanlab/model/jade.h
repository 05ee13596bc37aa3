// Jade: a bidirectional LSTM encoder with four heads (type, pointers, span, countdown).
#pragma once

#include <array>
#include <optional>
#include <vector>

#include "spanlab/base/large_buffer.h"
#include "spanlab/base/parallel.h"
#include "spanlab/base/task.h"
#include "spanlab/model/bar_head_layer.h"
#include "spanlab/model/bilstm.h"
#include "spanlab/model/dropout_layer.h"
#include "spanlab/model/linear.h"
#include "spanlab/model/parameters.h"
#include "spanlab/model/span_scorer.h"

namespace spanlab {

inline constexpr int kTypeClasses = 3;  ///< logits of the type head; labels use the first two
inline constexpr int kPointers = 2;     ///< center, length

/// Sizes and dropout. The defaults are the compact Jade of the reported run.
struct JadeConfig {
  int window = 105;   ///< T, bars
  int features = 12;  ///< D
  int hidden = 96;    ///< H, units of each direction; a multiple of 16
  int layers = 1;
  int projection = 64;  ///< P, units between the mean over bars and the window heads
  double input_dropout = 0.3;
  double layer_dropout = 0.7;  ///< between LSTM layers
  double head_dropout = 0.6;
  std::optional<SpanStructure> structure = {};  ///< of the span head; none: every bar on its own
  int longest_span = 16;                        ///< bars, of a structured head

  SpanModelConfig span_model() const {
    return {structure.value_or(SpanStructure::semi_markov), window, longest_span};
  }
};

/// What the heads say of B windows of T bars; the same shapes hold gradients with respect to it.
/// With a structured span head the span task's gradient is that of span_scores and span_shared;
/// `span` follows from them and has none of its own.
template <class Real>
struct JadeOutput {
  std::vector<Real> logits;       ///< [B, 3]
  std::vector<Real> pointers;     ///< [B, 2] (center, length) in [0, 1]
  std::vector<Real> span;         ///< [B, T] probability to be inside a span
  std::vector<Real> countdown;    ///< [B, T]
  std::vector<Real> span_scores;  ///< [B, T, C] of a structured span head; else empty
  std::vector<Real> span_shared;  ///< [G] likewise

  void resize(int batch, const JadeConfig& config) {
    const auto b = static_cast<size_t>(batch);
    logits.resize(b * kTypeClasses);
    pointers.resize(b * kPointers);
    span.resize(b * static_cast<size_t>(config.window));
    countdown.resize(span.size());
    if (!config.structure) return;
    span_scores.resize(span.size() * static_cast<size_t>(config.span_model().columns()));
    span_shared.resize(static_cast<size_t>(config.span_model().shared_scores()));
  }
};

/// The layers and the way through them, forward and backward. Parameters live outside, in one block
/// that table() describes; the block also holds the four log_sigma_<task> of uncertainty weighting.
/// Real float runs the fast kernels, double the reference kernels.
template <class Real>
class Jade {
 public:
  explicit Jade(const JadeConfig& config);

  const JadeConfig& config() const { return config_; }
  const ParameterTable& table() const { return table_; }
  /// Offset of log_sigma_<task> in the block.
  size_t log_sigma(Task task) const { return log_sigma_[static_cast<size_t>(task)]; }

  /// Packs the weights of the block for forward(); to be called whenever they have changed.
  void prepare(ThreadPool& pool, const Real* block);

  /// `block`: the one last prepared. input [B, T, D]. With a dropout key this is a training pass,
  /// after which backward() may run. The output is valid until the next call.
  const JadeOutput<Real>& forward(ThreadPool& pool, const Real* block, int batch, const Real* input,
                                  const std::optional<DropoutKey>& dropout);

  /// The span head's probabilities alone, [B, T]: `span` of an evaluation pass, with the same bits.
  /// `block` and `input` as above; valid until the next call.
  const std::vector<Real>& spans(ThreadPool& pool, const Real* block, int batch, const Real* input);

  /// `d`: gradient of the loss with respect to the output of the last training pass. Adds to
  /// `gradient` [table().size()]. With Kept::left_whole another backward() may follow.
  void backward(ThreadPool& pool, const Real* block, const JadeOutput<Real>& d, Real* gradient,
                Kept kept = Kept::used_up);

  /// See BiLstm::saturation().
  std::array<GateSaturation, kGates> saturation(int layer, int direction) const {
    return layers_[static_cast<size_t>(layer)].saturation(direction);
  }

 private:
  void start_pass(int batch);
  void take_input(const Real* input, const std::optional<DropoutKey>& dropout);
  void encode(ThreadPool& pool, const std::optional<DropoutKey>& dropout);
  void span_forward(ThreadPool& pool, const Real* block, const std::optional<DropoutKey>& dropout);
  size_t place_of(int r) const;
  void window_heads_forward(const Real* block);
  void window_heads_backward(const Real* block, const JadeOutput<Real>& d, Real* gradient);

  JadeConfig config_;
  ParameterTable table_;
  std::vector<BiLstm<Real>> layers_;
  Linear<Real> projection_, classifier_, pointer_head_;
  std::optional<BarHead<Real>> span_head_;       // one of these two
  std::optional<SpanScorer<Real>> span_scorer_;  // of a structured model
  BarHead<Real> countdown_head_;
  DropoutLayer input_dropout_, classifier_dropout_, pointer_dropout_;
  std::vector<DropoutLayer> layer_dropouts_;
  std::array<size_t, kTaskCount> log_sigma_{};

  int batch_ = 0;
  JadeOutput<Real> out_;
  std::vector<std::vector<Real>> layer_inputs_;   // a layer each: [T, B, D or 2H]
  std::vector<Real> pooled_;                      // [B, 2H] mean over bars
  std::vector<Real> projected_;                   // [B, P] after ReLU
  std::vector<Real> classifier_in_, pointer_in_;  // [B, P] after dropout
  std::vector<Real> span_, countdown_;            // [T, B] heads' outputs, bar by bar
  std::vector<Real> dspan_, dcountdown_;          // [T, B] their gradients
  std::vector<Real> dpooled_;                     // [B, 2H]
  LargeBuffer<Real> dh_, dlower_;                 // [T, B, 2H]
  std::vector<Real> head_gradients_;              // [chunks, 2, 2H + 1]
};

extern template class Jade<float>;
extern template class Jade<double>;

}  // namespace spanlab
