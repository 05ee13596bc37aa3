// The model compared with trivial predictors (T1), and the features with raw returns (T2).
#include <fmt/format.h>

#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include "spanlab/diagnose/rule.h"
#include "spanlab/diagnose/run_facts.h"
#include "spanlab/metrics/bootstrap.h"
#include "spanlab/metrics/probe.h"
#include "spanlab/metrics/ranking.h"
#include "spanlab/metrics/scaled_returns.h"

namespace spanlab {
namespace {

constexpr double kSurelyBetter = 0.0;  // lower end of the gain in average precision
constexpr uint64_t kSeed = 1;          // of the bootstrap
constexpr int kDraws = 500;

std::vector<Remedy> beat_trivial_remedies(const RunEvidence& e, const Judged& best) {
  std::vector<Remedy> remedies;
  if (!e.recipe || e.recipe->loss.tasks.size() > 1) {
    remedies.push_back(
        {{"loss.tasks=[\"span\"]", "balancing.method=sum"},
         "Train the span task alone.",
         "If the other tasks suppressed it, the model beats the trivial predictor."});
  }
  if (!e.recipe || e.recipe->model.head_dropout > 0.3) {
    remedies.push_back(
        {{"model.head_dropout=0.2", "model.input_dropout=0.1"},
         "Lower the dropout, so that the model can learn at least what a fixed formula computes.",
         "Average precision approaches that of the trivial predictor."});
  }
  remedies.push_back(
      {{},
       fmt::format("Add the inputs of {} to the features, or use {} itself.", best.name, best.name),
       "The model has at least the information of the trivial predictor."});
  return remedies;
}

std::optional<Finding> no_better_than_trivial(const RunEvidence& e) {
  if (!e.evaluation) return std::nullopt;
  const auto model = metric(e.evaluation->model.metrics, Metric::average_precision);
  const Judged* best = e.evaluation->strongest_trivial();
  if (!model || best == nullptr) return std::nullopt;
  const auto trivial = metric(best->metrics, Metric::average_precision);
  const auto gain = metric(best->gain, Metric::average_precision);
  const double difference = gain ? gain->value : model->value - trivial->value;
  const bool surely_better = gain ? gain->low > kSurelyBetter : difference > kSurelyBetter;
  if (surely_better) return std::nullopt;

  std::string text = fmt::format(
      "On {} windows with {} bars inside spans, the model's average precision is {:.3f} ({:.3f} to "
      "{:.3f}). That of {} ({}) is {:.3f} ({:.3f} to {:.3f}).",
      e.evaluation->windows, e.evaluation->positives, model->value, model->low, model->high,
      best->name, best->description, trivial->value, trivial->low, trivial->high);
  if (gain) {
    text += fmt::format(" The paired difference is {} ({} to {}): {}.", with_sign(difference, 3),
                        with_sign(gain->low, 3), with_sign(gain->high, 3),
                        gain->high < 0.0 ? "the model is worse" : "there is no significant gain");
  }
  std::vector<Evidence> evidence{
      measured("average precision of the model", model->value, "", "evaluation", trivial->value),
      measured("average precision of " + best->name, trivial->value, "", "evaluation"),
      measured("gain over " + best->name, difference, "", "evaluation", kSurelyBetter)};
  if (gain) {
    evidence.push_back(measured("lower end of the gain", gain->low, "", "evaluation"));
    evidence.push_back(measured("upper end of the gain", gain->high, "", "evaluation"));
  }
  // To lose against a good predictor costs quality; to be level with a random order leaves nothing.
  const bool knows_nothing = model->value < kAtRandom * e.evaluation->base_rate();
  return finding(knows_nothing ? Severity::high : Severity::medium, text, std::move(evidence),
                 beat_trivial_remedies(e, *best));
}

// The trivial predictor that is the probe on the features; null if it is not there.
const Judged* feature_probe(const Evaluation& evaluation) {
  for (const Judged& trivial : evaluation.trivial) {
    if (trivial.name == "logistic") return &trivial;
  }
  return nullptr;
}

// Scores of the validation windows by the same probe on returns, learned from the training windows.
std::vector<float> returns_probe(const RunData& data, const Evaluation& evaluation) {
  const int length = data.dataset.length;
  const auto returns_of = [&](const std::vector<int>& chosen) {
    return volatility_scaled_returns(data.series(), data.windows, chosen, length);
  };
  const std::vector<float> train = returns_of(data.split.train);
  const std::vector<float> test = returns_of(data.split.validation);
  const LogisticProbe probe({evaluation.train_windows, length, kScaledReturns, train},
                            evaluation.train_mask);
  return probe.scores({evaluation.windows, length, kScaledReturns, test});
}

// Average precision of two scores on the same windows, and of their difference.
struct Pair {
  double a, b;
  Interval difference;
};

Pair paired(const Evaluation& evaluation, const std::vector<float>& a,
            const std::vector<float>& b) {
  const auto ranked = [&](const std::vector<float>& scores) {
    return RankedBars(
        {evaluation.windows, evaluation.length, scores, evaluation.mask, evaluation.group});
  };
  const RankedBars bars_a = ranked(a), bars_b = ranked(b);
  const std::vector<double> once(static_cast<size_t>(evaluation.windows), 1.0);
  const double ap_a = average_precision(bars_a.weigh(once));
  const double ap_b = average_precision(bars_b.weigh(once));
  const GroupBootstrap bootstrap(evaluation.group, kSeed);
  std::vector<double> differences;
  for (int draw = 0; draw < kDraws; ++draw) {
    const std::vector<double> weights = bootstrap.weights(draw);
    differences.push_back(average_precision(bars_a.weigh(weights)) -
                          average_precision(bars_b.weigh(weights)));
  }
  return {ap_a, ap_b, percentile_interval(ap_a - ap_b, std::move(differences))};
}

bool has_probes(const RunEvidence& e) {
  if (!e.data || !e.evaluation || e.evaluation->positives == 0) return false;
  const auto bars = [&](int windows) {
    return static_cast<size_t>(windows) * static_cast<size_t>(e.data->dataset.length);
  };
  return e.data->split.train.size() == static_cast<size_t>(e.evaluation->train_windows) &&
         e.data->split.validation.size() == static_cast<size_t>(e.evaluation->windows) &&
         e.evaluation->train_mask.size() == bars(e.evaluation->train_windows) &&
         e.evaluation->mask.size() == bars(e.evaluation->windows) &&
         e.evaluation->train_windows > 0 && e.evaluation->windows > 0;
}

std::optional<Finding> features_lose_returns(const RunEvidence& e) {
  if (!has_probes(e)) return std::nullopt;
  const Judged* features = feature_probe(*e.evaluation);
  if (features == nullptr || features->test_scores.size() != e.evaluation->mask.size()) {
    return std::nullopt;
  }
  const Pair ap =
      paired(*e.evaluation, returns_probe(*e.data, *e.evaluation), features->test_scores);
  if (!(ap.difference.low > kSurelyBetter)) return std::nullopt;
  const std::string text = fmt::format(
      "A logistic regression on {} returns and ranges, each divided by its recent size, has an "
      "average precision of {:.3f}. On the {} features of the run it has {:.3f}. The difference is "
      "{} ({} to {}): the features lose information that the bars contain.",
      kScaledReturns, ap.a, e.data->dataset.features, ap.b, with_sign(ap.difference.value, 3),
      with_sign(ap.difference.low, 3), with_sign(ap.difference.high, 3));
  std::vector<Remedy> remedies;
  if (!e.recipe || e.recipe->data.feature_mode == FeatureMode::per_window) {
    remedies.push_back({{"data.feature_mode=continuous"},
                        "Compute features over the whole series, so that those of a window's first "
                        "bars include the bars before it.",
                        "Volatility and swing features are correct from the first bar."});
  }
  remedies.push_back({{},
                      "Add features of the change over 3 to 13 bars, divided by its usual size.",
                      "The regression on the features ranks bars as well as on returns."});
  return finding(
      Severity::medium, text,
      {measured("average precision from returns", ap.a, "", "windows"),
       measured("average precision from the features", ap.b, "", "windows"),
       measured("difference", ap.difference.value, "", "windows"),
       measured("lower end of the difference", ap.difference.low, "", "windows", kSurelyBetter)},
      std::move(remedies));
}

}  // namespace

std::vector<Rule> trivial_rules() {
  return {
      {"T1",
       "Model does not beat a trivial predictor",
       "average precision of the model minus that of the best trivial predictor, paired by windows",
       "the 95 % interval of the gain reaches 0 or below",
       "too few validation windows to show a gain: the interval is wide, see D6",
       {},
       no_better_than_trivial},
      {"T2",
       "Features lose information that the bars contain",
       "average precision of the same logistic regression on volatility-scaled returns and on the "
       "run's features, paired by windows",
       "the 95 % interval of the difference is above 0",
       "a model that does not use its features: T1 shows the regression on the features",
       {"G4", "C1", "T1"},
       features_lose_returns},
  };
}

}  // namespace spanlab
