// Span probabilities that are wrong on average: raised by the weight of bars inside spans (C4), or
// miscalibrated for another reason (C6).
#include <fmt/format.h>

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

constexpr double kLifted = 2.0;         // mean probability, in base rates
constexpr double kLiftedBy = 0.05;      // and at least so much above it
constexpr double kWorseThanHalf = 1.0;  // loss, in losses of always answering 0.5
constexpr double kCalibration = 0.10;   // expected calibration error

// Mean probability of the validation bars after the last epoch.
std::optional<double> mean_probability(const RunEvidence& e, double pi) {
  if (e.model && !e.model->validation.output.span.empty()) {
    return mean_of(e.model->validation.output.span);
  }
  const ProbabilityStatsRow* row = last_row(e.record.probability_stats, Phase::val);
  if (row == nullptr || !std::isfinite(row->out_span.mean)) return std::nullopt;
  return row->out_span.mean + (std::isfinite(row->separation) ? pi * row->separation : 0.0);
}

// Cross-entropy of always answering p where bars inside spans weigh w. Nats a bar.
double constant_loss(double pi, double w, double p) {
  return -w * pi * std::log(p) - (1.0 - pi) * std::log1p(-p);
}

// The constant prediction of least weighted loss.
double best_constant(double pi, double w) {
  return w * pi / (w * pi + 1.0 - pi);
}

std::optional<Finding> lifted_probabilities(const RunEvidence& e) {
  const auto pi = base_rate(e);
  if (!pi || pi->file != "windows" || !(pi->value > 0.0 && pi->value < 1.0)) return std::nullopt;
  if (!learns(e, Task::span) || !span_loss_is_cross_entropy(e)) return std::nullopt;
  const auto p = mean_probability(e, pi->value);
  if (!p) return std::nullopt;
  const double w = pos_weight(e);
  const double half = constant_loss(pi->value, w, 0.5);
  const LossComponentsRow* row = last_row(e.record.loss_components, Phase::val);
  const double loss = row == nullptr ? kNone : loss_of(*row, Task::span);
  const bool lifted = *p > kLifted * pi->value && *p > pi->value + kLiftedBy;
  const bool sunk = w < 1.0 && *p < pi->value / kLifted;
  const bool worse = loss > kWorseThanHalf * half;
  if (!lifted && !sunk && !worse) return std::nullopt;

  const double constant = best_constant(pi->value, w);
  std::string text = fmt::format(
      "The mean span probability is {:.3f}, {:.1f} times the base rate of {:.4f}. Bars inside "
      "spans have weight {} in the loss; the best constant prediction is then w pi / (w pi + 1 - "
      "pi) = {:.3f} with a loss of {:.3f} nats.",
      *p, *p / pi->value, pi->value, number_text(w), constant,
      constant_loss(pi->value, w, constant));
  std::vector<Evidence> evidence{
      measured("mean span probability", *p, "",
               e.model ? e.model->file : file_of<ProbabilityStatsRow>(), kLifted * pi->value),
      measured("base rate", pi->value, "", pi->file),
      measured("best constant prediction", constant, "", pi->file),
      measured("loss of the best constant prediction", constant_loss(pi->value, w, constant),
               "nats", pi->file)};
  if (std::isfinite(loss)) {
    text += fmt::format(
        " The validation span loss is {:.3f}, {} than the {:.3f} of always predicting 0.5.", loss,
        worse ? "worse" : "better", half);
    evidence.push_back(measured("span loss", loss, "nats", file_of<LossComponentsRow>(),
                                kWorseThanHalf * half, row->epoch));
  }
  std::vector<Remedy> remedies;
  if (w != 1.0) {
    remedies.push_back({{"loss.span_pos_weight=1"},
                        "Remove the weight and choose a lower threshold instead.",
                        "Probabilities estimate the chance of being inside a span."});
    remedies.push_back(
        {{},
         fmt::format("Subtract ln {} = {:.3f} from the span head's log odds.", number_text(w),
                     std::log(w)),
         "The mean probability becomes the base rate; the ranking of the bars does not change."});
  } else {
    remedies.push_back({{"model.span_start=prior"},
                        "Start the span head at the log odds of the base rate.",
                        "The mean probability starts at the base rate."});
  }
  return finding(worse ? Severity::high : Severity::medium, text, std::move(evidence),
                 std::move(remedies));
}

std::optional<Finding> miscalibrated(const RunEvidence& e) {
  if (!e.evaluation) return std::nullopt;
  const auto error = metric(e.evaluation->model.metrics, Metric::calibration_error);
  const auto skill = metric(e.evaluation->model.metrics, Metric::brier_skill);
  if (!error && !skill) return std::nullopt;
  const bool off = error && error->value > kCalibration;
  // A skill that is only just below 0 is within the noise of the sample.
  const bool unskilled = skill && skill->value < 0.0 && skill->high < 0.0;
  if (!off && !unskilled) return std::nullopt;
  std::string text;
  std::vector<Evidence> evidence;
  if (error) {
    text +=
        fmt::format("Span probabilities differ from the observed frequency by {:.3f} on average. ",
                    error->value);
    evidence.push_back(measured("calibration error", error->value, "", "evaluation", kCalibration));
  }
  if (skill) {
    text += fmt::format(
        "Their Brier score is {} than that of always predicting the base rate (skill {:.3f}, 95 % "
        "interval {:.3f} to {:.3f}).",
        skill->value < 0.0 ? "worse" : "better", skill->value, skill->low, skill->high);
    evidence.push_back(measured("Brier skill", skill->value, "", "evaluation", 0.0));
  }
  std::vector<Remedy> remedies{{{},
                                "Fit a temperature or a logistic curve to the log odds on windows "
                                "used neither for training nor for reporting.",
                                "Calibration error falls. The ranking of the bars, and so average "
                                "precision, does not change."}};
  if (pos_weight(e) != 1.0) {
    remedies.insert(remedies.begin(), {{"loss.span_pos_weight=1"},
                                       "Remove the weight of bars inside spans.",
                                       "The weight no longer raises the probabilities."});
  }
  return finding(Severity::medium, text, std::move(evidence), std::move(remedies));
}

}  // namespace

std::vector<Rule> calibration_rules() {
  return {
      {"C4",
       "Span probabilities are biased",
       "mean span probability compared with the base rate; span loss compared with that of always "
       "predicting 0.5",
       "mean above 2 base rates and 0.05 above the base rate, or loss above that of 0.5",
       "overfitting, which also raises the validation loss but leaves the mean near the base rate",
       {"C6"},
       lifted_probabilities},
      {"C6",
       "Span probabilities are badly calibrated",
       "calibration error over 10 bins of equal size; Brier skill relative to the base rate",
       "error above 0.10, or the whole interval of the skill below 0",
       "a model that does not rank bars: a collapsed model is well calibrated",
       {},
       miscalibrated},
  };
}

}  // namespace spanlab
