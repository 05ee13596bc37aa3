// Labelled spans of a series; reads and writes the spans file (CSV).
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
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

/// What is wrong with one span or window, wherever it comes from.
struct FieldFault {
  std::string_view field;  ///< its column in a file: "expansion_end"
  std::string what, hint;
};

/// A fault of the span itself: a negative row, start after end, a type, direction or score that is
/// none.
std::optional<FieldFault> fault_in(const Span& span);

/// Throws Error naming the first span that does not begin after the end of the one before it.
/// For the message: `place(i)` of span i, such as "row 4", and what stands before it.
void check_disjoint(const std::vector<Span>& spans, std::string_view before_place,
                    const std::function<std::string(size_t)>& place);

/// Reads a spans file: columns start_row, end_row, type, optional direction (up if there is none)
/// and score (0). Sorted by start_row on return; a file with a header only gives no span.
/// Throws Error (bad cell, start after end, negative row, two spans that share a bar).
std::vector<Span> read_spans(ByteSource source);
std::vector<Span> read_spans(const std::filesystem::path& path);
/// A spans file's text, which reads back to equal spans.
std::string spans_csv(const std::vector<Span>& spans);
/// Writes the spans for people, scores to 4 decimals, atomically.
void write_spans(const std::filesystem::path& path, const std::vector<Span>& spans);

}  // namespace spanlab
