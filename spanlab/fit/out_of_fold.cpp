// Streams the bars around each window through the model of its fold.
#include "spanlab/fit/out_of_fold.h"

#include <algorithm>

#include "spanlab/bars/bars.h"
#include "spanlab/base/job.h"
#include "spanlab/detect/bar_decider.h"
#include "spanlab/detect/detect.h"
#include "spanlab/windows/groups.h"

namespace spanlab {
namespace {

// Bars before a window that a stream sees first: for features and for windows that end in it.
constexpr int64_t kLeadBars = 250;

/// probability [T] of the bars of a window.
void stream_window(const Bars& series, const Detector& detector, BarRange window, int delay,
                   int64_t lead, float* probability) {
  const BarRange rows = widened(series, window, lead, int64_t{delay} + detector.stride);
  const auto take = [&](const DecidedBar& bar) {
    const int64_t row = rows.begin + bar.row;
    if (window.contains(row)) probability[row - window.begin] = bar.probability;
  };
  BarDecider decider(detector, delay, 1, kDetectBatch, take);
  for (int64_t row = rows.begin; row < rows.end; ++row) decider.push(series.bar(row), false);
  for (const DecidedBar& bar : decider.undecided()) take(bar);
}

}  // namespace

OutOfFold join_folds(std::span<const FoldModel> folds, const RunData& data) {
  OutOfFold all;
  const Groups groups = group_windows(data.windows, data.dataset.length);
  for (const FoldModel& fold : folds) {
    all.windows.insert(all.windows.end(), fold.windows.begin(), fold.windows.end());
    all.probability.insert(all.probability.end(), fold.probability.begin(), fold.probability.end());
  }
  for (const int window : all.windows) {
    const auto from = data.dataset.mask.begin() + int64_t{window} * data.dataset.length;
    all.mask.insert(all.mask.end(), from, from + data.dataset.length);
    all.group.push_back(groups.of[static_cast<size_t>(window)]);
  }
  return all;
}

std::vector<float> delayed_probabilities(std::span<const FoldModel> folds, const RunData& data,
                                         const Detector& detector, int delay, int threads) {
  const int window = data.dataset.length;
  ThreadPool pool(threads);
  std::vector<float> probability;
  for (const FoldModel& fold : folds) {
    Detector of_fold = detector;
    of_fold.members = {fold.parameters};
    of_fold.delays = {{.delay = delay}};
    const size_t begin = probability.size();
    probability.resize(begin + fold.windows.size() * static_cast<size_t>(window));
    pool.run(static_cast<int>(fold.windows.size()), [&](int i) {
      check_stop();
      const Window& of = data.windows[static_cast<size_t>(fold.windows[static_cast<size_t>(i)])];
      const int64_t lead = kLeadBars + of.first_row % detector.stride;
      stream_window(data.series(), of_fold, of.rows(window), delay, lead,
                    probability.data() + begin + static_cast<size_t>(i * window));
    });
  }
  return probability;
}

}  // namespace spanlab
