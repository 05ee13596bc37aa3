// spanlab label hindsight: labels every expansion of a series by a rule that sees later bars.
#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cli/commands.h"
#include "cli/output.h"
#include "cli/shared_options.h"
#include "spanlab/bars/bars.h"
#include "spanlab/bars/check.h"
#include "spanlab/base/text.h"
#include "spanlab/labels/hindsight.h"
#include "spanlab/labels/spans.h"

namespace spanlab::cli {
namespace {

struct HindsightOptions {
  std::string bars, out;
  std::optional<int64_t> rows_before;
  HindsightRule rule;
};

// Why there are none.
void note_no_spans(const Bars& series, const HindsightRule& rule) {
  int64_t longest = 0, begin = 0;
  for (int64_t row = 1; row <= series.size(); ++row) {
    if (row < series.size() && !series.gap_before(row)) continue;
    longest = std::max(longest, row - begin);
    begin = row;
  }
  if (longest < rule.scale_bars) {
    fmt::print(stderr,
               "note: the longest stretch without a gap has {}, but the scale needs {}: give more "
               "bars, or lower --scale-bars\n",
               counted(longest, "bar"), rule.scale_bars);
  } else {
    fmt::print(stderr,
               "note: no move of {} to {} bars has a score of {}: lower --min-score or --cost, or "
               "allow other lengths\n",
               rule.min_bars, rule.max_bars, rule.min_score);
  }
}

void label(const HindsightOptions& options) {
  require_own_file({"--out", options.out}, {{"--bars", options.bars}});
  const Bars all = load_bars(options.bars);
  const Bars series =
      prefix(all, rows_below(all, options.rows_before.value_or(kNoLimit), "--rows-before"));
  const std::vector<Span> spans = hindsight_spans(series, options.rule);
  write_spans(options.out, spans);
  int64_t inside = 0, up = 0, retracements = 0;
  for (const Span& span : spans) {
    inside += span.rows().size();
    up += span.direction == Direction::up;
    retracements += span.type == SpanType::retracement;
  }
  const auto count = static_cast<int64_t>(spans.size());
  fmt::print("{}: {} in {}, {:.1f} % of them\n", options.out, counted(count, "expansion"),
             counted(series.size(), "bar"),
             100.0 * static_cast<double>(inside) / static_cast<double>(series.size()));
  fmt::print("  {} up, {} down; {} after a consolidation, {} after a retracement\n", up, count - up,
             count - retracements, retracements);
  if (spans.empty()) note_no_spans(series, options.rule);
}

void declare(Options& options, HindsightOptions& values) {
  options.option("--bars", values.bars, "Bars: CSV, plain or gzip").required();

  options.option("--out", values.out, "File to write the spans to").required();
  options.settings(settings_of(values.rule));
  options.option("--rows-before", values.rows_before, IntegerRange{1, kNoLimit},
                 "Ignore the bars from this row, which are kept for testing");
}

}  // namespace

Command label_hindsight_command() {
  return make_command<HindsightOptions>(
      "hindsight", "Label every expansion by a rule that sees the whole series", declare, label);
}

}  // namespace spanlab::cli
