// Progress of a run by its course and settings: loss against score (G6), dropout
// (G7), how far the loss fell (R1), an epoch picked from noise (R2).
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include "spanlab/diagnose/rule.h"
#include "spanlab/diagnose/run_facts.h"
#include "spanlab/diagnose/trace.h"

namespace spanlab {
namespace {

constexpr double kFall = 0.01;        // of the validation loss that counts as a fall
constexpr int kEpochsForTrend = 10;   // fewer epochs show no trend
constexpr double kCorrelation = 0.5;  // between loss and score over the epochs
constexpr double kMuchDropout = 0.5;
constexpr double kExtremeDropout = 0.8;
constexpr double kProgress = 0.25;    // fall of the validation loss
constexpr double kPickedNoise = 1.0;  // best over level of late F1, in their own spread

double correlation(const std::vector<double>& a, const std::vector<double>& b) {
  const auto n = static_cast<double>(a.size());
  double ma = 0.0, mb = 0.0;
  for (size_t i = 0; i < a.size(); ++i) {
    ma += a[i] / n;
    mb += b[i] / n;
  }
  double saa = 0.0, sbb = 0.0, sab = 0.0;
  for (size_t i = 0; i < a.size(); ++i) {
    saa += (a[i] - ma) * (a[i] - ma);
    sbb += (b[i] - mb) * (b[i] - mb);
    sab += (a[i] - ma) * (b[i] - mb);
  }
  return saa > 0.0 && sbb > 0.0 ? sab / std::sqrt(saa * sbb) : kNone;
}

// A span score and the loss that training watches, epoch by epoch.
struct Courses {
  std::vector<int> epoch;
  std::vector<double> loss, score;
  std::string score_name, file;
};

Courses loss_and_score(const RunEvidence& e) {
  Courses c;
  c.score_name = "span F1";
  c.file = file_of<EpochMetricsRow>();
  for (const EpochMetricsRow& row : e.record.epoch_metrics) {
    if (!std::isfinite(number(row.val_loss)) || !std::isfinite(number(row.span_f1))) continue;
    c.epoch.push_back(row.epoch);
    c.loss.push_back(*row.val_loss);
    c.score.push_back(*row.span_f1);
  }
  return c;
}

std::optional<Finding> loss_apart_from_score(const RunEvidence& e) {
  const Courses c = loss_and_score(e);
  if (c.loss.size() < static_cast<size_t>(kEpochsForTrend) || !learns(e, Task::span)) {
    return std::nullopt;
  }
  const auto lowest = std::min_element(c.loss.begin(), c.loss.end());
  const int lowest_epoch = c.epoch[static_cast<size_t>(lowest - c.loss.begin())];
  const double fall = (c.loss.front() - *lowest) / std::abs(c.loss.front());
  const double r = correlation(c.loss, c.score);
  const bool still = !std::isfinite(r) && fall > kFall;
  if (!still && !(r > -kCorrelation)) return std::nullopt;

  std::string text =
      still ? fmt::format(
                  "The validation loss falls by {} to its lowest at epoch {} while {} stays at "
                  "{:.4f} in all {} epochs",
                  percent(fall), lowest_epoch, c.score_name, c.score.back(), c.score.size())
            : fmt::format(
                  "Over {} epochs, validation loss and {} have a correlation of {:.2f}; a loss "
                  "that tracks the score has -1",
                  c.score.size(), c.score_name, r);
  text += ": the loss does not show which epoch finds spans best.";
  std::vector<Evidence> evidence{
      measured("fall of the validation loss to its lowest", 100.0 * fall, "%", c.file, {},
               lowest_epoch),
      measured("last " + c.score_name, c.score.back(), "", c.file, {}, c.epoch.back())};
  if (!still) {
    evidence.push_back(measured("correlation of loss and score", r, "", c.file, -kCorrelation));
  }
  std::vector<Remedy> remedies;
  if (e.record.loss_components.empty() || !e.recipe || e.recipe->loss.tasks.size() > 1) {
    remedies.push_back({{"loss.tasks=[\"span\"]", "balancing.method=sum"},
                        "Train the span task alone.",
                        "The loss tracks the span score."});
  }
  remedies.push_back(
      {{},
       "Monitor average precision instead of F1 at 0.5: it changes as soon as bars are ranked.",
       "Progress is visible before any bar reaches the threshold."});
  return finding(Severity::medium, text, std::move(evidence), std::move(remedies));
}

std::optional<Finding> much_dropout(const RunEvidence& e) {
  if (!e.recipe) return std::nullopt;
  const auto& model = e.recipe->model;
  double highest = std::max(model.input_dropout, model.head_dropout);
  if (model.layers > 1) highest = std::max(highest, model.layer_dropout);
  if (!(highest > kMuchDropout)) return std::nullopt;
  std::string text, patches;
  std::vector<Evidence> evidence;
  Remedy lower{
      {}, "Lower the dropout.", "Training and validation losses come closer, and both fall."};
  const auto look = [&](const char* name, double rate) {
    if (!(rate > kMuchDropout)) return;
    text += fmt::format(
        "model.{} drops {} of its inputs in training. The rest is scaled by {:.1f}, and a step "
        "uses only {} of them. ",
        name, percent(rate), 1.0 / (1.0 - rate), percent(1.0 - rate));
    evidence.push_back(measured(name, 100.0 * rate, "%", "metadata.json", 100.0 * kMuchDropout));
    lower.patch.push_back(fmt::format("model.{}=0.3", name));
  };
  look("input_dropout", model.input_dropout);
  if (model.layers > 1) look("layer_dropout", model.layer_dropout);
  look("head_dropout", model.head_dropout);
  text.pop_back();
  return finding(highest > kExtremeDropout ? Severity::medium : Severity::note, text,
                 std::move(evidence), {lower});
}

std::optional<Finding> little_progress(const RunEvidence& e) {
  std::vector<double> loss;
  int best_epoch = 0;
  double best = kNone;
  for (const EpochMetricsRow& row : e.record.epoch_metrics) {
    const double value = number(row.val_loss);
    if (!std::isfinite(value)) continue;
    loss.push_back(value);
    if (!(value >= best)) {
      best = value;
      best_epoch = row.epoch;
    }
  }
  if (loss.size() < 2 || !(loss.front() > 0.0)) return std::nullopt;
  const double fall = (loss.front() - best) / loss.front();
  if (fall >= kProgress) return std::nullopt;
  const std::string text = fmt::format(
      "The validation loss falls from {:.4g} in the first epoch to {:.4g} at best (epoch {}), by "
      "{}. At the last of {} epochs it is {:.4g}.",
      loss.front(), best, best_epoch, percent(fall), loss.size(), loss.back());
  std::vector<Remedy> remedies;
  if (e.recipe && loss.size() < 50) {
    remedies.push_back({{fmt::format("train.epochs={}", 2 * e.recipe->train.epochs)},
                        "Train longer.",
                        "The loss falls further if it was still falling."});
  }
  remedies.push_back({{},
                      "Compare with the trivial predictors before training longer: a first epoch "
                      "at their level leaves little to gain.",
                      "The comparison shows whether anything is left to learn."});
  return finding(Severity::note, text,
                 {measured("fall of the validation loss", 100.0 * fall, "%",
                           file_of<EpochMetricsRow>(), 100.0 * kProgress, best_epoch)},
                 std::move(remedies));
}

std::optional<Finding> picked_epoch(const RunEvidence& e) {
  std::vector<double> f1;
  for (const EpochMetricsRow& row : e.record.epoch_metrics) {
    if (std::isfinite(number(row.span_f1))) f1.push_back(*row.span_f1);
  }
  if (f1.size() < static_cast<size_t>(2 * kEpochsForTrend)) return std::nullopt;
  const std::vector<float> late(f1.begin() + static_cast<std::ptrdiff_t>(f1.size() / 2), f1.end());
  const double level = mean_of(late), noise = spread_of(late);
  const double best = *std::max_element(f1.begin(), f1.end());
  const auto pi = base_rate(e);
  if (!pi || !(noise > 0.0)) return std::nullopt;
  const double gain = level - all_positive_f1(pi->value);
  if (!(best - level > kPickedNoise * noise) || !(best - level > std::max(gain, 0.0))) {
    return std::nullopt;
  }
  const std::string compared =
      gain > 0.0
          ? fmt::format("more than the {:.3f} that the run gains over predicting every bar", gain)
          : fmt::format("while the run gains nothing over predicting every bar, which has {:.3f}",
                        all_positive_f1(pi->value));
  return finding(
      Severity::note,
      fmt::format("The best epoch's span F1 is {:.3f}. In the second half of the run it is {:.3f} "
                  "with a standard deviation of {:.3f} between epochs. Selecting the best of {} "
                  "epochs on the windows it is reported on adds {:.3f}, {}.",
                  best, level, noise, f1.size(), best - level, compared),
      {measured("best epoch's F1 above the mean of the second half", best - level, "",
                file_of<EpochMetricsRow>(), std::max(gain, 0.0)),
       measured("standard deviation of F1 between epochs", noise, "", file_of<EpochMetricsRow>()),
       measured("gain over predicting every bar", gain, "", file_of<EpochMetricsRow>())},
      {{{},
        "Report the last epoch, or select the epoch on separate windows.",
        "The reported score is that of unseen windows."},
       {{"train.schedule=cosine"},
        "Let the learning rate decay to 0.",
        "F1 settles, and no epoch needs to be selected."}});
}

}  // namespace

std::vector<Rule> progress_rules() {
  return {
      {"G6",
       "Validation loss does not track F1",
       "correlation of validation loss and span F1 over the epochs",
       "above -0.5, or an F1 that never changes while the loss falls",
       "a threshold that no probability reaches, which keeps F1 at 0: average precision still "
       "changes",
       {"R2"},
       loss_apart_from_score},
      {"G7",
       "Dropout above 0.5",
       "dropout rates in effect",
       "above 0.5",
       "dropout that prevents overfitting: training and validation losses are close",
       {"G2", "G4", "C1"},
       much_dropout},
      {"R1",
       "Validation loss hardly falls",
       "fall of the validation loss from the first to the best epoch",
       "below 25 %",
       "a start at the trivial level, from which the loss can fall less",
       {},
       little_progress},
      {"R2",
       "Best epoch is selected from noise",
       "best epoch's span F1 compared with the mean and standard deviation of the second half of "
       "the run",
       "best minus mean above the standard deviation and above the gain over predicting every bar",
       "a run that becomes worse in its second half: see G1",
       {},
       picked_epoch}};
}

}  // namespace spanlab
