// Reads and writes the candidates file; the union of disjoint spans.
#include "spanlab/labels/candidates.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <string_view>
#include <utility>

#include "spanlab/bars/timestamps.h"
#include "spanlab/base/csv.h"
#include "spanlab/base/error.h"
#include "spanlab/base/file.h"
#include "spanlab/base/text.h"
#include "spanlab/labels/span_cells.h"

namespace spanlab {
namespace {

enum class Verdict { yes, no, open };

double to_4_decimals(double value) {
  return std::round(value * 1e4) / 1e4;
}

Verdict verdict_in(const CsvReader& csv, int column) {
  const std::string word = lower_case(csv.text(column));
  if (word.empty()) return Verdict::open;
  if (word == "yes") return Verdict::yes;
  if (word == "no") return Verdict::no;
  csv.fail(column, fmt::format("{} is not a verdict", in_quotes(csv.text(column))),
           "write yes or no, or leave the cell empty");
}

}  // namespace

void write_candidates(const std::filesystem::path& path, const Bars& series,
                      const std::vector<Candidate>& candidates) {
  const auto time_of = [&](int64_t row) {
    return time_text(series.time_ms[static_cast<size_t>(row)]);
  };
  CsvText csv({"rank", "start_row", "end_row", "start_time", "end_time", "direction", "type",
               "score", "probability", "verdict"});
  for (size_t i = 0; i < candidates.size(); ++i) {
    const Span& span = candidates[i].span;
    csv.cell(static_cast<int64_t>(i + 1)).cell(span.start_row).cell(span.end_row);
    csv.cell(std::string_view(time_of(span.start_row)));
    csv.cell(std::string_view(time_of(span.end_row)));
    csv.cell(name_of(span.direction)).cell(name_of(span.type)).cell(to_4_decimals(span.score));
    if (candidates[i].probability) {
      csv.cell(to_4_decimals(*candidates[i].probability));
    } else {
      csv.cell(std::string_view());
    }
    csv.cell(std::string_view());
    csv.end_row();
  }
  write_file_atomically(path, csv.text());
}

Verdicts read_verdicts(const std::filesystem::path& path) {
  return read_verdicts(ByteSource(path));
}

Verdicts read_verdicts(ByteSource source) {
  CsvReader csv(std::move(source));
  const SpanColumns columns(csv);
  const int verdict = csv.column("verdict");
  Verdicts verdicts;
  while (csv.next()) {
    const Span span = span_in(csv, columns);
    switch (verdict_in(csv, verdict)) {
      case Verdict::yes:
        verdicts.accepted.push_back(span);
        break;
      case Verdict::no:
        ++verdicts.refused;
        break;
      case Verdict::open:
        ++verdicts.open;
        break;
    }
  }
  return verdicts;
}

JoinedSpans add_spans(std::vector<Span> spans, const std::vector<Span>& accepted) {
  JoinedSpans joined{std::move(spans), {}};
  for (const Span& span : accepted) {
    const auto kept = std::find_if(joined.spans.begin(), joined.spans.end(), [&](const Span& s) {
      return !s.rows().common(span.rows()).empty();
    });
    if (kept != joined.spans.end()) {
      joined.collisions.push_back({span, *kept});
    } else {
      joined.spans.push_back(span);
    }
  }
  std::sort(joined.spans.begin(), joined.spans.end(),
            [](const Span& a, const Span& b) { return a.start_row < b.start_row; });
  return joined;
}

}  // namespace spanlab
