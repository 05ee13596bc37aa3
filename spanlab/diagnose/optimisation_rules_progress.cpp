// O6, O7, O8 and P1: the training loss over the epochs, and the time per epoch.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "spanlab/diagnose/optimisation_checks.h"
#include "spanlab/diagnose/run_facts.h"
#include "spanlab/diagnose/trace.h"

namespace spanlab {
namespace {

constexpr size_t kFewestEpochs = 10;
constexpr double kNoFall = 0.02, kNoLateFall = 0.001;
constexpr double kRise = 1.5, kWorseThanStart = 1.2;
constexpr double kRisingTrend = 1.645;  // one-sided p = 0.05
constexpr double kEndOfRun = 0.1;
constexpr double kSpike = 6, kSpikeSize = 0.25;  // median deviations, and of the level
constexpr size_t kAround = 2;                    // epochs on each side of a running median
constexpr double kSwing = 0.1, kTurns = 0.5;
constexpr double kStallFactor = 3, kStallSeconds = 1, kStalled = 1800;

double end_of(const Trace& trace) {
  return mean_of(trace.tail(kEndOfRun).value);
}

// Fall from the first value to the end, of the first value.
double fall_of(const Trace& trace) {
  return 1 - end_of(trace) / trace.value.front();
}

// Far above its lowest point, and still rising or above its start.
bool diverges(const Trace& trace) {
  if (trace.size() < kFewestEpochs) return false;
  const double lowest = *std::min_element(trace.value.begin(), trace.value.end());
  return lowest > 0 && end_of(trace) > kRise * lowest &&
         (trend_of(trace.tail(0.5).value) > kRisingTrend ||
          end_of(trace) > kWorseThanStart * trace.value.front());
}

// The largest spike, in median deviations from the running median; none below the limits.
struct Spike {
  int epoch = 0;
  double deviations = 0, value = 0, level = 0;
};

std::optional<Spike> largest_spike(const Trace& trace) {
  if (trace.size() < kFewestEpochs) return std::nullopt;
  std::vector<double> level, distance;
  for (size_t i = 0; i < trace.size(); ++i) {
    const size_t first = i < kAround ? 0 : i - kAround;
    const size_t end = std::min(trace.size(), i + kAround + 1);
    level.push_back(median_of({trace.value.begin() + static_cast<ptrdiff_t>(first),
                               trace.value.begin() + static_cast<ptrdiff_t>(end)}));
    distance.push_back(std::abs(trace.value[i] - level[i]));
  }
  const double usual = median_of(distance) / 0.6745;  // standard deviation of normal noise
  std::optional<Spike> largest;
  for (size_t i = kAround; i < trace.size(); ++i) {
    const double up = trace.value[i] - level[i];
    if (up <= kSpikeSize * level[i] || up <= kSpike * usual) continue;
    if (!largest || up / usual > largest->deviations) {
      largest = Spike{trace.epoch[i], up / usual, trace.value[i], level[i]};
    }
  }
  return largest;
}

std::vector<Remedy> smaller_steps(const RunEvidence& e) {
  const double rate = settings_of_run(e).train.rate.peak;
  return {{{learning_rate_patch(rate / 10)},
           "Divide the learning rate by 10.",
           "The losses fall and stay low."},
          {{"train.clip_norm=1"},
           "Clip the gradient norm.",
           "Single batches no longer raise the loss."}};
}

Evidence divergence_of(const Trace& trace, const std::string& what, std::string& text) {
  const auto lowest = std::min_element(trace.value.begin(), trace.value.end());
  const int epoch = trace.epoch[static_cast<size_t>(lowest - trace.value.begin())];
  text += fmt::format("The {} is lowest at epoch {} ({:.4g}) and ends at {:.4g}. ", what, epoch,
                      *lowest, end_of(trace));
  return measured(fmt::format("final {} over its lowest value", what), end_of(trace) / *lowest, "",
                  file_of<LossComponentsRow>(), kRise, trace.epoch.back());
}

}  // namespace

std::optional<Finding> check_plateau(const RunEvidence& e) {
  const Trace loss = raw_loss(e.record, Phase::train);
  if (loss.size() < kFewestEpochs || loss.value.front() <= 0 || diverges(loss)) return std::nullopt;
  const std::string file = file_of<LossComponentsRow>();
  const double rate = settings_of_run(e).train.rate.peak;
  if (fall_of(loss) < kNoFall) {
    return finding(
        Severity::medium,
        fmt::format(
            "From epoch {} to the end, the unweighted sum of the training losses changes from "
            "{:.4g} to {:.4g}, a fall of {:.2f} %. Nothing was learned after the first epoch.",
            loss.epoch.front(), loss.value.front(), end_of(loss), 100 * fall_of(loss)),
        {measured("fall of the training loss over the run", 100 * fall_of(loss), "%", file,
                  100 * kNoFall, loss.epoch.back())},
        {{{learning_rate_patch(10 * rate)},
          "Raise the learning rate.",
          "The training loss falls. If it does not, the inputs contain no signal."}});
  }
  const Trace half = loss.tail(0.5);
  const double late = fall_of(half) * 10 / static_cast<double>(half.size());
  if (half.size() < kFewestEpochs || std::abs(late) >= kNoLateFall) return std::nullopt;
  return finding(Severity::note,
                 fmt::format("From epoch {}, the unweighted sum of the training losses falls by "
                             "{:.3f} % in 10 epochs.",
                             half.epoch.front(), 100 * late),
                 {measured("fall of the training loss in 10 epochs", 100 * late, "%", file,
                           100 * kNoLateFall, half.epoch.front())},
                 {{{"train.schedule=cosine"},
                   "Let the learning rate decay towards the end.",
                   "The loss reaches a minimum that larger steps overshoot."}},
                 "Training loss plateaus in the second half");
}

std::optional<Finding> check_divergence(const RunEvidence& e) {
  const Trace loss = raw_loss(e.record, Phase::train);
  Severity severity = Severity::note;
  std::string title, text;
  std::vector<Evidence> evidence;
  if (diverges(loss)) {
    severity = Severity::high;
    evidence.push_back(divergence_of(loss, "unweighted sum of the training losses", text));
  }
  for (const Task task : learned_tasks(e)) {
    const Trace trace = task_loss(e.record, Phase::train, task);
    if (!diverges(trace)) continue;
    const bool worse = end_of(trace) > kWorseThanStart * trace.value.front();
    severity = std::max(severity, worse ? Severity::high : Severity::medium);
    evidence.push_back(
        divergence_of(trace, fmt::format("training loss of {}", name_of(task)), text));
  }
  if (evidence.empty()) {
    const auto spike = largest_spike(loss);
    if (!spike) return std::nullopt;
    title = "Training loss has spikes";
    text = fmt::format(
        "At epoch {} the unweighted sum of the training losses is {:.4g}; in the epochs around it, "
        "the median is {:.4g}.",
        spike->epoch, spike->value, spike->level);
    evidence = {measured("spike above the running median, in median deviations", spike->deviations,
                         "", file_of<LossComponentsRow>(), kSpike, spike->epoch)};
  }
  return finding(severity, text, std::move(evidence), smaller_steps(e), title);
}

std::optional<Finding> check_oscillation(const RunEvidence& e) {
  const Trace loss = raw_loss(e.record, Phase::train).tail(0.5);
  if (loss.size() < kFewestEpochs) return std::nullopt;
  std::vector<double> changes;
  size_t turns = 0;
  for (size_t i = 1; i < loss.size(); ++i) {
    changes.push_back(std::abs(loss.value[i] - loss.value[i - 1]));
    if (i >= 2) {
      turns += (loss.value[i] - loss.value[i - 1]) * (loss.value[i - 1] - loss.value[i - 2]) < 0;
    }
  }
  const double level = median_of(loss.value);
  const double swing = median_of(changes) / level;
  const double turning = static_cast<double>(turns) / static_cast<double>(loss.size() - 2);
  if (!(level > 0) || swing <= kSwing || turning <= kTurns) return std::nullopt;
  const std::string text = fmt::format(
      "From epoch {}, the training loss changes by {:.1f} % between epochs and reverses direction "
      "in {:.0f} % of them.",
      loss.epoch.front(), 100 * swing, 100 * turning);
  std::vector<Evidence> evidence = {
      measured("median change between epochs", 100 * swing, "%", file_of<LossComponentsRow>(),
               100 * kSwing, loss.epoch.front()),
      measured("epochs in which it reverses direction", 100 * turning, "%",
               file_of<LossComponentsRow>(), 100 * kTurns)};
  const Recipe recipe = settings_of_run(e);
  return finding(Severity::medium, text, std::move(evidence),
                 {{{learning_rate_patch(recipe.train.rate.peak / 10)},
                   "Lower the learning rate.",
                   "The loss settles."},
                  {{fmt::format("train.batch={}", 2 * recipe.train.batch)},
                   "Double the batch size.",
                   "The oscillation shrinks by about a third."}});
}

std::optional<Finding> check_pace(const RunEvidence& e) {
  Trace time;
  for (const EpochMetricsRow& row : e.record.epoch_metrics) {
    time.add(row.epoch, row.epoch_time);
  }
  if (time.empty()) return std::nullopt;
  const double usual = median_of(time.value);
  const auto slowest = std::max_element(time.value.begin(), time.value.end());
  const bool stalled = *slowest > kStalled;
  if (!stalled && (*slowest <= kStallFactor * usual || *slowest - usual <= kStallSeconds)) {
    return std::nullopt;
  }
  const int epoch = time.epoch[static_cast<size_t>(slowest - time.value.begin())];
  const Severity severity = stalled ? Severity::medium : Severity::note;
  const std::string text =
      fmt::format("Epoch {} took {:.3g} s, the median epoch {:.3g} s.", epoch, *slowest, usual);
  std::vector<Evidence> evidence = {measured("time of the slowest epoch", *slowest, "s",
                                             file_of<EpochMetricsRow>(),
                                             std::min(kStallFactor * usual, kStalled), epoch)};
  return finding(severity, text, std::move(evidence),
                 {{{},
                   "Check what else ran on the machine and whether its disk was slow.",
                   "All epochs take about the same time."}});
}

}  // namespace spanlab
