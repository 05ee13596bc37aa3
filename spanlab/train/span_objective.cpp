// From labelled windows to what the span task's loss takes.
#include "spanlab/train/span_objective.h"

#include <algorithm>

#include "spanlab/loss/binary_cross_entropy.h"

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
  mask_.clear();
  targets_.spans.assign(windows.size(), {});
  const bool ignores = recipe_.loss.unlabelled == Unlabelled::ignored;
  targets_.unknown.assign(ignores ? windows.size() * length : 0, 0);
  for (size_t i = 0; i < windows.size(); ++i) {
    const auto window = static_cast<size_t>(windows[i]);
    const auto mask = dataset_.mask.begin() + static_cast<ptrdiff_t>(window * length);
    mask_.insert(mask_.end(), mask, mask + static_cast<ptrdiff_t>(length));
    for (const DirectedSpan& span : dataset_.spans[window]) {
      targets_.spans[i].push_back(
          {span.start, span.end, kind_of(span.direction, mirrored[i] != 0)});
    }
    if (ignores && dataset_.complete[window] == 0) {
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

double SpanObjective::of_bars(const JadeOutput<float>& out, JadeOutput<float>& d) const {
  return binary_cross_entropy(static_cast<int64_t>(mask_.size()), out.span.data(), mask_.data(),
                              recipe_.loss.span_pos_weight, d.span.data());
}

}  // namespace spanlab
