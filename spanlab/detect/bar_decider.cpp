// Keeps the bars that are not decided yet, and scores windows when they end.
#include "spanlab/detect/bar_decider.h"

#include <algorithm>
#include <utility>

namespace spanlab {

BarDecider::BarDecider(const Detector& detector, int delay, int threads, int batch,
                       std::function<void(const DecidedBar&)> on_decided)
    : detector_(detector),
      scorer_(detector, threads),
      window_(scorer_.window()),
      delay_(detector.at_delay(delay).delay),
      batch_(batch),
      values_(static_cast<size_t>(window_) * static_cast<size_t>(scorer_.features())),
      windows_({.features = feature_indices(detector.recipe.data.features),
                .mode = detector.recipe.data.feature_mode,
                .length = window_,
                .stride = detector.stride,
                .every_bar = true}),
      on_decided_(std::move(on_decided)),
      features_(static_cast<size_t>(scorer_.features())) {
  seen_.sum.resize(features_.size());
  seen_.squares.resize(features_.size());
}

void BarDecider::start_stretch() {
  // What a window at its end says of the bars that wait is the last word on them.
  std::vector<DecidedBar> rest = undecided();
  if (!rest.empty()) rest.back().ends_stretch = true;
  for (DecidedBar& bar : rest) {
    bar.decided_at = rows_;  // the bar that showed the gap
    on_decided_(bar);
  }
  seen_ = seen();
  windows_.restart();
  undecided_.clear();
  stretch_begin_ = undecided_begin_ = rows_;
}

void BarDecider::push(const Bar& bar, bool behind_gap) {
  if (behind_gap) start_stretch();
  undecided_.push_back({bar, rows_ > stretch_begin_ ? last_close_ : bar.open});
  last_close_ = bar.close;
  ++rows_;
  const bool window_ends = windows_.push(bar);
  add_features();
  if (window_ends) queue_window();
}

void BarDecider::add_features() {
  windows_.copy_last(1, features_.data());
  for (size_t f = 0; f < features_.size(); ++f) {
    const auto value = static_cast<double>(features_[f]);
    seen_.sum[f] += value;
    seen_.squares[f] += value * value;
  }
}

SeenInputs BarDecider::seen() const {
  SeenInputs seen = seen_;
  if (!windows_.filled()) seen.silent += rows_ - stretch_begin_;
  return seen;
}

void BarDecider::queue_window() {
  input_.resize(input_.size() + values_);
  windows_.write(input_.data() + (input_.size() - values_));
  waiting_.push_back(rows_ - 1);
  if (static_cast<int>(waiting_.size()) == batch_) flush();
}

void BarDecider::flush() {
  if (waiting_.empty()) return;
  const auto length = static_cast<size_t>(window_);
  mean_.resize(waiting_.size() * length);
  scorer_.score(static_cast<int>(waiting_.size()), input_.data(), mean_.data());
  for (size_t i = 0; i < waiting_.size(); ++i) {
    const int64_t window_end = waiting_[i], window_begin = window_end - window_ + 1;
    const float* mean = mean_.data() + i * length;
    for (; undecided_begin_ <= window_end - delay_; ++undecided_begin_) {
      on_decided_(look_at(undecided_begin_, window_end, mean[undecided_begin_ - window_begin]));
      undecided_.pop_front();
    }
  }
  waiting_.clear();
  input_.clear();
}

/// An undecided bar as it would be if it were decided now.
DecidedBar BarDecider::look_at(int64_t row, int64_t decided_at, float mean) const {
  // Most of a window's bars are decided by others: only what is said is calibrated.
  const auto probability = static_cast<float>(detector_.calibration(static_cast<double>(mean)));
  const Seen& seen = undecided_[static_cast<size_t>(row - undecided_begin_)];
  return {.row = row,
          .bar = seen.bar,
          .close_before = seen.close_before,
          .probability = probability,
          .decided_at = decided_at,
          .begins_stretch = row == stretch_begin_,
          .ends_stretch = false};
}

std::vector<DecidedBar> BarDecider::undecided() {
  flush();
  std::vector<DecidedBar> bars;
  if (!windows_.filled()) return bars;
  const int64_t begin = rows_ - window_;
  std::vector<float> input(values_), mean(static_cast<size_t>(window_));
  windows_.write(input.data());
  scorer_.score(1, input.data(), mean.data());
  for (int64_t row = undecided_begin_; row < rows_; ++row) {
    bars.push_back(look_at(row, rows_ - 1, mean[static_cast<size_t>(row - begin)]));
  }
  return bars;
}

}  // namespace spanlab
