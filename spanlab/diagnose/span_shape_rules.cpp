// Where the predicted spans lie: by their place in the window (C5), in fragments (C7), and apart
// from those of the other heads (C8).
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "spanlab/diagnose/rule.h"
#include "spanlab/diagnose/run_facts.h"
#include "spanlab/diagnose/trace.h"
#include "spanlab/metrics/segment_scores.h"

namespace spanlab {
namespace {

constexpr double kPlaceTells = 1.2;    // average precision of the place alone, in base rates
constexpr double kFollowsPlace = 0.3;  // correlation of the scores with the place's
constexpr double kFragments = 2.0;     // predicted segments for each labelled one
constexpr double kEdit = 0.5;          // 0..1
constexpr double kHeadsAgree = 0.5;    // mean overlap of pointed and marked span
constexpr double kStartsAgree = 3.0;   // bars between countdown's zero and marked start
constexpr size_t kFewPairs = 5;        // too few to compare heads

double correlation(const std::vector<float>& a, const std::vector<float>& b) {
  const double ma = mean_of(a), mb = mean_of(b), sa = spread_of(a), sb = spread_of(b);
  double sum = 0.0;
  for (size_t i = 0; i < a.size(); ++i) {
    sum += (static_cast<double>(a[i]) - ma) * (static_cast<double>(b[i]) - mb);
  }
  return sum / static_cast<double>(a.size()) / (sa * sb);
}

const Judged* position_prior(const Evaluation& evaluation) {
  for (const Judged& trivial : evaluation.trivial) {
    if (trivial.name == "position_prior") return &trivial;
  }
  return nullptr;
}

std::optional<Finding> position_shortcut(const RunEvidence& e) {
  if (!e.evaluation) return std::nullopt;
  const Judged* prior = position_prior(*e.evaluation);
  const Judged& model = e.evaluation->model;
  if (prior == nullptr || prior->test_scores.size() != model.test_scores.size()) {
    return std::nullopt;
  }
  const auto by_place = metric(prior->metrics, Metric::average_precision);
  const auto own = metric(model.metrics, Metric::average_precision);
  const auto gain = metric(prior->gain, Metric::average_precision);
  const double pi = e.evaluation->base_rate();
  if (!by_place || !own || !gain || by_place->value < kPlaceTells * pi || gain->low > 0.0) {
    return std::nullopt;
  }
  const double follows = correlation(model.test_scores, prior->test_scores);
  if (!(follows > kFollowsPlace)) return std::nullopt;
  return finding(
      Severity::medium,
      fmt::format("A bar's position in its window alone gives an average precision of {:.3f} "
                  "({:.2f} base rates). The model has {:.3f}, a difference of {} ({} to {}). Its "
                  "scores have a correlation of {:.2f} with the position scores.",
                  by_place->value, by_place->value / pi, own->value, with_sign(gain->value, 3),
                  with_sign(gain->low, 3), with_sign(gain->high, 3), follows),
      {measured("average precision of the model", own->value, "", "evaluation", by_place->value),
       measured("average precision of the position alone", by_place->value, "", "evaluation",
                kPlaceTells * pi),
       measured("correlation with the position scores", follows, "", "evaluation", kFollowsPlace),
       measured("lower end of the gain over the position", gain->low, "", "evaluation", 0.0)},
      {{{},
        "Cut new windows with spans at random positions, and report the gain over the position "
        "predictor.",
        "The remaining score comes from the bars."}});
}

std::optional<Finding> fragments(const RunEvidence& e) {
  if (!e.evaluation || e.evaluation->spans == 0 || e.evaluation->windows == 0) return std::nullopt;
  const Evaluation& evaluation = *e.evaluation;
  const auto length = static_cast<size_t>(evaluation.length);
  const auto edit = metric(evaluation.model.metrics, Metric::edit);
  if (!edit ||
      evaluation.model.test_scores.size() != length * static_cast<size_t>(evaluation.windows)) {
    return std::nullopt;
  }
  double segments = 0, bars = 0;
  const std::span<const float> scores(evaluation.model.test_scores);
  for (size_t w = 0; w < static_cast<size_t>(evaluation.windows); ++w) {
    for (const BarSegment& s :
         segments_above(scores.subspan(w * length, length), evaluation.model.threshold)) {
      segments += 1;
      bars += s.length();
    }
  }
  const double each = segments / evaluation.spans;
  if (!(each > kFragments) || !(edit->value < kEdit)) return std::nullopt;
  return finding(
      Severity::medium,
      fmt::format(
          "At the threshold of {:.3f} the model predicts {:.1f} segments per window, of {:.1f} "
          "bars each; {:.1f} spans are labelled per window. The edit score is {:.0f} of 100.",
          evaluation.model.threshold, segments / evaluation.windows, bars / segments,
          static_cast<double>(evaluation.spans) / evaluation.windows, 100.0 * edit->value),
      {measured("predicted segments for each labelled span", each, "", "evaluation", kFragments),
       measured("edit score", 100.0 * edit->value, "", "evaluation", 100.0 * kEdit),
       measured("bars per predicted segment", bars / segments, "bars", "evaluation")},
      {{{},
        "Decode spans instead of bars: drop segments shorter than the shortest labelled span, or "
        "end a segment only where the probability stays low.",
        "Segments become fewer and longer, and the edit score rises; F1 of bars changes little."}});
}

// The segment that holds a window's highest probability; none if it stays below the threshold.
std::optional<BarSegment> marked_segment(std::span<const float> probability, double threshold) {
  const auto highest = static_cast<int>(std::max_element(probability.begin(), probability.end()) -
                                        probability.begin());
  for (const BarSegment& s : segments_above(probability, threshold)) {
    if (s.start <= highest && highest <= s.end) return s;
  }
  return std::nullopt;
}

// First bar at which the countdown has come down to the span's start; none if it never does.
std::optional<int> countdown_start(std::span<const float> countdown, float zero) {
  const auto at =
      std::find_if(countdown.begin(), countdown.end(), [&](float value) { return value <= zero; });
  if (at == countdown.end()) return std::nullopt;
  return static_cast<int>(at - countdown.begin());
}

// Pointers and countdown compared with the predicted spans of the validation windows.
struct Heads {
  std::vector<float> overlap;  // with the pointed span
  std::vector<float> apart;    // bars from the countdown's zero to the marked start
};

Heads compare_heads(const RunEvidence& e, double threshold) {
  const Predictions& p = e.model->validation;
  const auto length = static_cast<size_t>(e.data->dataset.length);
  const float zero = e.recipe->loss.countdown_target == CountdownTarget::clipped ? 0.0F : 0.5F;
  Heads heads;
  for (size_t i = 0; i < p.windows.size(); ++i) {
    const auto marked =
        marked_segment(std::span(p.output.span).subspan(i * length, length), threshold);
    if (!marked) continue;
    if (e.recipe->has(Task::ptr)) {
      const double center =
          static_cast<double>(p.output.pointers[2 * i]) * static_cast<double>(length);
      const double half =
          static_cast<double>(p.output.pointers[2 * i + 1]) * static_cast<double>(length) / 2.0;
      const BarSegment pointed{static_cast<int>(std::lround(center - half)),
                               static_cast<int>(std::lround(center + half))};
      heads.overlap.push_back(static_cast<float>(temporal_iou(pointed, *marked)));
    }
    if (!e.recipe->has(Task::countdown)) continue;
    const auto start =
        countdown_start(std::span(p.output.countdown).subspan(i * length, length), zero);
    if (start) heads.apart.push_back(static_cast<float>(std::abs(*start - marked->start)));
  }
  return heads;
}

bool fits(const RunEvidence& e) {
  if (!e.model || !e.data || !e.recipe || !e.recipe->has(Task::span)) return false;
  const Predictions& p = e.model->validation;
  const size_t windows = p.windows.size();
  const size_t bars = windows * static_cast<size_t>(e.data->dataset.length);
  return p.output.span.size() == bars && p.output.countdown.size() == bars &&
         p.output.pointers.size() == windows * kPointers;
}

double median(std::vector<float> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return static_cast<double>(*middle);
}

std::optional<Finding> heads_apart(const RunEvidence& e) {
  if (!fits(e)) return std::nullopt;
  const double threshold = e.evaluation ? e.evaluation->model.threshold : 0.5;
  const Heads heads = compare_heads(e, threshold);
  const bool has_overlap = heads.overlap.size() >= kFewPairs;
  const bool has_start = heads.apart.size() >= kFewPairs;
  const double overlap = mean_of(heads.overlap);
  const double apart = has_start ? median(heads.apart) : kNone;
  const bool pointed_elsewhere = has_overlap && overlap < kHeadsAgree;
  const bool counted_elsewhere = has_start && apart > kStartsAgree;
  if (!pointed_elsewhere && !counted_elsewhere) return std::nullopt;
  std::string text;
  std::vector<Evidence> evidence;
  if (has_overlap) {
    text += fmt::format(
        "In {} validation windows with a predicted span, the pointers' span overlaps it by {} on "
        "average. ",
        heads.overlap.size(), percent(overlap));
    evidence.push_back(measured("overlap of the pointers' span with the predicted span",
                                100.0 * overlap, "%", e.model->file, 100.0 * kHeadsAgree));
  }
  if (has_start) {
    text += fmt::format(
        "The countdown reaches 0 a median of {:.0f} bars from the start of the predicted span. ",
        apart);
    evidence.push_back(measured("bars between the countdown's zero and the predicted start", apart,
                                "bars", e.model->file, kStartsAgree));
  }
  text += "The heads predict different spans, so at most one of them is right.";
  return finding(Severity::note, text, std::move(evidence),
                 {{{"loss.tasks=[\"span\"]", "balancing.method=sum"},
                   "Train the span task alone, and take start and length from the predicted span.",
                   "There is one prediction per window. The change of the span score shows the "
                   "cost of the other heads."}});
}

}  // namespace

std::vector<Rule> span_shape_rules() {
  return {
      {"C5",
       "Model finds spans by their position in the window",
       "average precision compared with that of the position alone; correlation of the two scores",
       "position above 1.2 base rates, no significant gain over it, correlation above 0.3",
       "a model that learns nothing: its scores do not correlate with the position",
       {},
       position_shortcut},
      {"C7",
       "Predictions are fragmented",
       "predicted segments for each labelled span; edit score",
       "more than 2, and edit below 50",
       "several true spans of which only one is labelled, see L1",
       {},
       fragments},
      {"C8",
       "Heads predict different spans",
       "overlap of the pointers' span with the predicted one; distance of the countdown's zero "
       "from its start",
       "mean overlap below 50 %, or a median distance above 3 bars",
       "span probabilities without skill, with which no head can agree",
       {},
       heads_apart},
  };
}

}  // namespace spanlab
