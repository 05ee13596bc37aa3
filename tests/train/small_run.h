// A small market with windows, and a recipe that trains on them in a moment.
#pragma once

#include <filesystem>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "spanlab/base/job.h"
#include "spanlab/labels/spans.h"
#include "spanlab/market/simulate.h"
#include "spanlab/train/run.h"
#include "tests/temporary_folder.h"

namespace spanlab {

/// A market and windows in it, with a folder for what comes out.
struct SmallData {
  TemporaryFolder folder;
  Bars bars = simulate_market(6000, 3, MarketModel{}).bars;
  std::vector<Window> windows;
  TrainingData inputs{Labelled{}};  ///< both

  /// `count` windows of 30 bars, each around one expansion of the simulated market.
  explicit SmallData(int count = 24) {
    for (const Span& e : simulate_market(6000, 3, MarketModel{}).spans) {
      if (static_cast<int>(windows.size()) == count) break;
      const auto n = static_cast<int64_t>(windows.size());
      const int64_t first = e.start_row - 5 - n % 7;
      if (first < 0 || e.end_row >= first + 30) continue;
      const SpanType type = n % 2 == 0 ? SpanType::consolidation : SpanType::retracement;
      windows.push_back(
          {std::to_string(n),
           std::to_string(n),
           0,
           first,
           1.0,
           {{static_cast<int>(e.start_row - first), static_cast<int>(e.end_row - first), type}}});
    }
    rewrite();
  }

  Labelled labelled() const {
    return {bars, windows, {}, {"bars.csv", "windows.csv", "spans.csv"}};
  }
  /// Makes the inputs anew after a test has changed bars or windows.
  void rewrite() { inputs = TrainingData(labelled()); }
  /// No window is labelled any more.
  void clear_spans() {
    for (Window& window : windows) {
      window.spans.clear();
      window.visible_fraction = 0;
    }
    rewrite();
  }
  TrainingData with_spans(std::vector<Span> spans) const {
    Labelled all = labelled();
    all.spans = std::move(spans);
    return TrainingData(std::move(all));
  }
  TrainingData with_start(const std::filesystem::path& weights) const {
    return {labelled(), read_start_weights(weights)};
  }
  std::filesystem::path out(const std::string& name) const { return folder / name; }
};

inline Recipe small_recipe(int epochs = 12) {
  Recipe recipe;
  recipe.data.window = 30;
  recipe.model.hidden = 16;
  recipe.model.projection = 8;
  recipe.train.epochs = epochs;
  recipe.train.batch = 8;
  recipe.record.checkpoint_every = 5;
  return recipe;
}

/// What detectors are made with: bars' spans alone, by a structured head.
inline Recipe small_detector_recipe(int epochs) {
  Recipe recipe = small_recipe(epochs);
  recipe.data.feature_mode = FeatureMode::continuous;
  recipe.model.span_head = SpanHead::semi_markov;
  recipe.loss.tasks = {Task::span};
  recipe.balancing.method = Balancing::sum;
  return recipe;
}

/// A job on one thread that `stop` ends once it has come to that step.
inline Job stopping_at(std::stop_source& stop, int64_t step) {
  Job job{.threads = 1, .stop = stop.get_token()};
  job.on_progress = [&stop, step](const Progress& p) {
    if (p.step >= step) stop.request_stop();
  };
  return job;
}

inline RunOptions with_threads(int threads) {
  RunOptions options;
  options.threads = threads;
  return options;
}

/// Stops as Ctrl-C would, after `batches` more batches have run (training and validation).
inline RunOptions stopping_after(int batches) {
  RunOptions options = with_threads(1);
  options.hooks.stop_requested = [left = batches]() mutable { return --left <= 0; };
  return options;
}

}  // namespace spanlab
