// One row per window; the labelled span is relative to the window's first bar.
#include "spanlab/windows/window.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>

#include "spanlab/base/csv.h"
#include "spanlab/base/error.h"
#include "spanlab/base/file.h"
#include "spanlab/base/text.h"
#include "spanlab/windows/check.h"

namespace spanlab {
namespace {

constexpr std::string_view kComplete = "complete", kSingle = "single",
                           kFurtherSpans = "further_spans";

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
        labels(csv.find_column("labels")),
        further(csv.find_column(kFurtherSpans)) {}

  int id, base_id, offset, first_row, start, end, type, visible, labels, further;
};

// A bar of the window; whether it lies in it, fault_in() tells.
int bar_in(const CsvReader& csv, int column) {
  return static_cast<int>(std::clamp<int64_t>(csv.integer(column), std::numeric_limits<int>::min(),
                                              std::numeric_limits<int>::max()));
}

SpanType type_in(const CsvReader& csv, int column) {
  try {
    return span_type_of(csv.text(column));
  } catch (const Error& e) {
    csv.fail(column, e.what(), e.hint());
  }
}

// "50 60 retracement;70 72 consolidation" into `spans`.
void read_further_spans(const CsvReader& csv, int column, std::vector<WindowSpan>& spans) {
  std::istringstream list{std::string(csv.text(column))};
  for (std::string text; std::getline(list, text, ';');) {
    std::istringstream in(text);
    WindowSpan span{};
    std::string type, rest;
    if (!(in >> span.start >> span.end >> type) || in >> rest) {
      csv.fail(column, fmt::format("{} is not a span", in_quotes(text)),
               "write its first bar, its last bar and its type: 50 60 retracement");
    }
    try {
      span.type = span_type_of(type);
    } catch (const Error& e) {
      csv.fail(column, e.what(), e.hint());
    }
    spans.push_back(span);
  }
}

bool is_complete(const CsvReader& csv, int column) {
  const std::string_view text = csv.text(column);
  if (text != kComplete && text != kSingle) {
    csv.fail(column, fmt::format("{} is not a kind of labels", in_quotes(text)),
             "write complete if all expansions of the window are labelled, otherwise single");
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
  if (columns.base_id >= 0) window.base_id = csv.text(columns.base_id);
  if (window.base_id.empty()) window.base_id = window.id;
  if (columns.labels >= 0) window.complete = is_complete(csv, columns.labels);
  const bool unlabelled = csv.text(columns.start).empty() && csv.text(columns.end).empty() &&
                          csv.text(columns.type).empty();
  if (!unlabelled) {
    window.spans.push_back(
        {bar_in(csv, columns.start), bar_in(csv, columns.end), type_in(csv, columns.type)});
    window.visible_fraction = columns.visible >= 0 ? csv.number(columns.visible) : 1.0;
  }
  if (columns.further >= 0) {
    if (unlabelled && !csv.text(columns.further).empty()) {
      csv.fail(columns.further, "there are further spans, but no first span",
               "write the first span into its own columns");
    }
    read_further_spans(csv, columns.further, window.spans);
  }
  if (const auto fault = fault_in(window, length)) {
    csv.fail(csv.column(fault->field), fault->what, fault->hint);
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
  std::vector<int64_t> rows;  // in the file
  while (csv.next()) {
    windows.push_back(window_in(csv, columns, length));
    rows.push_back(csv.row());
  }
  check_ids(windows, csv.name() + ", ", [&](size_t i) { return fmt::format("row {}", rows[i]); });
  if (windows.empty()) {
    throw Error(fmt::format("{} has no windows", csv.name()),
                "a windows file has one row for each window");
  }
  return windows;
}

std::string windows_csv(const std::vector<Window>& windows) {
  const bool further = std::any_of(windows.begin(), windows.end(),
                                   [](const Window& window) { return window.spans.size() > 1; });
  std::vector<std::string> header{"window_id", "base_window_id",   "offset",
                                  "first_row", "expansion_start",  "expansion_end",
                                  "type",      "visible_fraction", "labels"};
  if (further) header.emplace_back(kFurtherSpans);
  CsvText csv(header);
  for (const Window& window : windows) {
    csv.cell(std::string_view(window.id)).cell(std::string_view(window.base_id));
    csv.cell(window.offset).cell(window.first_row);
    if (window.spans.empty()) {
      for (int k = 0; k < 4; ++k) csv.cell(std::string_view());
    } else {
      const WindowSpan& span = window.spans.front();
      csv.cell(int64_t{span.start}).cell(int64_t{span.end}).cell(name_of(span.type));
      csv.cell(window.visible_fraction);
    }
    csv.cell(window.complete ? kComplete : kSingle);
    if (further) {
      std::string list;
      for (size_t i = 1; i < window.spans.size(); ++i) {
        const WindowSpan& span = window.spans[i];
        list +=
            fmt::format("{}{} {} {}", i > 1 ? ";" : "", span.start, span.end, name_of(span.type));
      }
      csv.cell(std::string_view(list));
    }
    csv.end_row();
  }
  return csv.text();
}

void write_windows(const std::filesystem::path& path, const std::vector<Window>& windows) {
  std::vector<Window> shown = windows;
  for (Window& window : shown) {
    if (window.spans.empty()) continue;
    window.spans.resize(1);
    window.visible_fraction = std::max(1e-4, std::round(window.visible_fraction * 1e4) / 1e4);
  }
  write_file_atomically(path, windows_csv(shown));
}

}  // namespace spanlab
