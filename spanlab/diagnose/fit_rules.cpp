// Training compared with validation (G1, G2).
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include "spanlab/base/text.h"
#include "spanlab/diagnose/rule.h"
#include "spanlab/diagnose/run_facts.h"
#include "spanlab/diagnose/trace.h"

namespace spanlab {
namespace {

constexpr double kGap = 0.1;             // (validation - training) / training loss
constexpr double kAboveLowest = 0.01;    // of validation loss over its lowest
constexpr double kSlopeCertainty = 1.3;  // t value of a rising slope: p about 0.1, one-sided
constexpr double kBetterByLoss = 0.05;   // (training - validation) / training loss
constexpr double kTooGood = 0.95;        // F1

// t value of the slope of values over their places; NaN with fewer than three.
double slope_certainty(const std::vector<double>& y, size_t from) {
  const auto n = static_cast<double>(y.size() - from);
  if (y.size() < from + 3) return kNone;
  double my = 0.0;
  for (size_t i = from; i < y.size(); ++i) my += y[i] / n;
  double sxx = 0.0, sxy = 0.0, syy = 0.0;
  for (size_t i = from; i < y.size(); ++i) {
    const double dx = static_cast<double>(i - from) - (n - 1.0) / 2.0, dy = y[i] - my;
    sxx += dx * dx;
    sxy += dx * dy;
    syy += dy * dy;
  }
  const double slope = sxy / sxx;
  const double rest = std::max(syy - slope * sxy, 1e-300);
  return slope / std::sqrt(rest / (n - 2.0) / sxx);
}

// How one task fares at the end: the gap between the phases, and the way back to its lowest loss.
struct Fit {
  Task task;
  double train, validation, lowest;
  int lowest_epoch, last_epoch;
  bool rising;

  double gap() const { return (validation - train) / train; }
  double above_lowest() const { return (validation - lowest) / lowest; }
  bool over() const {
    return train > 0.0 && lowest > 0.0 && gap() > kGap && above_lowest() >= kAboveLowest && rising;
  }
};

std::optional<Fit> fit_of(const RunRecord& record, Task task) {
  const Trace train = task_loss(record, Phase::train, task);
  const Trace validation = task_loss(record, Phase::val, task);
  if (train.size() < 5 || validation.size() < 5) return std::nullopt;
  const auto lowest = std::min_element(validation.value.begin(), validation.value.end());
  const auto at = static_cast<size_t>(lowest - validation.value.begin());
  // From the lowest loss on, or the last third if that is longer.
  const size_t from = std::min(at, validation.size() - std::max<size_t>(validation.size() / 3, 3));
  return Fit{task,
             train.value.back(),
             validation.value.back(),
             *lowest,
             validation.epoch[at],
             validation.epoch.back(),
             slope_certainty(validation.value, from) > kSlopeCertainty};
}

std::optional<Finding> over_fitting(const RunEvidence& e) {
  std::string text;
  std::vector<Evidence> evidence;
  int first_lowest = 0;
  for (int t = 0; t < kTaskCount; ++t) {
    const auto fit = fit_of(e.record, static_cast<Task>(t));
    if (!fit || !fit->over()) continue;
    const std::string name(name_of(fit->task));
    text += fmt::format(
        "The {} task's validation loss is lowest ({:.4g}) at epoch {}. It is {:.4g} at epoch {}, "
        "{} higher, while the training loss is {:.4g}. ",
        name, fit->lowest, fit->lowest_epoch, fit->validation, fit->last_epoch,
        percent(fit->above_lowest()), fit->train);
    const std::string file = file_of<LossComponentsRow>();
    evidence.push_back(measured(name + " loss above its lowest", 100.0 * fit->above_lowest(), "%",
                                file, 100.0 * kAboveLowest, fit->last_epoch));
    evidence.push_back(measured(name + " validation over training loss", 100.0 * fit->gap(), "%",
                                file, 100.0 * kGap, fit->last_epoch));
    first_lowest =
        first_lowest == 0 ? fit->lowest_epoch : std::min(first_lowest, fit->lowest_epoch);
  }
  if (evidence.empty()) return std::nullopt;
  text.pop_back();
  std::vector<Remedy> remedies{
      {{fmt::format("train.epochs={}", std::max(first_lowest, 1))},
       "Stop where the validation loss was lowest.",
       "The last epoch's model is the best one and has not memorised the training windows."}};
  if (e.recipe) {
    remedies.push_back(
        {{fmt::format("model.hidden={}", std::max(e.recipe->model.hidden / 32 * 16, 16)),
          fmt::format(
              "train.weight_decay={}",
              number_text(std::clamp(10.0 * e.recipe->train.adamw.weight_decay, 0.01, 1.0)))},
         "Use a smaller model with stronger weight decay.",
         "The gap between training and validation loss narrows."});
  }
  return finding(Severity::medium, text, std::move(evidence), std::move(remedies));
}

std::optional<Finding> better_in_validation(const RunEvidence& e) {
  const LossComponentsRow* train = last_row(e.record.loss_components, Phase::train);
  const LossComponentsRow* validation = last_row(e.record.loss_components, Phase::val);
  std::string text;
  std::vector<Evidence> evidence;
  for (int t = 0; train != nullptr && validation != nullptr && t < kTaskCount; ++t) {
    const auto task = static_cast<Task>(t);
    const double in = loss_of(*train, task), out = loss_of(*validation, task);
    if (!(in > 0.0) || !(in - out > kBetterByLoss * in)) continue;
    text +=
        fmt::format("The {} task's validation loss {:.4g} is {} below its training loss {:.4g}. ",
                    name_of(task), out, percent((in - out) / in), in);
    evidence.push_back(measured(fmt::format("{} validation below training loss", name_of(task)),
                                100.0 * (in - out) / in, "%", file_of<LossComponentsRow>(),
                                100.0 * kBetterByLoss, validation->epoch));
  }
  const auto f1 =
      e.evaluation ? metric(e.evaluation->model.metrics, Metric::f1) : std::optional<Interval>{};
  const bool too_good = f1 && f1->value > kTooGood;
  if (too_good) {
    text += fmt::format(
        "Span F1 on the validation windows is {:.3f}, which is implausible for unseen windows. ",
        f1->value);
    evidence.push_back(measured("span F1", f1->value, "", "evaluation", kTooGood));
  }
  if (evidence.empty()) return std::nullopt;
  text +=
      "Training losses include dropout, validation losses do not. If dropout does not explain it, "
      "windows are on both sides of the split.";
  std::vector<Remedy> remedies;
  if (!e.recipe || e.recipe->split.kind == SplitKind::random) {
    remedies.push_back(
        {{"split.kind=grouped"},
         "Keep windows that share bars on one side of the split.",
         "If the validation loss rises above the training loss, there was leakage."});
  }
  remedies.push_back({{"model.head_dropout=0", "model.input_dropout=0"},
                      "Train once without dropout, so that both losses are comparable.",
                      "The gap changes sign if dropout caused it."});
  return finding(too_good ? Severity::medium : Severity::note, text, std::move(evidence),
                 std::move(remedies));
}

}  // namespace

std::vector<Rule> fit_rules() {
  return {{"G1",
           "Model overfits",
           "each task's validation loss compared with its lowest value and with its training loss",
           "10 % above the training loss, 1 % above its lowest value, rising with p below 0.1",
           "validation windows from another market: the gap exists from the first epoch",
           {"C6", "R2"},
           over_fitting},
          {"G2",
           "Validation is better than training",
           "each task's validation loss compared with its training loss; span F1",
           "more than 5 % below, or F1 above 0.95",
           "dropout, which raises only the training losses",
           {},
           better_in_validation}};
}

}  // namespace spanlab
