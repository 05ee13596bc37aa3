// Passes bars to a detector one at a time, as a feed would, and prints spans when they are
// committed. It links detection and the rooms that detection uses: no training code.
#include <cstdio>

#include "spanlab/bars/csv_bars.h"
#include "spanlab/bars/timestamps.h"
#include "spanlab/base/error.h"
#include "spanlab/detect/live_detector.h"

int main(int argc, char** argv) {
  if (argc < 3) {
    std::fprintf(stderr, "usage: live_detection DETECTOR.safetensors BARS.csv\n");
    return 2;
  }
  try {
    const spanlab::Detector detector = spanlab::read_detector(argv[1]);
    spanlab::LiveDetector live(detector, detector.default_delay, 1, /*provisional=*/true);

    spanlab::BarReader feed(argv[2]);
    spanlab::Bar bar;
    double volume = 0;
    std::vector<spanlab::LiveEvent> events;
    while (feed.next(bar, volume)) {
      live.push(bar, events);
      for (const spanlab::LiveEvent& event : events) {
        if (event.kind != spanlab::EventKind::committed) continue;  // the others may still change
        const spanlab::Detection& span = event.detection;
        std::printf("%s  %s from %s to %s, confidence %.2f\n",
                    spanlab::time_text(bar.time_ms).c_str(),
                    span.direction == spanlab::Direction::up ? "up" : "down",
                    spanlab::time_text(span.first_ms).c_str(),
                    spanlab::time_text(span.last_ms).c_str(), span.confidence);
      }
    }
    return 0;
  } catch (const spanlab::Error& e) {
    std::fprintf(stderr, "error: %s\nhint: %s\n", e.what(), e.hint().c_str());
    return 1;
  }
}
