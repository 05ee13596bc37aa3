// One bar at a time through decider and builder.
#include "spanlab/detect/live_detector.h"

#include <algorithm>
#include <cmath>

namespace spanlab {

LiveDetector::LiveDetector(const Detector& detector, int delay, int threads, bool provisional,
                           std::optional<int64_t> bar_ms)
    : bar_ms_(bar_ms.value_or(detector.bar_ms)),
      provisional_(provisional),
      builder_(detector.at_delay(delay).threshold, detector.shortest,
               [this](const Detection& found) {
                 events_->push_back({EventKind::committed, found});
               }),
      decider_(detector, delay, threads, 1, [this](const DecidedBar& bar) { builder_.add(bar); }) {}

BarFate LiveDetector::push(const Bar& bar, std::vector<LiveEvent>& events) {
  events.clear();
  events_ = &events;
  if (!std::isfinite(bar.open) || !std::isfinite(bar.high) || !std::isfinite(bar.low) ||
      !std::isfinite(bar.close)) {
    return BarFate::no_numbers;
  }
  if (last_ms_ && bar.time_ms <= *last_ms_) {
    return bar.time_ms == *last_ms_ ? BarFate::repeated : BarFate::out_of_time;
  }
  const bool gap = last_ms_ && bar_ms_ > 0 && bar.time_ms - *last_ms_ != bar_ms_;
  last_ms_ = bar.time_ms;
  ++rows_;
  decider_.push(bar, gap);
  if (provisional_) look_ahead(events);
  return gap ? BarFate::behind_gap : BarFate::taken;
}

void LiveDetector::look_ahead(std::vector<LiveEvent>& events) {
  const std::vector<DecidedBar> undecided = decider_.undecided();
  std::vector<Detection> seen;
  DetectionBuilder ahead = builder_.continued([&](Detection found) {
    found.committed = false;
    seen.push_back(found);
  });
  for (const DecidedBar& bar : undecided) ahead.add(bar);
  ahead.end(rows_ - 1);  // bars that are all decided may end with a run that is not
  const auto starts = [](const std::vector<Detection>& list, const Detection& like) {
    return std::find_if(list.begin(), list.end(),
                        [&](const Detection& d) { return d.first_row == like.first_row; });
  };
  for (const Detection& before : seen_) {
    const bool committed = std::any_of(events.begin(), events.end(), [&](const LiveEvent& event) {
      return event.detection.first_row <= before.last_row &&
             before.first_row <= event.detection.last_row;
    });
    if (!committed && starts(seen, before) == seen.end()) {
      events.push_back({EventKind::withdrawn, before});
    }
  }
  for (const Detection& now : seen) {
    const auto before = starts(seen_, now);
    if (before == seen_.end() || before->last_row != now.last_row) {
      events.push_back({EventKind::provisional, now});
    }
  }
  seen_ = std::move(seen);
}

}  // namespace spanlab
