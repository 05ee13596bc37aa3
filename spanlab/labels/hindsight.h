// The hindsight labeller: finds every expansion of a series, using later bars.
#pragma once

#include <vector>

#include "spanlab/bars/bars.h"
#include "spanlab/labels/spans.h"

namespace spanlab {

struct Setting;

/// What counts as an expansion. Moves are measured in the scale of their surroundings: the mean
/// absolute close-to-close change of the bars around.
struct HindsightRule {
  int scale_bars = 60;     ///< the scale looks so many bars to either side; at least so many exist
  double cost = 0.6;       ///< scales that each bar must move to be worth its time
  double min_score = 5.0;  ///< smallest sum over the span of move / scale - cost
  int min_bars = 3;        ///< shortest span
  int max_bars = 15;       ///< longest span
  int lead_bars = 20;      ///< bars before the span that decide its type
  double retracement = 1.5;  ///< scales that these moved against the span to make it a retracement
};

/// hindsight.scale_bars and so on, bound to the fields of `rule`.
std::vector<Setting> settings_of(HindsightRule& rule);

/// All expansions by the rule, by start row. With r_i = close_i - close_{i-1} (0 for the first bar)
/// and scale_i = max(mean |r| over rows i - scale_bars .. i + scale_bars, 1e-9), the candidates of
/// direction d = +1, -1 are the maximal scoring segments of d r_i / scale_i - cost with a score and
/// length that the rule allows. Best score first, a candidate is kept if it shares no bar with one
/// kept before. Type: m = d (close_{s-1} - close_{s-1-lead_bars}) / scale_s (0 without these bars);
/// retracement if m < -retracement, else consolidation.
///
/// Each stretch between two gaps is labelled as a series of its own: no span, scale or lead reaches
/// across a gap, and a stretch shorter than scale_bars has no spans.
/// Throws Error if the rule is impossible (a length below 1, min_bars > max_bars, a negative or
/// non-finite number).
std::vector<Span> hindsight_spans(const Bars& series, const HindsightRule& rule = {});

/// The type that the rule gives to a span of that direction that begins at `start_row`, a row of
/// the series: as above, within the stretch between two gaps. Throws Error as hindsight_spans()
/// does.
SpanType type_by_lead(const Bars& series, int64_t start_row, Direction direction,
                      const HindsightRule& rule = {});

}  // namespace spanlab
