// Bars in, decided bars out: the probability of each bar, from the window that decides it.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <vector>

#include "spanlab/bars/bars.h"
#include "spanlab/detect/detect.h"
#include "spanlab/detect/window_scorer.h"
#include "spanlab/windows/bar_windows.h"

namespace spanlab {

/// A bar and what is said of it.
struct DecidedBar {
  int64_t row;  ///< bars since the first one that was pushed
  Bar bar;
  double close_before;  ///< close of the bar before it; its own open if there is none
  float probability;    ///< calibrated
  int64_t decided_at;   ///< row of the bar after which it was decided
  bool begins_stretch;  ///< bars are missing before it
  bool ends_stretch;    ///< bars are missing after it
};

/// The rule: windows of T bars follow each other every `stride` bars from the first bar of a
/// stretch (the bars between two gaps) on. A bar is decided by the first window that ends at least
/// `delay` bars after it, once and for all. So what is said of a bar depends on the bars of its
/// stretch up to that window's end, and on nothing later. When a gap shows that a stretch has
/// ended, a window at its end decides the rest of it. A stretch shorter than T has no windows at
/// all: nothing is said of its bars.
class BarDecider {
 public:
  /// Windows are scored `batch` at a time: 1 answers as soon as it can, more is faster.
  /// `on_decided` is called in the order of rows. `detector` must outlive this. Throws Error as
  /// Detector::at_delay() does.
  BarDecider(const Detector& detector, int delay, int threads, int batch,
             std::function<void(const DecidedBar&)> on_decided);

  /// `behind_gap`: bars are missing between the bar before and this one.
  void push(const Bar& bar, bool behind_gap);

  /// Scores the windows that wait for a batch.
  void flush();

  /// What would be said of the bars of this stretch that are not decided yet if they were decided
  /// now, by a window that ends with the last bar; nothing if the stretch is shorter than T.
  std::vector<DecidedBar> undecided();

  /// Of all bars so far, for input_warnings().
  SeenInputs seen() const;

 private:
  struct Seen {
    Bar bar;
    double close_before;
  };
  void start_stretch();
  void add_features();
  void queue_window();
  DecidedBar look_at(int64_t row, int64_t decided_at, float mean) const;

  const Detector& detector_;
  WindowScorer scorer_;
  int window_, delay_, batch_;
  size_t values_;  // of a window, T x D
  BarWindows windows_;
  std::function<void(const DecidedBar&)> on_decided_;

  int64_t rows_ = 0;             // pushed so far
  int64_t stretch_begin_ = 0;    // row
  int64_t undecided_begin_ = 0;  // row of the first bar that is not decided
  std::deque<Seen> undecided_;   // from that row on
  double last_close_ = 0;
  SeenInputs seen_;               // of the stretches before this one, and of all features
  std::vector<float> features_;   // [D] of a bar
  std::vector<int64_t> waiting_;  // rows of the last bars of windows that wait
  std::vector<float> input_;      // [waiting, T, D]
  std::vector<float> mean_;       // [waiting, T] what the members say
};

}  // namespace spanlab
