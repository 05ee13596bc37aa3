// The schedules of the learning rate, as closed forms of the step.
#include "spanlab/train/schedule.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace spanlab {
namespace {

// PyTorch's defaults of OneCycleLR.
constexpr double kRisingShare = 0.3;
constexpr double kPeakOverStart = 25;
constexpr double kStartOverEnd = 1e4;

/// From `start` (part 0) to `end` (part 1) along half a cosine.
double along_cosine(double start, double end, double part) {
  return end + (start - end) / 2 * (1 + std::cos(std::numbers::pi * part));
}

}  // namespace

LearningRate::LearningRate(const LearningRateConfig& config, int epochs, int64_t steps_per_epoch)
    : schedule_(config.schedule),
      peak_(config.peak),
      decay_(config.decay),
      steps_per_epoch_(std::max<int64_t>(steps_per_epoch, 1)),
      steps_(steps_per_epoch_ * epochs) {}

double LearningRate::at(int64_t step) const {
  const int64_t within = std::min(step, steps_ - 1);
  switch (schedule_) {
    case Schedule::constant:
      return peak_;
    case Schedule::one_cycle:
      return one_cycle(static_cast<double>(within));
    case Schedule::cosine:
      return along_cosine(peak_, 0, static_cast<double>(within) / static_cast<double>(steps_));
    case Schedule::exponential: {
      const auto epoch = within / steps_per_epoch_;
      return peak_ * std::pow(decay_, static_cast<double>(epoch));
    }
  }
  return peak_;
}

double LearningRate::one_cycle(double step) const {
  const auto steps = static_cast<double>(steps_);
  const double turn = kRisingShare * steps - 1;  // of few steps the rise has none
  const double start = peak_ / kPeakOverStart;
  if (step <= turn) return along_cosine(start, peak_, step / turn);
  return along_cosine(peak_, start / kStartOverEnd, (step - turn) / (steps - 1 - turn));
}

}  // namespace spanlab
