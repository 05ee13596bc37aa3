// Reads the cells of a span and checks each.
#include "spanlab/labels/span_cells.h"

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
  span.type = parsed(csv, columns.type, span_type_of);
  if (columns.direction >= 0) span.direction = parsed(csv, columns.direction, direction_of);
  if (columns.score >= 0) span.score = csv.number(columns.score);
  if (const auto fault = fault_in(span)) {
    csv.fail(csv.column(fault->field), fault->what, fault->hint);
  }
  return span;
}

}  // namespace spanlab
