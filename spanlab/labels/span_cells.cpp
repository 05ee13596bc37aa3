// Cells of a span, each checked where it stands.
#include "spanlab/labels/span_cells.h"

#include <fmt/format.h>

#include <cmath>

#include "spanlab/base/error.h"

namespace spanlab {
namespace {

// A cell read by `parse`, whose Error is completed with file, row and column.
template <class Parse>
auto parsed(const CsvReader& csv, int column, Parse parse) {
  try {
    return parse(csv.text(column));
  } catch (const Error& e) {
    csv.fail(column, e.what(), e.hint());
  }
}

}  // namespace

SpanColumns::SpanColumns(const CsvReader& csv)
    : start(csv.column("start_row")),
      end(csv.column("end_row")),
      type(csv.column("type")),
      direction(csv.find_column("direction")),
      score(csv.find_column("score")) {}

Span span_in(const CsvReader& csv, const SpanColumns& columns) {
  Span span{csv.integer(columns.start), csv.integer(columns.end), Direction::up,
            SpanType::consolidation, 0.0};
  if (span.start_row < 0) csv.fail(columns.start, "the row is negative", "rows count from 0");
  if (span.end_row < span.start_row) {
    csv.fail(columns.end,
             fmt::format("the span ends at row {}, before its start at row {}", span.end_row,
                         span.start_row),
             "end_row is the last bar of the span, inclusive");
  }
  span.type = parsed(csv, columns.type, span_type_of);
  if (columns.direction >= 0) span.direction = parsed(csv, columns.direction, direction_of);
  if (columns.score >= 0) span.score = csv.number(columns.score);
  if (!std::isfinite(span.score)) {
    csv.fail(columns.score, "the score is not finite", "write 0 for none");
  }
  return span;
}

}  // namespace spanlab
