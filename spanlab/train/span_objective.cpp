// Prepares the labels of windows for the span task's loss.
#include "spanlab/train/span_objective.h"

#include <algorithm>

#include "spanlab/loss/binary_cross_entropy.h"
#include "spanlab/loss/focal.h"
#include "spanlab/loss/pu_risk.h"
#include "spanlab/loss/smooth_boundary.h"
#include "spanlab/loss/tversky.h"

namespace spanlab {
namespace {

int kind_of(Direction direction, bool mirrored) {
  return (direction == Direction::up) == mirrored ? 1 : 0;
}

/// Marks the bars of a window [T] that lie neither in a labelled span nor close to one.
void mark_unlabelled(const std::vector<DirectedSpan>& spans, int length, uint8_t* unknown) {
  std::fill_n(unknown, length, uint8_t{1});
  for (const DirectedSpan& span : spans) {
    const int first = std::max(span.start - kKnownMargin, 0);
    const int last = std::min(span.end + kKnownMargin, length - 1);
    std::fill(unknown + first, unknown + last + 1, uint8_t{0});
  }
}

/// Whether the span reaches the side of its window beyond which a window moved by `shift` sees: it
/// may continue there.
bool is_open(const DirectedSpan& span, int length, int shift) {
  return (shift > 0 && span.end == length - 1) || (shift < 0 && span.start == 0);
}

/// values [T] moved to earlier places by `shift`; `beyond` where that leaves none.
template <class T>
void move_values(T* values, int length, int shift, T beyond) {
  if (shift >= 0) {
    std::copy(values + shift, values + length, values);
    std::fill(values + (length - shift), values + length, beyond);
  } else {
    std::copy_backward(values, values + (length + shift), values + length);
    std::fill(values, values - shift, beyond);
  }
}

}  // namespace

SpanObjective::SpanObjective(const LossConfig& config, const JadeConfig& model,
                             const Dataset& dataset)
    : config_(config),
      dataset_(dataset),
      structured_(model.structure.has_value()),
      structured_loss_(model.span_model(), {config.boundary_mass, config.boundary_radius}) {}

void SpanObjective::gather(std::span<const int> windows, std::span<const WindowView> views) {
  const auto length = static_cast<size_t>(dataset_.length);
  batch_ = static_cast<int>(windows.size());
  mask_.resize(windows.size() * length);
  complete_.clear();
  targets_.spans.assign(windows.size(), {});
  const bool some_unknown =
      config_.unlabelled == Unlabelled::ignored ||
      std::any_of(views.begin(), views.end(), [](const auto& view) { return view.shift != 0; });
  targets_.unknown.assign(some_unknown ? windows.size() * length : 0, 0);
  for (size_t i = 0; i < windows.size(); ++i) {
    const auto window = static_cast<size_t>(windows[i]);
    complete_.push_back(dataset_.complete[window]);
    targets_.spans[i] = seen_spans(window, views[i]);
    write_mask(window, views[i].shift, targets_.spans[i], mask_.data() + i * length);
    if (some_unknown) {
      write_unknown(window, views[i].shift, targets_.unknown.data() + i * length);
    }
  }
}

std::vector<KindSpan> SpanObjective::seen_spans(size_t window, const WindowView& view) const {
  const int length = dataset_.length;
  std::vector<KindSpan> seen;
  for (const DirectedSpan& span : dataset_.spans[window]) {
    const int start = std::max(span.start - view.shift, 0);
    const int end = std::min(span.end - view.shift, length - 1);
    if (start > end || is_open(span, length, view.shift)) continue;
    seen.push_back({start, end, kind_of(span.direction, view.mirrored)});
  }
  return seen;
}

void SpanObjective::write_mask(size_t window, int shift, std::span<const KindSpan> seen,
                               float* mask) const {
  const int length = dataset_.length;
  const BoundarySmoothing smoothing{config_.boundary_mass, config_.boundary_radius};
  if (smoothing.mass > 0) {
    smooth_targets(seen, smoothing, length, length, mask);
    return;
  }
  std::copy_n(dataset_.mask.data() + window * static_cast<size_t>(length), length, mask);
  move_values(mask, length, shift, 0.0f);
}

void SpanObjective::write_unknown(size_t window, int shift, uint8_t* unknown) const {
  const std::vector<DirectedSpan>& spans = dataset_.spans[window];
  const int length = dataset_.length;
  if (config_.unlabelled == Unlabelled::ignored && dataset_.complete[window] == 0) {
    mark_unlabelled(spans, length, unknown);
  }
  for (const DirectedSpan& span : spans) {
    if (is_open(span, length, shift)) std::fill(unknown + span.start, unknown + span.end + 1, 1);
  }
  move_values(unknown, length, shift, uint8_t{1});
}

double SpanObjective::operator()(ThreadPool& pool, const JadeOutput<float>& out,
                                 JadeOutput<float>& d) {
  if (!structured_) return of_bars(out, d);
  return structured_loss_(pool, batch_, out.span_scores.data(), out.span_shared.data(), targets_,
                          d.span_scores.data(), d.span_shared.data());
}

double SpanObjective::of_bars(const JadeOutput<float>& out, JadeOutput<float>& d) {
  const auto bars = static_cast<int64_t>(mask_.size());
  if (config_.unlabelled != Unlabelled::positive_unlabelled) {
    return bar_loss(bars, out.span.data(), mask_.data(),
                    targets_.unknown.empty() ? nullptr : targets_.unknown.data(), d.span.data());
  }
  // Windows whose labels are not complete bear the other risk; a mean over all windows.
  double sum = 0;
  const int64_t length = dataset_.length;
  for (int64_t i = 0; i < batch_; ++i) {
    const float *p = out.span.data() + i * length, *y = mask_.data() + i * length;
    float* gradient = d.span.data() + i * length;
    sum += complete_[static_cast<size_t>(i)] != 0
               ? bar_loss(length, p, y, nullptr, gradient)
               : pu_risk(length, p, y, config_.span_prior, gradient);
    for (int64_t t = 0; t < length; ++t) gradient[t] /= static_cast<float>(batch_);
  }
  return sum / std::max(batch_, 1);
}

/// unknown [bars] or null: 1 where a bar does not count.
double SpanObjective::bar_loss(int64_t bars, const float* p, const float* y, const uint8_t* unknown,
                               float* gradient) {
  const double weight = config_.span_pos_weight;
  if (unknown != nullptr) {
    known_.resize(static_cast<size_t>(bars));
    for (size_t i = 0; i < known_.size(); ++i) known_[i] = unknown[i] == 0;
    return known_cross_entropy(bars, p, y, known_.data(), weight, gradient);
  }
  if (config_.span_loss == SpanLoss::focal) {
    return focal(bars, p, y, weight, config_.focal_gamma, gradient);
  }
  const double entropy = binary_cross_entropy(bars, p, y, weight, gradient);
  if (config_.span_loss == SpanLoss::cross_entropy) return entropy;
  // Overlap alone says little of single bars: half of each.
  second_gradient_.resize(static_cast<size_t>(bars));
  const double dice = tversky(bars, p, y, TverskyWeights{}, second_gradient_.data());
  for (size_t i = 0; i < second_gradient_.size(); ++i) {
    gradient[i] = (gradient[i] + second_gradient_[i]) / 2;
  }
  return (entropy + dice) / 2;
}

}  // namespace spanlab
