// Whether predictions (G4) and labels (R3) depend on the bars.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "spanlab/diagnose/rule.h"
#include "spanlab/diagnose/run_facts.h"
#include "spanlab/metrics/ranking.h"

namespace spanlab {
namespace {

constexpr double kGain = 1.05;  // average precision over that with other windows' bars
constexpr int kFewWindows = 8;  // too few to exchange
constexpr int kExchanges = 40;  // at most

double ap_of(const Evaluation& evaluation, const std::vector<float>& scores) {
  const ScoredWindows scored{evaluation.windows, evaluation.length, scores, evaluation.mask,
                             evaluation.group};
  const std::vector<double> once(static_cast<size_t>(evaluation.windows), 1.0);
  return average_precision(RankedBars(scored).weigh(once));
}

// Each window's scores replaced by those of the window `shift` further. A window's prediction
// depends on its own bars alone, so these are the predictions for another window's bars.
std::vector<float> exchanged(const Evaluation& evaluation, int shift) {
  std::vector<float> scores = evaluation.model.test_scores;
  std::rotate(scores.begin(), scores.begin() + shift * evaluation.length, scores.end());
  return scores;
}

bool has_scores(const Evaluation& evaluation) {
  const size_t bars =
      static_cast<size_t>(evaluation.windows) * static_cast<size_t>(evaluation.length);
  return bars > 0 && evaluation.model.test_scores.size() == bars &&
         evaluation.mask.size() == bars &&
         evaluation.group.size() == static_cast<size_t>(evaluation.windows) &&
         std::all_of(evaluation.model.test_scores.begin(), evaluation.model.test_scores.end(),
                     [](float p) { return std::isfinite(p); });
}

std::optional<Finding> input_does_not_matter(const RunEvidence& e) {
  if (!e.evaluation || e.evaluation->windows < kFewWindows || !has_scores(*e.evaluation) ||
      e.evaluation->positives == 0) {
    return std::nullopt;
  }
  const Evaluation& evaluation = *e.evaluation;
  const double own = ap_of(evaluation, evaluation.model.test_scores);
  const int exchanges = std::min(evaluation.windows - 1, kExchanges);
  double sum = 0.0;
  int as_good = 0;
  for (int shift = 1; shift <= exchanges; ++shift) {
    const double other = ap_of(evaluation, exchanged(evaluation, shift));
    sum += other;
    if (other >= own) ++as_good;
  }
  const double others = sum / exchanges;
  if (own > kGain * others) return std::nullopt;
  const std::string text = fmt::format(
      "Average precision on the {} validation windows is {:.3f}. With the bars of another window "
      "it is {:.3f} on average over {} exchanges, and no lower in {} of them: a prediction does "
      "not depend on the bars of its window.",
      evaluation.windows, own, others, exchanges, as_good);
  std::vector<Remedy> remedies;
  if (e.recipe && e.recipe->model.head_dropout > 0.3) {
    remedies.push_back({{"model.head_dropout=0.2", "model.input_dropout=0.1"},
                        "Lower the dropout of inputs and encoder output.",
                        "Average precision is higher with a window's own bars than with others."});
  }
  if (e.recipe && e.recipe->loss.tasks.size() > 1) {
    remedies.push_back(
        {{"loss.tasks=[\"span\"]", "balancing.method=sum"},
         "Train the span task alone.",
         "If other tasks dominated the encoder, the predictions begin to depend on the bars."});
  }
  remedies.push_back({{},
                      "Check that windows and bars belong together, and look for a feature that "
                      "separates labelled bars from others.",
                      "A logistic regression on the features ranks bars above the base rate."});
  return finding(
      Severity::high, text,
      {measured("average precision with its own bars", own, "", "evaluation", kGain * others),
       measured("average precision with another window's bars", others, "", "evaluation"),
       measured("exchanges with at least the same average precision", as_good, "", "evaluation")},
      std::move(remedies));
}

// Predictors that look at the bars, not at their place.
bool reads_bars(std::string_view name) {
  return name == "range" || name == "momentum" || name == "logistic";
}

std::optional<Finding> labels_do_not_follow(const RunEvidence& e) {
  if (!e.evaluation || e.evaluation->windows < kFewWindows || e.evaluation->positives == 0) {
    return std::nullopt;
  }
  const double pi = e.evaluation->base_rate();
  std::vector<Evidence> evidence;
  std::string best_name;
  double best = 0.0;
  const auto look = [&](const Judged& judged) {
    const auto ap = metric(judged.metrics, Metric::average_precision);
    if (!ap) return;
    evidence.push_back(measured("average precision of " + judged.name, ap->value, "", "evaluation",
                                kAtRandom * pi));
    if (ap->value > best) {
      best = ap->value;
      best_name = judged.name;
    }
  };
  for (const Judged& trivial : e.evaluation->trivial) {
    if (reads_bars(trivial.name)) look(trivial);
  }
  if (evidence.empty()) return std::nullopt;
  look(e.evaluation->model);
  if (best >= kAtRandom * pi) return std::nullopt;
  const std::string text = fmt::format(
      "No predictor that reads bars ranks labelled bars above others. Of {} predictors, including "
      "the model, {} is best with an average precision of {:.3f}, {:.2f} times the base rate of "
      "{:.3f}.",
      evidence.size(), best_name, best, best / pi, pi);
  return finding(Severity::high, text, std::move(evidence),
                 {{{},
                   "Inspect a few windows with their labels, and check that the windows file was "
                   "made from these bars.",
                   "Range or momentum ranks labelled bars above others."},
                  {{},
                   "Train a control run on labels that are exchanged between windows.",
                   "A run on the true labels is better than its control."}});
}

}  // namespace

std::vector<Rule> input_rules() {
  return {
      {"G4",
       "Predictions ignore the input",
       "average precision with each window's own bars compared with another window's",
       "own up to 1.05 times the other",
       "labels at a preferred position: average precision is above the base rate without looking "
       "at bars",
       {"C5", "T1"},
       input_does_not_matter},
      {"R3",
       "Labels are not predictable from the bars",
       "average precision of range, momentum, logistic regression and model",
       "all below 1.2 base rates",
       "a kind of span that none of these predictors can see: compare with a control run on "
       "exchanged labels",
       {"C1", "G4", "T1"},
       labels_do_not_follow},
  };
}

}  // namespace spanlab
