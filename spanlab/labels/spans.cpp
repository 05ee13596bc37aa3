// The spans file and the names in it.
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

// Index of `name` in `names`; throws Error that lists them.
size_t find_name(std::string_view what, std::string_view name,
                 const std::array<std::string_view, 2>& names) {
  const auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) {
    throw Error(fmt::format("unknown {} {}", what, in_quotes(name)),
                fmt::format("it is {} or {}", names[0], names[1]));
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
  for (size_t i = 0; i < rows.size(); ++i) {
    const auto& [span, row] = rows[i];
    if (i > 0 && span.start_row <= rows[i - 1].first.end_row) {
      const auto& [before, row_before] = rows[i - 1];
      throw Error(fmt::format("{}, row {}: the span {} to {} overlaps the span {} to {} of row {}",
                              csv.name(), row, span.start_row, span.end_row, before.start_row,
                              before.end_row, row_before),
                  "a bar belongs to one span at most; remove or shorten one of the two");
    }
    spans.push_back(span);
  }
  return spans;
}

std::string spans_csv(const std::vector<Span>& spans) {
  CsvText csv({"start_row", "end_row", "direction", "type", "score"});
  for (const Span& span : spans) {
    csv.cell(span.start_row).cell(span.end_row).cell(name_of(span.direction));
    csv.cell(name_of(span.type)).cell(std::round(span.score * 1e4) / 1e4);
    csv.end_row();
  }
  return csv.text();
}

void write_spans(const std::filesystem::path& path, const std::vector<Span>& spans) {
  write_file_atomically(path, spans_csv(spans));
}

}  // namespace spanlab
