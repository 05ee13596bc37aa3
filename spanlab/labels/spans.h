// Labelled spans of a series, and the spans file (CSV) in and out.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "spanlab/bars/bars.h"
#include "spanlab/base/byte_source.h"

namespace spanlab {

enum class Direction { up, down };
/// What came before the expansion. The value is the class index of the type task.
enum class SpanType { consolidation = 0, retracement = 1 };

std::string_view name_of(Direction direction);
std::string_view name_of(SpanType type);
/// Throws Error for an unknown name, with the known ones as hint.
SpanType span_type_of(std::string_view name);
Direction direction_of(std::string_view name);

/// An expansion in a series.
struct Span {
  int64_t start_row;  ///< first bar
  int64_t end_row;    ///< last bar, inclusive
  Direction direction;
  SpanType type;
  double score;  ///< the labeller's own strength; 0 if it gives none

  BarRange rows() const { return {start_row, end_row + 1}; }
  bool operator==(const Span&) const = default;
};

/// Reads a spans file: columns start_row, end_row, type, optional direction (up if there is none)
/// and score (0). Sorted by start_row on return; a file with a header only gives no span.
/// Throws Error (bad cell, start after end, negative row, two spans that share a bar).
std::vector<Span> read_spans(ByteSource source);
std::vector<Span> read_spans(const std::filesystem::path& path);
/// The file's text, see write_spans().
std::string spans_csv(const std::vector<Span>& spans);
/// Writes start_row, end_row, direction, type, score (to 4 decimals), atomically.
void write_spans(const std::filesystem::path& path, const std::vector<Span>& spans);

}  // namespace spanlab
