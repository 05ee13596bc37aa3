// From labelled windows to what the span task's loss takes.
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
void mark_unknown(const std::vector<DirectedSpan>& spans, int length, uint8_t* unknown) {
  std::fill_n(unknown, length, uint8_t{1});
  for (const DirectedSpan& span : spans) {
    const int first = std::max(span.start - kKnownMargin, 0);
    const int last = std::min(span.end + kKnownMargin, length - 1);
    std::fill(unknown + first, unknown + last + 1, uint8_t{0});
  }
}

}  // namespace

SpanObjective::SpanObjective(const Recipe& recipe, const JadeConfig& model, const Dataset& dataset)
    : recipe_(recipe),
      dataset_(dataset),
      structured_(model.structure.has_value()),
      structured_loss_(model.span_model(),
                       {recipe.loss.boundary_mass, recipe.loss.boundary_radius}) {}

void SpanObjective::gather(std::span<const int> windows, std::span<const uint8_t> mirrored) {
  const auto length = static_cast<size_t>(dataset_.length);
  batch_ = static_cast<int>(windows.size());
  mask_.resize(windows.size() * length);
  complete_.clear();
  targets_.spans.assign(windows.size(), {});
  const bool ignores = recipe_.loss.unlabelled == Unlabelled::ignored;
  targets_.unknown.assign(ignores ? windows.size() * length : 0, 0);
  const BoundarySmoothing smoothing{recipe_.loss.boundary_mass, recipe_.loss.boundary_radius};
  for (size_t i = 0; i < windows.size(); ++i) {
    const auto window = static_cast<size_t>(windows[i]);
    complete_.push_back(dataset_.complete[window]);
    for (const DirectedSpan& span : dataset_.spans[window]) {
      targets_.spans[i].push_back(
          {span.start, span.end, kind_of(span.direction, mirrored[i] != 0)});
    }
    if (smoothing.mass > 0) {
      smooth_targets(std::span<const KindSpan>(targets_.spans[i]), smoothing, dataset_.length,
                     dataset_.length, mask_.data() + i * length);
    } else {
      std::copy_n(dataset_.mask.begin() + static_cast<ptrdiff_t>(window * length), length,
                  mask_.begin() + static_cast<ptrdiff_t>(i * length));
    }
    if (ignores && complete_[i] == 0) {
      mark_unknown(dataset_.spans[window], dataset_.length, targets_.unknown.data() + i * length);
    }
  }
}

double SpanObjective::operator()(ThreadPool& pool, const JadeOutput<float>& out,
                                 JadeOutput<float>& d) {
  if (!structured_) return of_bars(out, d);
  return structured_loss_(pool, batch_, out.span_scores.data(), out.span_shared.data(), targets_,
                          d.span_scores.data(), d.span_shared.data());
}

double SpanObjective::of_bars(const JadeOutput<float>& out, JadeOutput<float>& d) {
  const auto bars = static_cast<int64_t>(mask_.size());
  if (recipe_.loss.unlabelled != Unlabelled::positive_unlabelled) {
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
               : pu_risk(length, p, y, recipe_.loss.span_prior, gradient);
    for (int64_t t = 0; t < length; ++t) gradient[t] /= static_cast<float>(batch_);
  }
  return sum / std::max(batch_, 1);
}

/// unknown [bars] or null: 1 where a bar does not count.
double SpanObjective::bar_loss(int64_t bars, const float* p, const float* y, const uint8_t* unknown,
                               float* gradient) {
  const double weight = recipe_.loss.span_pos_weight;
  if (unknown != nullptr) {
    known_.resize(static_cast<size_t>(bars));
    for (size_t i = 0; i < known_.size(); ++i) known_[i] = unknown[i] == 0;
    return known_cross_entropy(bars, p, y, known_.data(), weight, gradient);
  }
  if (recipe_.loss.span_loss == SpanLoss::focal) {
    return focal(bars, p, y, weight, recipe_.loss.focal_gamma, gradient);
  }
  const double entropy = binary_cross_entropy(bars, p, y, weight, gradient);
  if (recipe_.loss.span_loss == SpanLoss::cross_entropy) return entropy;
  // Overlap alone says little of single bars: half of each.
  second_gradient_.resize(static_cast<size_t>(bars));
  const double dice = tversky(bars, p, y, TverskyWeights{}, second_gradient_.data());
  for (size_t i = 0; i < second_gradient_.size(); ++i) {
    gradient[i] = (gradient[i] + second_gradient_[i]) / 2;
  }
  return (entropy + dice) / 2;
}

}  // namespace spanlab
