// A span from the cells of a row, for the files that hold spans.
#pragma once

#include "spanlab/base/csv.h"
#include "spanlab/labels/spans.h"

namespace spanlab {

/// Numbers of the columns; direction and score are -1 where a file has none.
struct SpanColumns {
  /// Throws Error if start_row, end_row or type is missing.
  explicit SpanColumns(const CsvReader& csv);

  int start, end, type, direction, score;
};

/// The span of the current row. Throws Error naming file, row and column: a bad cell, a negative
/// row, start after end.
Span span_in(const CsvReader& csv, const SpanColumns& columns);

}  // namespace spanlab
