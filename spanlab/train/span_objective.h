// The span task's loss as configured: targets of a batch, and their loss.
#pragma once

#include <span>
#include <vector>

#include "spanlab/base/parallel.h"
#include "spanlab/loss/loss_config.h"
#include "spanlab/loss/structured_span_loss.h"
#include "spanlab/model/jade.h"
#include "spanlab/train/window_view.h"
#include "spanlab/windows/dataset.h"

namespace spanlab {

/// Bars around a labelled span that are known to lie outside, if a window's other bars are not.
inline constexpr int kKnownMargin = 5;

class SpanObjective {
 public:
  /// `dataset` must outlive this.
  SpanObjective(const LossConfig& config, const JadeConfig& model, const Dataset& dataset);

  /// The targets of a batch. `views` [windows]: how each is seen. Nothing is known of bars that a
  /// window that was moved sees beyond its own.
  void gather(std::span<const int> windows, std::span<const WindowView> views);

  /// Loss of the gathered batch; writes its gradient with respect to the span head's output.
  double operator()(ThreadPool& pool, const JadeOutput<float>& out, JadeOutput<float>& d);

 private:
  /// The known spans of a window, cut to what is seen.
  std::vector<KindSpan> seen_spans(size_t window, const WindowView& view) const;
  void write_mask(size_t window, int shift, std::span<const KindSpan> seen, float* mask) const;
  /// `unknown` [T], all 0 before.
  void write_unknown(size_t window, int shift, uint8_t* unknown) const;
  double of_bars(const JadeOutput<float>& out, JadeOutput<float>& d);
  double bar_loss(int64_t bars, const float* p, const float* y, const uint8_t* unknown,
                  float* gradient);

  LossConfig config_;
  const Dataset& dataset_;
  bool structured_;
  StructuredSpanLoss structured_loss_;
  int batch_ = 0;
  StructuredTargets targets_;
  std::vector<float> mask_;             // [B, T] smoothed if that is asked for
  std::vector<uint8_t> complete_;       // [B]
  std::vector<uint8_t> known_;          // [bars] of bar_loss()
  std::vector<float> second_gradient_;  // [bars] likewise
};

}  // namespace spanlab
