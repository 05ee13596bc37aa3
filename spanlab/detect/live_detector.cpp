// Passes one bar at a time through decider and builder.
#include "spanlab/detect/live_detector.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "spanlab/detect/bar_decider.h"
#include "spanlab/detect/detection_builder.h"

namespace spanlab {

struct LiveDetector::State {
  State(const Detector& detector, int delay, int threads, bool with_provisional,
        std::optional<int64_t> step)
      : bar_ms(step.value_or(detector.bar_ms)),
        provisional(with_provisional),
        builder(detector.at_delay(delay).threshold, detector.shortest,
                [this](const Detection& found) {
                  events->push_back({EventKind::committed, found});
                }),
        decider(detector, delay, threads, 1, [this](const DecidedBar& bar) { builder.add(bar); }) {}

  void look_ahead();

  int64_t bar_ms;
  bool provisional;
  std::vector<LiveEvent>* events = nullptr;  // of the push under way
  DetectionBuilder builder;
  BarDecider decider;
  int64_t rows = 0;  // taken so far
  std::optional<int64_t> last_ms;
  std::vector<Detection> seen;  // provisional ones, as they last looked
};

LiveDetector::LiveDetector(const Detector& detector, int delay, int threads, bool provisional,
                           std::optional<int64_t> bar_ms)
    : state_(std::make_unique<State>(detector, delay, threads, provisional, bar_ms)) {}
LiveDetector::LiveDetector(LiveDetector&&) noexcept = default;
LiveDetector::~LiveDetector() = default;

BarFate LiveDetector::push(const Bar& bar, std::vector<LiveEvent>& events) {
  State& s = *state_;
  events.clear();
  s.events = &events;
  if (!std::isfinite(bar.open) || !std::isfinite(bar.high) || !std::isfinite(bar.low) ||
      !std::isfinite(bar.close)) {
    return BarFate::no_numbers;
  }
  if (s.last_ms && bar.time_ms <= *s.last_ms) {
    return bar.time_ms == *s.last_ms ? BarFate::repeated : BarFate::out_of_time;
  }
  const bool gap = s.last_ms && s.bar_ms > 0 && bar.time_ms - *s.last_ms != s.bar_ms;
  s.last_ms = bar.time_ms;
  ++s.rows;
  s.decider.push(bar, gap);
  if (s.provisional) s.look_ahead();
  return gap ? BarFate::behind_gap : BarFate::taken;
}

void LiveDetector::State::look_ahead() {
  const std::vector<DecidedBar> undecided = decider.undecided();
  std::vector<Detection> now_seen;
  DetectionBuilder ahead = builder.continued([&](Detection found) {
    found.committed = false;
    now_seen.push_back(found);
  });
  for (const DecidedBar& bar : undecided) ahead.add(bar);
  ahead.end(rows - 1);  // bars that are all decided may end with a run that is not
  const auto starts = [](const std::vector<Detection>& list, const Detection& like) {
    return std::find_if(list.begin(), list.end(),
                        [&](const Detection& d) { return d.start_row == like.start_row; });
  };
  for (const Detection& before : seen) {
    const bool committed = std::any_of(events->begin(), events->end(), [&](const LiveEvent& event) {
      return !event.detection.rows().common(before.rows()).empty();
    });
    if (!committed && starts(now_seen, before) == now_seen.end()) {
      events->push_back({EventKind::withdrawn, before});
    }
  }
  for (const Detection& now : now_seen) {
    const auto before = starts(seen, now);
    if (before == seen.end() || before->end_row != now.end_row) {
      events->push_back({EventKind::provisional, now});
    }
  }
  seen = std::move(now_seen);
}

}  // namespace spanlab
