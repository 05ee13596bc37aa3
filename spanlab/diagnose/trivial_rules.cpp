// The model beside trivial predictors (T1), and the features beside raw returns (T2).
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include "spanlab/diagnose/readings-inl.h"
#include "spanlab/diagnose/rule_parts-inl.h"

namespace spanlab {
namespace {

using namespace readings;

constexpr double kSurelyBetter = 0.0;  // lower end of the gain in average precision

// The trivial predictor of highest average precision; null if none has one.
const Judged* best_trivial(const Evaluation& evaluation) {
  const Judged* best = nullptr;
  double highest = -1.0;
  for (const Judged& trivial : evaluation.trivial) {
    const auto ap = metric(trivial.metrics, Metric::average_precision);
    if (!ap || !(ap->value > highest)) continue;
    highest = ap->value;
    best = &trivial;
  }
  return best;
}

std::vector<Remedy> beat_trivial_remedies(const RunEvidence& e, const Judged& best) {
  std::vector<Remedy> remedies;
  if (!e.recipe || e.recipe->loss.tasks.size() > 1) {
    remedies.push_back({{"loss.tasks=[\"span\"]", "loss.balancing=sum"},
                        "Train the span task alone.",
                        "If the others held it back, the model passes the trivial predictor."});
  }
  if (!e.recipe || e.recipe->model.head_dropout > 0.3) {
    remedies.push_back(
        {{"model.head_dropout=0.2", "model.input_dropout=0.1"},
         "Drop less, so that the model can at least learn what a fixed formula says.",
         "Average precision rises towards that of the trivial predictor."});
  }
  remedies.push_back({{},
                      fmt::format("Give the model what {} sees as an input, or use {} itself.",
                                  best.name, best.name),
                      "The model starts from what is known without it."});
  return remedies;
}

std::optional<Finding> no_better_than_trivial(const RunEvidence& e) {
  if (!e.evaluation) return std::nullopt;
  const auto model = metric(e.evaluation->model.metrics, Metric::average_precision);
  const Judged* best = best_trivial(*e.evaluation);
  if (!model || best == nullptr) return std::nullopt;
  const auto trivial = metric(best->metrics, Metric::average_precision);
  const auto gain = metric(best->gain, Metric::average_precision);
  const double difference = gain ? gain->value : model->value - trivial->value;
  const bool surely_better = gain ? gain->low > kSurelyBetter : difference > kSurelyBetter;
  if (surely_better) return std::nullopt;

  std::string text = fmt::format(
      "On {} windows with {} bars inside spans the model's average precision is {:.3f} ({:.3f} to "
      "{:.3f}); {} ({}) has {:.3f} ({:.3f} to {:.3f}).",
      e.evaluation->windows, e.evaluation->positives, model->value, model->low, model->high,
      best->name, best->description, trivial->value, trivial->low, trivial->high);
  if (gain) {
    text += fmt::format(" The paired difference is {:+.3f} ({:+.3f} to {:+.3f}): {}.", difference,
                        gain->low, gain->high,
                        gain->high < 0.0 ? "the model is worse" : "no gain is shown");
  }
  std::vector<Evidence> evidence{
      measured("average precision of the model", model->value, "", "evaluation", trivial->value),
      measured("average precision of " + best->name, trivial->value, "", "evaluation"),
      measured("gain over " + best->name, difference, "", "evaluation", kSurelyBetter)};
  if (gain) {
    evidence.push_back(measured("lower end of the gain", gain->low, "", "evaluation"));
    evidence.push_back(measured("upper end of the gain", gain->high, "", "evaluation"));
  }
  // Being level with a good predictor costs quality; being surely worse, or level with the base
  // rate, leaves nothing to trust.
  const double pi = e.evaluation->base_rate();
  const bool knows_nothing = model->value < 1.2 * pi || (gain && gain->high < 0.0);
  return finding(knows_nothing ? Severity::high : Severity::medium, text, std::move(evidence),
                 beat_trivial_remedies(e, *best));
}

}  // namespace

std::vector<Rule> trivial_rules() {
  return {
      {"T1",
       "the model does not beat a trivial predictor",
       "average precision of the model less that of the best trivial predictor, paired by windows",
       "the 95 % interval of the gain reaches 0 or below",
       "too few validation windows to show a gain: then the interval is wide, see D6",
       {},
       no_better_than_trivial},
  };
}

}  // namespace spanlab
