// One row a window; the labelled span is written relative to the window's first bar.
#include "spanlab/windows/window_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "spanlab/base/csv.h"
#include "spanlab/base/error.h"
#include "spanlab/base/file.h"
#include "spanlab/base/text.h"

namespace spanlab {
namespace {

constexpr std::string_view kComplete = "complete", kSingle = "single";

struct Columns {
  explicit Columns(const CsvReader& csv)
      : id(csv.column("window_id")),
        base_id(csv.find_column("base_window_id")),
        offset(csv.find_column("offset")),
        first_row(csv.column("first_row")),
        start(csv.column("expansion_start")),
        end(csv.column("expansion_end")),
        type(csv.column("type")),
        visible(csv.find_column("visible_fraction")),
        labels(csv.find_column("labels")) {}

  int id, base_id, offset, first_row, start, end, type, visible, labels;
};

// A bar of the window from a cell.
int bar_in_window(const CsvReader& csv, int column, int length) {
  const int64_t bar = csv.integer(column);
  if (bar < 0 || bar >= length) {
    csv.fail(column, fmt::format("bar {} is outside the window", bar),
             fmt::format("a window of {} bars has bars 0 to {}", length, length - 1));
  }
  return static_cast<int>(bar);
}

SpanType type_in(const CsvReader& csv, int column) {
  try {
    return span_type_of(csv.text(column));
  } catch (const Error& e) {
    csv.fail(column, e.what(), e.hint());
  }
}

WindowSpan labelled_span(const CsvReader& csv, const Columns& columns, int length) {
  const WindowSpan span{bar_in_window(csv, columns.start, length),
                        bar_in_window(csv, columns.end, length), type_in(csv, columns.type)};
  if (span.start > span.end) {
    csv.fail(columns.end,
             fmt::format("the expansion ends at bar {}, before its start at bar {}", span.end,
                         span.start),
             "expansion_end is the last bar of the expansion, inclusive");
  }
  return span;
}

bool is_complete(const CsvReader& csv, int column) {
  const std::string_view text = csv.text(column);
  if (text != kComplete && text != kSingle) {
    csv.fail(column, fmt::format("{} says nothing about the labels", in_quotes(text)),
             "write complete if all expansions of the window are labelled, else single");
  }
  return text == kComplete;
}

Window window_in(const CsvReader& csv, const Columns& columns, int length) {
  Window window{.id = std::string(csv.text(columns.id)),
                .base_id = {},
                .offset = columns.offset >= 0 ? csv.integer(columns.offset) : 0,
                .first_row = csv.integer(columns.first_row),
                .visible_fraction = 0.0,
                .spans = {}};
  if (window.id.empty()) csv.fail(columns.id, "the id is empty", "give every window its own id");
  window.base_id = columns.base_id >= 0 ? csv.text(columns.base_id) : window.id;
  if (window.base_id.empty()) window.base_id = window.id;
  if (window.first_row < 0) {
    csv.fail(columns.first_row, "the row is negative", "rows count from 0, the file's first bar");
  }
  if (columns.labels >= 0) window.complete = is_complete(csv, columns.labels);
  const bool unlabelled = csv.text(columns.start).empty() && csv.text(columns.end).empty() &&
                          csv.text(columns.type).empty();
  if (unlabelled) return window;
  window.spans.push_back(labelled_span(csv, columns, length));
  window.visible_fraction = columns.visible >= 0 ? csv.number(columns.visible) : 1.0;
  if (!(window.visible_fraction > 0.0 && window.visible_fraction <= 1.0)) {
    csv.fail(columns.visible,
             fmt::format("{} is not a fraction above 0 and up to 1", window.visible_fraction),
             "write the visible part of the expansion, 1 if all of it is in the window");
  }
  return window;
}

}  // namespace

std::vector<Window> read_windows(const std::filesystem::path& path, int length) {
  return read_windows(ByteSource(path), length);
}

std::vector<Window> read_windows(ByteSource source, int length) {
  CsvReader csv(std::move(source));
  const Columns columns(csv);
  std::vector<Window> windows;
  std::unordered_map<std::string, int64_t> row_of_id;
  while (csv.next()) {
    windows.push_back(window_in(csv, columns, length));
    const auto [known, is_new] = row_of_id.try_emplace(windows.back().id, csv.row());
    if (!is_new) {
      csv.fail(
          columns.id,
          fmt::format("id {} is already that of row {}", in_quotes(known->first), known->second),
          "give every window its own id");
    }
  }
  if (windows.empty()) {
    throw Error(fmt::format("{} has no windows", csv.name()),
                "a windows file has one row a window");
  }
  return windows;
}

std::string windows_csv(const std::vector<Window>& windows) {
  CsvText csv({"window_id", "base_window_id", "offset", "first_row", "expansion_start",
               "expansion_end", "type", "visible_fraction", "labels"});
  for (const Window& window : windows) {
    csv.cell(std::string_view(window.id)).cell(std::string_view(window.base_id));
    csv.cell(window.offset).cell(window.first_row);
    if (window.spans.empty()) {
      for (int k = 0; k < 4; ++k) csv.cell(std::string_view());
    } else {
      const WindowSpan& span = window.spans.front();
      csv.cell(int64_t{span.start}).cell(int64_t{span.end}).cell(name_of(span.type));
      csv.cell(std::max(1e-4, std::round(window.visible_fraction * 1e4) / 1e4));
    }
    csv.cell(window.complete ? kComplete : kSingle);
    csv.end_row();
  }
  return csv.text();
}

void write_windows(const std::filesystem::path& path, const std::vector<Window>& windows) {
  write_file_atomically(path, windows_csv(windows));
}

}  // namespace spanlab
