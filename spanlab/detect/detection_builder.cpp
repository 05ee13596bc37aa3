// Collects a run of bars and closes it when it ends.
#include "spanlab/detect/detection_builder.h"

namespace spanlab {

void DetectionBuilder::add(const DecidedBar& bar) {
  const bool above = static_cast<double>(bar.probability) >= threshold_;
  if (!run_.empty() && (!above || bar.begins_stretch)) close(bar.decided_at);
  if (above) run_.push_back(bar);
  if (bar.ends_stretch) end(bar.decided_at);
}

void DetectionBuilder::end(int64_t known_at) {
  if (!run_.empty()) close(known_at);
}

void DetectionBuilder::close(int64_t known_at) {
  const DecidedBar &first = run_.front(), &last = run_.back();
  if (static_cast<int>(run_.size()) >= shortest_) {
    double sum = 0;
    for (const DecidedBar& bar : run_) sum += static_cast<double>(bar.probability);
    on_found_({first.row, last.row, first.bar.time_ms, last.bar.time_ms,
               last.bar.close >= first.close_before ? Direction::up : Direction::down,
               sum / static_cast<double>(run_.size()), known_at, true});
  }
  run_.clear();
}

}  // namespace spanlab
