// Scores every bar in both directions, takes the maximal segments, and of overlapping ones the
// best.
#include "spanlab/labels/hindsight.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>
#include <string>
#include <utility>

#include "spanlab/bars/bars.h"
#include "spanlab/base/error.h"
#include "spanlab/base/settings.h"
#include "spanlab/base/text.h"
#include "spanlab/labels/segments.h"

namespace spanlab {
namespace {

constexpr double kSmallestScale = 1e-9;  // price units: a flat market has one too

void check(const HindsightRule& rule) {
  const auto require = [](bool fine, const std::string& what, const char* hint) {
    if (!fine) throw Error("hindsight." + what, hint);
  };
  require(rule.scale_bars >= 1, "scale_bars is below 1", "use at least one bar for the scale");
  require(rule.min_bars >= 1, "min_bars is below 1", "a span has at least one bar");
  require(rule.min_bars <= rule.max_bars, "min_bars is larger than hindsight.max_bars",
          "swap the two");
  require(rule.lead_bars >= 1, "lead_bars is below 1", "use at least one bar for the lead");
  const std::pair<const char*, double> numbers[] = {
      {"cost", rule.cost}, {"min_score", rule.min_score}, {"retracement", rule.retracement}};
  for (const auto& [name, number] : numbers) {
    require(std::isfinite(number) && number >= 0.0,
            std::string(name) + " is " + number_text(number), "give a number of 0 or more");
  }
}

// Close-to-close changes, price units.
std::vector<double> changes(std::span<const double> close) {
  std::vector<double> r(close.size(), 0.0);
  for (size_t i = 1; i < r.size(); ++i) r[i] = close[i] - close[i - 1];
  return r;
}

// Scale of bar i, price units. Each mean is summed afresh: a running sum would carry the rounding
// of one large change through the rest of the series.
double scale_at(const std::vector<double>& r, size_t i, size_t reach) {
  const size_t first = i - std::min(i, reach);
  const size_t end = std::min(i + reach + 1, r.size());
  double sum = 0.0;
  for (size_t k = first; k < end; ++k) sum += std::abs(r[k]);
  return std::max(sum / static_cast<double>(end - first), kSmallestScale);
}

// The type of a span that begins at bar s of a stretch. `sign`: +1 up, -1 down; `scale`: of bar s.
SpanType type_at(std::span<const double> close, size_t s, double sign, double scale,
                 const HindsightRule& rule) {
  const auto lead = static_cast<size_t>(rule.lead_bars);
  const double m = s > lead ? sign * (close[s - 1] - close[s - 1 - lead]) / scale : 0.0;
  return m < -rule.retracement ? SpanType::retracement : SpanType::consolidation;
}

double sign_of(Direction direction) {
  return direction == Direction::up ? 1.0 : -1.0;
}

std::span<const double> closes_of(const Bars& series, BarRange rows) {
  return std::span(series.close)
      .subspan(static_cast<size_t>(rows.begin), static_cast<size_t>(rows.size()));
}

// The candidates of one stretch without gaps, which begins at `first_row`.
void add_candidates(std::span<const double> close, int64_t first_row, const HindsightRule& rule,
                    std::vector<Span>& candidates) {
  if (close.size() < static_cast<size_t>(rule.scale_bars)) return;
  const std::vector<double> r = changes(close);
  std::vector<double> scale(r.size());
  for (size_t i = 0; i < r.size(); ++i) {
    scale[i] = scale_at(r, i, static_cast<size_t>(rule.scale_bars));
  }
  std::vector<double> score(r.size());
  for (const Direction direction : {Direction::up, Direction::down}) {
    const double sign = sign_of(direction);
    for (size_t i = 0; i < r.size(); ++i) score[i] = sign * r[i] / scale[i] - rule.cost;
    for (const Segment& segment : maximal_segments(score)) {
      const int64_t bars = segment.last - segment.first + 1;
      if (segment.score < rule.min_score || bars < rule.min_bars || bars > rule.max_bars) continue;
      const auto s = static_cast<size_t>(segment.first);
      candidates.push_back({first_row + segment.first, first_row + segment.last, direction,
                            type_at(close, s, sign, scale[s], rule), segment.score});
    }
  }
}

}  // namespace

std::vector<Span> hindsight_spans(const Bars& series, const HindsightRule& rule) {
  check(rule);
  std::vector<Span> candidates;
  for (int64_t row = 0; row < series.size();) {
    const BarRange stretch = stretch_around(series, row);
    add_candidates(closes_of(series, stretch), stretch.begin, rule, candidates);
    row = stretch.end;
  }

  std::stable_sort(candidates.begin(), candidates.end(), [](const Span& a, const Span& b) {
    return a.score != b.score ? a.score > b.score : a.start_row < b.start_row;
  });
  std::vector<bool> taken(static_cast<size_t>(series.size()), false);
  std::vector<Span> spans;
  for (const Span& span : candidates) {
    const auto first = taken.begin() + span.rows().begin, end = taken.begin() + span.rows().end;
    if (std::find(first, end, true) != end) continue;
    std::fill(first, end, true);
    spans.push_back(span);
  }
  std::sort(spans.begin(), spans.end(),
            [](const Span& a, const Span& b) { return a.start_row < b.start_row; });
  return spans;
}

SpanType type_by_lead(const Bars& series, int64_t start_row, Direction direction,
                      const HindsightRule& rule) {
  check(rule);
  const BarRange stretch = stretch_around(series, start_row);
  const std::span<const double> close = closes_of(series, stretch);
  const auto s = static_cast<size_t>(start_row - stretch.begin);
  const double scale = scale_at(changes(close), s, static_cast<size_t>(rule.scale_bars));
  return type_at(close, s, sign_of(direction), scale, rule);
}

std::vector<Setting> settings_of(HindsightRule& rule) {
  const IntegerRange bars{1, 1'000'000};
  const NumberRange not_negative{0, std::numeric_limits<double>::max()};
  return {integer_setting("hindsight.scale_bars", rule.scale_bars, bars,
                          "bars on either side whose mean move is the scale"),
          number_setting("hindsight.cost", rule.cost, not_negative,
                         "cost of each bar of a span, in scales"),
          number_setting("hindsight.min_score", rule.min_score, not_negative,
                         "smallest score: sum over the span of move / scale - cost"),
          integer_setting("hindsight.min_bars", rule.min_bars, bars, "shortest span"),
          integer_setting("hindsight.max_bars", rule.max_bars, bars, "longest span"),
          integer_setting("hindsight.lead_bars", rule.lead_bars, bars,
                          "bars before a span that determine its type"),
          number_setting(
              "hindsight.retracement", rule.retracement, not_negative,
              "move of these bars against the span, in scales, from which it is a retracement")};
}

}  // namespace spanlab
