// The spans file and its names.
#include "spanlab/labels/spans.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <utility>

#include "spanlab/base/csv.h"
#include "spanlab/base/error.h"
#include "spanlab/base/file.h"
#include "spanlab/base/text.h"
#include "spanlab/labels/span_cells.h"

namespace spanlab {
namespace {

constexpr std::array<std::string_view, 2> kDirections{"up", "down"};
constexpr std::array<std::string_view, 2> kTypes{"consolidation", "retracement"};

std::string either_of(const std::array<std::string_view, 2>& names) {
  return fmt::format("it is {} or {}", names[0], names[1]);
}

// Index of `name` in `names`; throws Error that lists them.
size_t find_name(std::string_view what, std::string_view name,
                 const std::array<std::string_view, 2>& names) {
  const auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) {
    throw Error(fmt::format("unknown {} {}", what, in_quotes(name)), either_of(names));
  }
  return static_cast<size_t>(found - names.begin());
}

}  // namespace

std::string_view name_of(Direction direction) {
  return kDirections[static_cast<size_t>(direction)];
}
std::string_view name_of(SpanType type) {
  return kTypes[static_cast<size_t>(type)];
}

SpanType span_type_of(std::string_view name) {
  return static_cast<SpanType>(find_name("type", name, kTypes));
}
Direction direction_of(std::string_view name) {
  return static_cast<Direction>(find_name("direction", name, kDirections));
}

std::optional<FieldFault> fault_in(const Span& span) {
  if (span.start_row < 0) {
    return FieldFault{"start_row", fmt::format("the row {} is negative", span.start_row),
                      "rows count from 0"};
  }
  if (span.end_row < span.start_row) {
    return FieldFault{"end_row",
                      fmt::format("the span ends at row {}, before its start at row {}",
                                  span.end_row, span.start_row),
                      "end_row is the last bar of the span, inclusive"};
  }
  if (static_cast<size_t>(span.direction) >= kDirections.size()) {
    return FieldFault{"direction", "the direction is unknown", either_of(kDirections)};
  }
  if (static_cast<size_t>(span.type) >= kTypes.size()) {
    return FieldFault{"type", "the type is unknown", either_of(kTypes)};
  }
  if (!std::isfinite(span.score)) {
    return FieldFault{"score", "the score is not finite", "write 0 for none"};
  }
  return {};
}

void check_disjoint(const std::vector<Span>& spans, std::string_view before_place,
                    const std::function<std::string(size_t)>& place) {
  for (size_t i = 1; i < spans.size(); ++i) {
    const Span &span = spans[i], &before = spans[i - 1];
    if (span.start_row > before.end_row) continue;
    const bool apart = span.end_row < before.start_row;
    throw Error(
        fmt::format("{}{}: the span {} to {} {} the span {} to {} of {}", before_place, place(i),
                    span.start_row, span.end_row, apart ? "comes after" : "overlaps",
                    before.start_row, before.end_row, place(i - 1)),
        apart ? "sort the spans by start_row"
              : "a bar belongs to one span at most; remove or shorten one of the two");
  }
}

std::vector<Span> read_spans(const std::filesystem::path& path) {
  return read_spans(ByteSource(path));
}

std::vector<Span> read_spans(ByteSource source) {
  CsvReader csv(std::move(source));
  const SpanColumns columns(csv);
  std::vector<std::pair<Span, int64_t>> rows;  // with the row in the file
  while (csv.next()) {
    rows.emplace_back(span_in(csv, columns), csv.row());
  }
  std::stable_sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) {
    return a.first.start_row < b.first.start_row;
  });
  std::vector<Span> spans;
  for (const auto& [span, row] : rows) spans.push_back(span);
  check_disjoint(spans, csv.name() + ", ",
                 [&](size_t i) { return fmt::format("row {}", rows[i].second); });
  return spans;
}

std::string spans_csv(const std::vector<Span>& spans) {
  CsvText csv({"start_row", "end_row", "direction", "type", "score"});
  for (const Span& span : spans) {
    csv.cell(span.start_row).cell(span.end_row).cell(name_of(span.direction));
    csv.cell(name_of(span.type)).cell(span.score);
    csv.end_row();
  }
  return csv.text();
}

void write_spans(const std::filesystem::path& path, const std::vector<Span>& spans) {
  std::vector<Span> rounded = spans;
  for (Span& span : rounded) span.score = std::round(span.score * 1e4) / 1e4;
  write_file_atomically(path, spans_csv(rounded));
}

}  // namespace spanlab
