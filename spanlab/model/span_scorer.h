// The span head of a structured model: scores of every bar, and scores that all bars share.
#pragma once

#include <vector>

#include "spanlab/base/parallel.h"
#include "spanlab/crf/span_model.h"
#include "spanlab/model/dropout_layer.h"
#include "spanlab/model/linear.h"
#include "spanlab/model/parameters.h"

namespace spanlab {

/// Dropout, then a linear map of each bar's hidden states to the C scores of a bar.
/// The scores that all bars share: a model with a structured span head has them.
inline constexpr const char* kSharedScores = "expansion_span_shared";

template <class Real>
class SpanScorer {
 public:
  /// Appends expansion_span_emission.1.weight [C, width] and .bias [C], uniform in
  /// +-1/sqrt(width), and expansion_span_shared [G], which starts at 0, or at kLengthStart where
  /// it scores lengths: a window then holds few spans before anything is learned.
  SpanScorer(ParameterTable& table, const SpanModelConfig& config, int width, double drop);

  const SpanModelConfig& config() const { return config_; }

  /// To be called whenever the weights have changed.
  void prepare(const Real* block) { linear_.prepare(block); }

  /// h [T, B, width]; scores [B, T, C]; shared [G]: a copy of the parameters.
  void forward(const Real* block, const std::optional<DropoutKey>& dropout, int batch,
               const Real* h, Real* scores, Real* shared);

  /// After forward() on the same h: dscores [B, T, C], dshared [G]. Adds to dh [T, B, width] and to
  /// the gradient block.
  void backward(const Real* block, int batch, const Real* h, const Real* dscores,
                const Real* dshared, Real* gradient, Real* dh);

  /// P(bar lies in a span), inside [B, T], of scores as forward() gives them.
  void marginals(ThreadPool& pool, int batch, const Real* scores, const Real* shared, Real* inside);

  static constexpr double kLengthStart = -3;

 private:
  SpanModelConfig config_;
  int width_;
  size_t shared_ = 0;  // offset in the block
  Linear<Real> linear_;
  DropoutLayer dropout_;
  std::vector<SpanModel<Real>> models_;  // one a part of the batch
  std::vector<Real> dropped_;            // [T, B, width] h after dropout
  std::vector<Real> by_bar_;             // [T, B, C]
  std::vector<Real> dh_;                 // [T, B, width]
};

extern template class SpanScorer<float>;
extern template class SpanScorer<double>;

}  // namespace spanlab
