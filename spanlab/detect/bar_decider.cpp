// Keeps the bars that windows to come will need, and scores windows as they fill.
#include "spanlab/detect/bar_decider.h"

#include <algorithm>
#include <utility>

#include "spanlab/features/position.h"

namespace spanlab {

BarDecider::BarDecider(const Detector& detector, int delay, int threads, int batch,
                       std::function<void(const DecidedBar&)> on_decided)
    : scorer_(detector, threads),
      window_(scorer_.window()),
      stride_(detector.stride),
      delay_(detector.at_delay(delay).delay),
      batch_(batch),
      mode_(detector.recipe.data.feature_mode),
      stream_(window_),
      on_decided_(std::move(on_decided)) {
  for (const std::string& name : detector.recipe.data.features) {
    columns_.push_back(feature_index(name));
  }
}

void BarDecider::start_stretch() {
  // What a window at its end says of the bars that wait is the last word on them.
  std::vector<DecidedBar> rest = undecided();
  if (!rest.empty()) rest.back().ends_stretch = true;
  for (DecidedBar& bar : rest) {
    bar.decided_at = rows_;  // the bar that showed the gap
    on_decided_(bar);
  }
  stream_.reset();
  bars_.clear();
  features_of_.clear();
  stretch_begin_ = bars_begin_ = next_undecided_ = rows_;
}

void BarDecider::push(const Bar& bar, bool behind_gap) {
  if (behind_gap) start_stretch();
  bars_.push_back({bar, rows_ > stretch_begin_ ? bars_.back().bar.close : bar.open});
  if (mode_ == FeatureMode::continuous) {
    float all[kFeatureCount];
    stream_.push(bar, all);
    for (const int column : columns_) features_of_.push_back(all[column]);
  }
  ++rows_;
  const int64_t filled = rows_ - stretch_begin_ - window_;
  if (filled < 0 || filled % stride_ != 0) return;
  append_input(rows_ - window_, input_);
  waiting_.push_back(rows_ - 1);
  if (static_cast<int>(waiting_.size()) == batch_) flush();
}

void BarDecider::append_input(int64_t first, std::vector<float>& input) const {
  const auto begin = static_cast<size_t>(first - bars_begin_);
  FeatureStream restarted(window_);
  float all[kFeatureCount];
  for (int t = 0; t < window_; ++t) {
    const size_t bar = begin + static_cast<size_t>(t);
    if (mode_ == FeatureMode::per_window) restarted.push(bars_[bar].bar, all);
    for (size_t k = 0; k < columns_.size(); ++k) {
      if (columns_[k] == kPositionFeature) {
        input.push_back(static_cast<float>(position_encoding(t, window_)));
      } else if (mode_ == FeatureMode::per_window) {
        input.push_back(all[columns_[k]]);
      } else {
        input.push_back(features_of_[bar * columns_.size() + k]);
      }
    }
  }
}

void BarDecider::flush() {
  if (waiting_.empty()) return;
  const auto length = static_cast<size_t>(window_);
  probability_.resize(waiting_.size() * length);
  scorer_.score(static_cast<int>(waiting_.size()), input_.data(), probability_.data());
  for (size_t i = 0; i < waiting_.size(); ++i) {
    decide(waiting_[i] - delay_, waiting_[i], probability_.data() + i * length);
  }
  waiting_.clear();
  input_.clear();
  // Bars that neither a window that ends here or later nor a bar to be decided needs are dropped,
  // many at a time.
  const int64_t spare = std::min(rows_ - window_, next_undecided_) - bars_begin_;
  if (spare < window_) return;
  bars_.erase(bars_.begin(), bars_.begin() + spare);
  if (mode_ == FeatureMode::continuous) {
    features_of_.erase(features_of_.begin(),
                       features_of_.begin() + spare * static_cast<int64_t>(columns_.size()));
  }
  bars_begin_ += spare;
}

void BarDecider::decide(int64_t last, int64_t decided_at, const float* probability) {
  const int64_t window_begin = decided_at - window_ + 1;
  for (; next_undecided_ <= last; ++next_undecided_) {
    on_decided_(decided(next_undecided_, decided_at, probability[next_undecided_ - window_begin]));
  }
}

DecidedBar BarDecider::decided(int64_t row, int64_t decided_at, float probability) const {
  const Seen& seen = bars_[static_cast<size_t>(row - bars_begin_)];
  return {row, seen.bar, seen.close_before, probability, decided_at, row == stretch_begin_, false};
}

std::vector<DecidedBar> BarDecider::undecided() {
  flush();
  std::vector<DecidedBar> bars;
  if (rows_ - stretch_begin_ < window_) return bars;
  const int64_t begin = rows_ - window_;
  std::vector<float> input, probability(static_cast<size_t>(window_));
  append_input(begin, input);
  scorer_.score(1, input.data(), probability.data());
  for (int64_t row = next_undecided_; row < rows_; ++row) {
    bars.push_back(decided(row, rows_ - 1, probability[static_cast<size_t>(row - begin)]));
  }
  return bars;
}

}  // namespace spanlab
