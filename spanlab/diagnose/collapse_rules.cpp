// Span probabilities that collapsed to the base rate (C1), a threshold that they never reach
// (C2), and an F1 that marking every bar has as well (C3).
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include "spanlab/diagnose/rule.h"
#include "spanlab/diagnose/run_facts.h"

namespace spanlab {
namespace {

constexpr double kFlatSpread = 0.02;      // of probabilities, standard deviation
constexpr double kFlatSeparation = 0.02;  // mean inside less mean outside
constexpr double kNearBaseRate = 0.02;    // |mean probability - base rate|
constexpr double kNearEntropy = 0.03;     // relative
constexpr double kNoRanking = 1.2;        // average precision, in base rates
constexpr double kThreshold = 0.5;        // at which the run counts a bar as predicted
constexpr double kTrivialF1 = 1.1;        // in F1 of marking every bar

// The span probabilities of the validation bars after the last epoch.
struct Answers {
  double mean, spread, separation, highest, loss;
  std::optional<double> average_precision;
  std::optional<int> epoch;
  std::string file;
};

double pooled_spread(const ProbabilityStatsRow& row, double pi) {
  const double between = std::isfinite(row.separation) ? row.separation : 0.0;
  const double inside = std::isfinite(row.in_span.std) ? row.in_span.std : row.out_span.std;
  return std::sqrt(pi * inside * inside + (1 - pi) * row.out_span.std * row.out_span.std +
                   pi * (1 - pi) * between * between);
}

std::optional<Answers> last_answers(const RunEvidence& e, double pi) {
  const ProbabilityStatsRow* row = last_row(e.record.probability_stats, Phase::val);
  const LossComponentsRow* loss = last_row(e.record.loss_components, Phase::val);
  if (row == nullptr || loss == nullptr || !std::isfinite(row->out_span.mean)) return std::nullopt;
  Answers a;
  a.separation = row->separation;
  a.mean = row->out_span.mean + (std::isfinite(row->separation) ? pi * row->separation : 0.0);
  a.spread = pooled_spread(*row, pi);
  a.highest = std::fmax(row->in_span.max, row->out_span.max);
  a.loss = loss_of(*loss, Task::span);
  a.epoch = row->epoch;
  a.file = file_of<ProbabilityStatsRow>();
  if (!e.record.ranking_stats.empty()) {
    const double ap = e.record.ranking_stats.back().average_precision;
    if (std::isfinite(ap)) a.average_precision = ap;
  }
  if (e.evaluation) {
    if (const auto ap = metric(e.evaluation->model.metrics, Metric::average_precision)) {
      a.average_precision = ap->value;
    }
  }
  return a;
}

Remedy undo_dropout(const RunEvidence& e) {
  if (e.recipe && e.recipe->model.head_dropout > 0.3) {
    return {{"model.head_dropout=0.2", "model.input_dropout=0.1"},
            "Lower the dropout between encoder and span head.",
            "The head can distinguish bars, so the separation grows."};
  }
  return {{},
          "Look for a feature or a wider context that separates labelled bars from others.",
          "Average precision rises above the base rate."};
}

std::vector<Remedy> collapse_remedies(const RunEvidence& e) {
  std::vector<Remedy> remedies;
  if (!e.recipe || e.recipe->loss.tasks.size() > 1) {
    remedies.push_back({{"loss.tasks=[\"span\"]", "balancing.method=sum"},
                        "Train the span task alone to see whether the other tasks suppress it.",
                        "Average precision rises above the base rate if they do. If it does not, "
                        "the cause is in the features or labels."});
  }
  const bool bar_head = !e.recipe || e.recipe->model.span_head == SpanHead::bar;
  if (bar_head && (!e.recipe || e.recipe->model.span_start == SpanStart::uniform)) {
    remedies.push_back({{"model.span_start=prior"},
                        "Start the span head at the log odds of the base rate.",
                        "The first span loss is the entropy of the base rate; any fall from there "
                        "is learned from bars."});
  }
  remedies.push_back(undo_dropout(e));
  return remedies;
}

std::optional<Finding> base_rate_collapse(const RunEvidence& e) {
  const auto pi = base_rate(e);
  if (!pi || !(pi->value > 0.0) || !learns(e, Task::span)) return std::nullopt;
  const auto a = last_answers(e, pi->value);
  if (!a) return std::nullopt;
  const bool flat = a->spread < kFlatSpread || std::abs(a->separation) < kFlatSeparation;
  const bool at_base_rate = std::abs(a->mean - pi->value) < kNearBaseRate;
  const double least = entropy(pi->value);
  const bool plain_loss =
      pos_weight(e) == 1.0 && span_loss_is_cross_entropy(e) && std::isfinite(a->loss);
  if (!flat || !at_base_rate) return std::nullopt;
  if (plain_loss && a->loss < (1.0 - kNearEntropy) * least) return std::nullopt;
  if (a->average_precision && *a->average_precision >= kNoRanking * pi->value) return std::nullopt;

  const std::string origin =
      pi->file == "windows" ? "" : " (inferred from the loss and the mean probability)";
  std::string text = fmt::format(
      "The mean span probability is {:.3f} and the base rate {:.3f}{}. The mean of bars inside "
      "spans is {} that of bars outside (standard deviation over all bars: {:.4f}).",
      a->mean, pi->value, origin, above_or_below(a->separation, 4), a->spread);
  std::vector<Evidence> evidence{
      measured("separation", a->separation, "", a->file, kFlatSeparation, a->epoch),
      measured("standard deviation of the span probabilities", a->spread, "", a->file, kFlatSpread,
               a->epoch),
      measured("mean span probability", a->mean, "", a->file, {}, a->epoch),
      measured("base rate", pi->value, "", pi->file)};
  if (plain_loss) {
    text += fmt::format(
        " The span loss of {:.4f} is {} the {:.4f} nats of always predicting the base rate: the "
        "model has learned a single number.",
        a->loss, a->loss < least ? "barely below" : "not below", least);
    evidence.push_back(
        measured("span loss", a->loss, "nats", file_of<LossComponentsRow>(), least, a->epoch));
    evidence.push_back(measured("entropy of the base rate", least, "nats", pi->file));
  }
  if (a->average_precision) {
    text += fmt::format(
        " Bars are hardly ranked: average precision is {:.3f}, {:.2f} times that of random scores.",
        *a->average_precision, *a->average_precision / pi->value);
    evidence.push_back(measured("average precision", *a->average_precision, "",
                                e.evaluation ? "evaluation" : file_of<RankingStatsRow>(),
                                kNoRanking * pi->value, a->epoch));
  }
  return finding(Severity::high, text, std::move(evidence), collapse_remedies(e));
}

// The highest F1 that any threshold reaches on the validation bars, and that threshold.
struct BestF1 {
  double f1, threshold;
  std::string file;
};

std::optional<BestF1> best_f1(const RunEvidence& e) {
  if (!e.record.ranking_stats.empty()) {
    const RankingStatsRow& row = e.record.ranking_stats.back();
    if (std::isfinite(row.best_f1)) {
      return BestF1{row.best_f1, row.best_threshold, file_of<RankingStatsRow>()};
    }
  }
  if (!e.evaluation) return std::nullopt;
  const auto f1 = metric(e.evaluation->model.metrics, Metric::f1);
  if (!f1) return std::nullopt;
  return BestF1{f1->value, e.evaluation->model.threshold, "evaluation"};
}

// The base rate of the windows that the loss is taken on; that of validation where they are not at
// hand; NaN if neither is known.
double rate_to_weigh_by(const RunEvidence& e) {
  if (e.data && !e.data->split.train.empty()) return training_base_rate(*e.data);
  const auto validation = base_rate(e);
  return validation ? validation->value : kNone;
}

std::optional<Finding> threshold_out_of_reach(const RunEvidence& e) {
  const ProbabilityStatsRow* row = last_row(e.record.probability_stats, Phase::val);
  if (row == nullptr || !learns(e, Task::span)) return std::nullopt;
  const double highest =
      std::fmax(static_cast<double>(row->in_span.max), static_cast<double>(row->out_span.max));
  if (!(highest < kThreshold)) return std::nullopt;

  std::string text = fmt::format(
      "The highest span probability of any validation bar is {:.3f}, below the threshold of {}. No "
      "bar is predicted, so precision, recall and F1 are 0 however well bars are ranked.",
      highest, kThreshold);
  std::vector<Evidence> evidence{measured("highest span probability", highest, "",
                                          file_of<ProbabilityStatsRow>(), kThreshold, row->epoch)};
  if (const auto best = best_f1(e)) {
    text += fmt::format(" At a threshold of {:.3f}, F1 is {:.3f}.", best->threshold, best->f1);
    evidence.push_back(measured("F1 at the best threshold", best->f1, "", best->file));
    evidence.push_back(measured("best threshold", best->threshold, "", best->file));
  }
  std::vector<Remedy> remedies{{{},
                                "Choose the threshold with the best F1 on training or out-of-fold "
                                "predictions, as the command `evaluate` does.",
                                "F1 measures how well bars are ranked."}};
  if (const double pi = rate_to_weigh_by(e); pi > 0.0 && pi < 0.5) {
    remedies.push_back(
        {{fmt::format("loss.span_pos_weight={:.1f}", (1.0 - pi) / pi)},
         "Weigh bars inside spans in proportion to their rarity, which raises all probabilities.",
         "Probabilities lie around 0.5 and no longer estimate the chance of being inside a span."});
  }
  return finding(Severity::medium, text, std::move(evidence), std::move(remedies));
}

// The F1 that the run is judged by: at a chosen threshold if there is one, else of the table.
struct Judgement {
  double f1;
  bool tuned;
  std::optional<int> epoch;
  std::string file;
};

std::optional<Judgement> judged_f1(const RunEvidence& e) {
  if (e.evaluation) {
    if (const auto f1 = metric(e.evaluation->model.metrics, Metric::f1)) {
      return Judgement{f1->value, true, {}, "evaluation"};
    }
  }
  if (e.record.epoch_metrics.empty()) return std::nullopt;
  const EpochMetricsRow& row = e.record.epoch_metrics.back();
  if (!std::isfinite(number(row.span_f1))) return std::nullopt;
  return Judgement{*row.span_f1, false, row.epoch, file_of<EpochMetricsRow>()};
}

std::optional<Finding> f1_of_nothing(const RunEvidence& e) {
  const auto pi = base_rate(e);
  const auto judged = judged_f1(e);
  if (!pi || !judged || !(pi->value > 0.0) || !learns(e, Task::span)) return std::nullopt;
  const double trivial = all_positive_f1(pi->value);
  if (!(judged->f1 <= kTrivialF1 * trivial)) return std::nullopt;
  return finding(
      judged->tuned ? Severity::high : Severity::medium,
      fmt::format("Span F1 is {:.4f} ({}). Predicting every bar gives 2 pi / (1 + pi) = {:.4f} at "
                  "a base rate of {:.4f}: the run is {} that.",
                  judged->f1, judged->tuned ? "at the threshold chosen on other windows" : "at 0.5",
                  trivial, pi->value, above_or_below(judged->f1 - trivial, 4)),
      {measured("span F1", judged->f1, "", judged->file, kTrivialF1 * trivial, judged->epoch),
       measured("F1 of predicting every bar", trivial, "", pi->file),
       measured("base rate", pi->value, "", pi->file)},
      {{{},
        "Evaluate by average precision and by the gain over predicting every bar. First remove "
        "what keeps the model from ranking bars.",
        "A model that ranks bars has an average precision above the base rate."}});
}

}  // namespace

std::vector<Rule> collapse_rules() {
  return {
      {"C1",
       "Span probabilities collapsed to the base rate",
       "standard deviation and separation of the span probabilities; their mean and loss compared "
       "with the base rate",
       "separation or standard deviation below 0.02, mean within 0.02 of the base rate, loss not 3 "
       "% below its entropy, average precision below 1.2 base rates",
       "a run with too few steps so far: average precision and separation rise from epoch to epoch "
       "while the mean no longer changes",
       {"C2", "C3", "C7", "C8", "G4", "T1"},
       base_rate_collapse},
      {"C2",
       "No span probability reaches the threshold",
       "highest span probability of the validation bars",
       "below the threshold of 0.5",
       "a model that has learned nothing: check average precision, which needs no threshold",
       {"C3"},
       threshold_out_of_reach},
      {"C3",
       "F1 is no better than predicting every bar",
       "span F1 compared with 2 pi / (1 + pi), where pi is the base rate",
       "F1 up to 1.1 times that of predicting every bar",
       "a threshold that no probability reaches: F1 is 0 while average precision is above the base "
       "rate",
       {},
       f1_of_nothing},
  };
}

}  // namespace spanlab
