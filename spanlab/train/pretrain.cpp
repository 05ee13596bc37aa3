// Passes over the bars: windows into the buffer, batches out of it, masked, a step each.
#include "spanlab/train/pretrain.h"

#include <fmt/format.h>

#include <algorithm>

#include "spanlab/bars/check.h"
#include "spanlab/base/error.h"
#include "spanlab/base/settings.h"
#include "spanlab/model/reconstruction.h"
#include "spanlab/recipe/jade_config.h"
#include "spanlab/train/adamw_state.h"
#include "spanlab/train/masked_batch.h"
#include "spanlab/train/schedule.h"
#include "spanlab/train/start_weights.h"
#include "spanlab/train/window_buffer.h"
#include "spanlab/train/window_source.h"

namespace spanlab {
namespace {

constexpr int64_t kScaleWindows = 1000;  // whose values give mean and deviation
constexpr int64_t kMostTested = 256;     // windows
constexpr double kLongestGradient = 1;   // L2 norm

WindowPass pass_of(const PretrainConfig& config, const Bars& bars) {
  const WindowInputConfig& data = config.data;
  return {bars,
          rows_below(bars, config.rows_before, "pretrain.rows_before"),
          {feature_indices(data.features), data.feature_mode, data.window, config.stride}};
}

/// Which of the windows, in order of time, train and which are tested on.
struct Stretches {
  int64_t train = 0;         // the first ones
  int64_t first_tested = 0;  // the last ones, so far after that no bar is shared
  int64_t every = 1;         // of those, every so manyth is tested on

  Stretches(const PretrainConfig& config, int64_t windows) {
    const int64_t tested = std::max<int64_t>(1, windows / 10);
    const int64_t between = (config.data.window + config.stride - 1) / config.stride - 1;
    first_tested = windows - tested;
    train = first_tested - between;
    every = (tested + kMostTested - 1) / kMostTested;
    if (train >= 1) return;
    throw Error(fmt::format("too few bars to pre-train on: {} windows of {} bars, {} bars apart, "
                            "are not enough for training and test windows",
                            windows, config.data.window, config.stride),
                "give more bars, without gaps within a window's length");
  }
};

/// The training windows of one epoch in a random order.
class Epoch {
 public:
  Epoch(const WindowPass& pass, int64_t windows, size_t capacity, size_t width, RandomStream random)
      : source_(pass), left_(windows), buffer_(capacity, width, random) {}

  bool next(float* window) {
    while (left_ > 0 && source_.next(window)) {
      --left_;
      const bool out = buffer_.exchange(window);
      most_kept_ = std::max(most_kept_, buffer_.size());
      if (out) return true;
    }
    return buffer_.take(window);
  }

  size_t most_kept() const { return most_kept_; }

 private:
  WindowSource source_;
  int64_t left_;
  WindowBuffer buffer_;
  size_t most_kept_ = 0;
};

class Pretrainer {
 public:
  Pretrainer(const PretrainConfig& config, const Bars& bars, const Job& job)
      : config_(config),
        job_(job),
        pass_(pass_of(config, bars)),
        survey_(survey_windows(pass_, kScaleWindows)),
        stretches_(config, survey_.windows),
        width_(static_cast<size_t>(config.data.window) * pass_.cut.features.size()),
        pool_(job.thread_count()),
        model_(encoder_config(config.model, config.data.window,
                              static_cast<int>(config.data.features.size()))),
        state_(model_.table().size()),
        gradient_(model_.table().size()),
        whole_{{0, model_.table().size()}} {
    model_.table().initialise(seed(), state_.parameters.data());
    const int64_t an_epoch = (stretches_.train + config.batch - 1) / config.batch;
    steps_ = config.steps.value_or(an_epoch * config.epochs);
  }

  PretrainResult run() {
    const MaskedBatch test = test_batch();
    PretrainResult result;
    result.errors.start = error_of(test);
    result.errors.constant =
        masked_error(test, std::vector<float>(test.target.size()).data(), nullptr);
    result.errors.copying = masked_error(test, nearest_bars(test).data(), nullptr);
    const LearningRate rate({config_.learning_rate, Schedule::one_cycle}, 1, steps_);
    for (uint32_t epoch = 1; state_.step < steps_; ++epoch) {
      train_epoch(epoch, rate);
    }
    result.errors.end = error_of(test);
    result.encoder = encoder_weights(config_.data, model_.table(), state_.parameters);
    result.windows = stretches_.train;
    result.tested = test.windows;
    result.steps = state_.step;
    result.most_kept = static_cast<int64_t>(most_kept_);
    return result;
  }

 private:
  uint64_t seed() const { return static_cast<uint64_t>(config_.seed); }

  MaskedBatch masked(std::span<const float> windows, uint32_t epoch, uint32_t first) const {
    return make_masked_batch(windows, config_.data.window, survey_, config_.mask,
                             {seed(), epoch, first});
  }

  MaskedBatch test_batch() const {
    std::vector<float> windows, window(width_);
    WindowSource source(pass_);
    for (int64_t i = 0; source.next(window.data()); ++i) {
      const int64_t place = i - stretches_.first_tested;
      if (place < 0 || place % stretches_.every != 0) continue;
      windows.insert(windows.end(), window.begin(), window.end());
    }
    return masked(windows, 0, 0);
  }

  double error_of(const MaskedBatch& batch) {
    model_.prepare(pool_, state_.parameters.data());
    return masked_error(
        batch,
        model_.forward(pool_, state_.parameters.data(), batch.windows, batch.input.data(), false)
            .data(),
        nullptr);
  }

  void train_epoch(uint32_t epoch, const LearningRate& rate) {
    Epoch windows(pass_, stretches_.train, static_cast<size_t>(config_.buffer), width_,
                  RandomStream(seed(), Purpose::window_buffer, epoch));
    std::vector<float> batch, window(width_);
    uint32_t taken = 0;
    bool more = true;
    while (more && state_.step < steps_) {
      batch.clear();
      const uint32_t first = taken;
      while (taken - first < static_cast<uint32_t>(config_.batch)) {
        more = windows.next(window.data());
        if (!more) break;
        batch.insert(batch.end(), window.begin(), window.end());
        ++taken;
      }
      if (batch.empty()) break;
      check_stop();
      const double error = step(masked(batch, epoch, first), rate.at(state_.step));
      job_.report({"pre-training", state_.step, steps_, {{"error", error}}, {}});
    }
    most_kept_ = std::max(most_kept_, windows.most_kept());
  }

  double step(const MaskedBatch& batch, double learning_rate) {
    const float* block = state_.parameters.data();
    model_.prepare(pool_, block);
    const std::vector<float>& answer =
        model_.forward(pool_, block, batch.windows, batch.input.data(), true);
    answer_gradient_.resize(answer.size());
    const double error = masked_error(batch, answer.data(), answer_gradient_.data());
    std::fill(gradient_.begin(), gradient_.end(), 0.0f);
    model_.backward(pool_, block, batch.input.data(), answer_gradient_.data(), gradient_.data());
    const auto factor = static_cast<float>(clip_factor(whole_, gradient_.data(), kLongestGradient));
    for (float& g : gradient_) g *= factor;
    state_.update(config_.adamw, learning_rate, whole_, gradient_.data());
    return error;
  }

  const PretrainConfig& config_;
  const Job& job_;
  WindowPass pass_;
  WindowSurvey survey_;
  Stretches stretches_;
  size_t width_;  // values of a window
  ThreadPool pool_;
  Reconstruction<float> model_;
  AdamWState state_;
  std::vector<float> gradient_, answer_gradient_;
  std::vector<AdamWPart> whole_;
  int64_t steps_ = 0;
  size_t most_kept_ = 0;
};

}  // namespace

PretrainResult pretrain(const PretrainConfig& config, const Bars& bars, const Job& job) {
  if (config.data.features.empty()) {
    throw Error("pre-training: data.features is empty, so the encoder has no inputs",
                "list features in data.features");
  }
  require_usable(bars, "the bars");
  const StopScope scope(job);
  return Pretrainer(config, bars, job).run();
}

std::vector<Setting> settings_of(PretrainConfig& config) {
  return {integer_setting_or_none("pretrain.rows_before", config.rows_before, kNoLimit,
                                  {0, kNoLimit}, "use only the bars before this row"),
          choice_setting("pretrain.kind", config.mask.kind,
                         {{"patch", MaskKind::patch}, {"random", MaskKind::random}},
                         "what to mask: single bars (random) or runs of bars (patch)"),
          interval_setting("pretrain.share", config.mask.lowest, config.mask.highest, {0.01, 0.9},
                           "fraction of the bars to mask, smallest and largest"),
          integer_setting("pretrain.run", config.mask.run, {1, 10'000}, "bars per patch"),
          integer_setting("pretrain.stride", config.stride, {1, 10'000},
                          "bars between the starts of windows"),
          integer_setting("pretrain.buffer", config.buffer, {1, 10'000'000},
                          "windows in the shuffle buffer"),
          integer_setting("pretrain.epochs", config.epochs, {1, 1'000'000}, "passes over the bars"),
          integer_setting("pretrain.steps", config.steps, {1, kNoLimit},
                          "number of steps, instead of epochs"),
          integer_setting("pretrain.batch", config.batch, {1, 65'536}, "windows per step"),
          number_setting("pretrain.learning_rate", config.learning_rate, kPositive,
                         "peak of the learning rate")};
}

}  // namespace spanlab
