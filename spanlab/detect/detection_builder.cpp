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
    const bool up = last.bar.close >= first.close_before;
    on_found_({.start_row = first.row,
               .end_row = last.row,
               .first_ms = first.bar.time_ms,
               .last_ms = last.bar.time_ms,
               .direction = up ? Direction::up : Direction::down,
               .confidence = sum / static_cast<double>(run_.size()),
               .known_at = known_at,
               .committed = true});
  }
  run_.clear();
}

}  // namespace spanlab
