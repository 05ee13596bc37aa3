// Checks windows and spans one by one, then against the rows and gaps of the series.
#include "spanlab/windows/check.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <unordered_map>

#include "spanlab/bars/timestamps.h"
#include "spanlab/base/error.h"
#include "spanlab/base/text.h"

namespace spanlab {

namespace {

constexpr size_t kLongestId = 1000;  // bytes; a line of a file has its limit too

std::optional<FieldFault> fault_in_id(std::string_view field, std::string_view id) {
  constexpr char kHint[] = "give every window its own id, a short text of one line";
  const auto is_control = [](unsigned char c) { return c < 0x20 || c == 0x7f; };
  if (id.empty()) return FieldFault{field, "the id is empty", kHint};
  if (id.size() > kLongestId) {
    return FieldFault{field, fmt::format("the id has {} bytes", id.size()), kHint};
  }
  if (std::any_of(id.begin(), id.end(), is_control)) {
    return FieldFault{field, fmt::format("the id {} has a control character", in_quotes(id)),
                      kHint};
  }
  return {};
}

std::optional<FieldFault> fault_in_bar(std::string_view field, int bar, int length) {
  if (bar >= 0 && bar < length) return {};
  return FieldFault{field, fmt::format("bar {} is outside the window", bar),
                    length == kAnyLength
                        ? "bars of a window count from 0"
                        : fmt::format("a window of {} bars has bars 0 to {}", length, length - 1)};
}

/// The labelled span has columns of its own, further ones share one.
std::optional<FieldFault> fault_in_span(const WindowSpan& span, bool labelled, int length) {
  const auto field = [&](std::string_view own) { return labelled ? own : "further_spans"; };
  if (auto fault = fault_in_bar(field("expansion_start"), span.start, length)) return fault;
  if (auto fault = fault_in_bar(field("expansion_end"), span.end, length)) return fault;
  if (span.start > span.end) {
    return FieldFault{field("expansion_end"),
                      fmt::format("the expansion ends at bar {}, before its start at bar {}",
                                  span.end, span.start),
                      "expansion_end is the last bar of the expansion, inclusive"};
  }
  if (span.type != SpanType::consolidation && span.type != SpanType::retracement) {
    return FieldFault{field("type"), "the type is unknown", "it is consolidation or retracement"};
  }
  return {};
}

std::optional<FieldFault> fault_in_overlap(std::vector<WindowSpan> spans) {
  std::sort(spans.begin(), spans.end(),
            [](const WindowSpan& a, const WindowSpan& b) { return a.start < b.start; });
  for (size_t i = 1; i < spans.size(); ++i) {
    if (spans[i].start > spans[i - 1].end) continue;
    return FieldFault{"further_spans",
                      fmt::format("the spans {} to {} and {} to {} share a bar", spans[i - 1].start,
                                  spans[i - 1].end, spans[i].start, spans[i].end),
                      "a bar belongs to one span at most; remove or shorten one of the two"};
  }
  return {};
}

/// "windows.csv: ", before what is wrong with something in it.
std::string in_file(std::string_view file) {
  return file.empty() ? "" : fmt::format("{}: ", file);
}

/// A place in data that come from no file.
std::string entry(std::string_view list, size_t i) {
  return fmt::format("{}[{}]", list, i);
}

}  // namespace

std::optional<FieldFault> fault_in(const Window& window, int length) {
  if (auto fault = fault_in_id("window_id", window.id)) return fault;
  if (auto fault = fault_in_id("base_window_id", window.base_id)) return fault;
  if (window.first_row < 0) {
    return FieldFault{"first_row", fmt::format("the row {} is negative", window.first_row),
                      "rows count from 0, the file's first bar"};
  }
  for (size_t i = 0; i < window.spans.size(); ++i) {
    if (auto fault = fault_in_span(window.spans[i], i == 0, length)) return fault;
  }
  if (auto fault = fault_in_overlap(window.spans)) return fault;
  const double visible = window.visible_fraction;
  if (window.spans.empty()) {
    if (visible == 0.0) return {};
    return FieldFault{"visible_fraction",
                      fmt::format("the visible fraction is {}, but there is no span", visible),
                      "give 0 for a window without a span"};
  }
  if (visible > 0.0 && visible <= 1.0) return {};
  return FieldFault{"visible_fraction",
                    fmt::format("{} is not a fraction above 0 and up to 1", visible),
                    "write the visible part of the expansion, 1 if all of it is in the window"};
}

void check_ids(const std::vector<Window>& windows, std::string_view before_place,
               const std::function<std::string(size_t)>& place) {
  std::unordered_map<std::string_view, size_t> known;
  for (size_t i = 0; i < windows.size(); ++i) {
    const auto [first, is_new] = known.try_emplace(windows[i].id, i);
    if (is_new) continue;
    throw Error(fmt::format("{}{}, column \"window_id\": id {} is already that of {}", before_place,
                            place(i), in_quotes(windows[i].id), place(first->second)),
                "give every window its own id");
  }
}

void check_each(const std::vector<Window>& windows, int length, std::string_view file) {
  for (size_t i = 0; i < windows.size(); ++i) {
    const auto fault = fault_in(windows[i], length);
    if (!fault) continue;
    throw Error(fmt::format("{}{} (window {}), {}: {}", in_file(file), entry("windows", i),
                            in_quotes(windows[i].id), fault->field, fault->what),
                fault->hint);
  }
  check_ids(windows, in_file(file), [](size_t i) { return entry("windows", i); });
}

void check_places(const Bars& series, const std::vector<Window>& windows, int length,
                  std::string_view file) {
  const int64_t rows = series.size();
  if (rows < length) {
    throw Error(fmt::format("the series has {}, fewer than the {} of a window",
                            counted(rows, "bar"), length),
                "give more bars, or set a shorter window");
  }
  for (const Window& window : windows) {
    const std::string which = fmt::format("{}window {}", in_file(file), in_quotes(window.id));
    if (window.first_row < 0 || window.first_row > rows - length) {
      throw Error(fmt::format("{} needs {} bars from row {}, but the series has rows 0 to {}",
                              which, length, window.first_row, rows - 1),
                  "check that the windows were made for this file of bars");
    }
    for (int64_t row = window.first_row + 1; row < window.first_row + length; ++row) {
      if (!series.gap_before(row)) continue;
      const auto i = static_cast<size_t>(row);
      throw Error(
          fmt::format("{} (rows {} to {}) crosses a gap from {} (row {}) to {} (row {})", which,
                      window.first_row, window.first_row + length - 1,
                      time_text(series.time_ms[i - 1]), row - 1, time_text(series.time_ms[i]), row),
          "move the window to one side of the gap, or remove it");
    }
  }
}

void check_windows(const Bars& series, const std::vector<Window>& windows, int length,
                   std::string_view file) {
  check_each(windows, length, file);
  check_places(series, windows, length, file);
}

void check_spans(const Bars& series, const std::vector<Span>& spans, std::string_view file) {
  for (size_t i = 0; i < spans.size(); ++i) {
    const Span& span = spans[i];
    if (const auto fault = fault_in(span)) {
      throw Error(fmt::format("{}{} (rows {} to {}), {}: {}", in_file(file), entry("spans", i),
                              span.start_row, span.end_row, fault->field, fault->what),
                  fault->hint);
    }
    if (span.end_row < series.size()) continue;
    throw Error(
        fmt::format("{}the span of rows {} to {} lies outside the series of {}", in_file(file),
                    span.start_row, span.end_row, counted(series.size(), "bar")),
        "check that the spans were made for this file of bars");
  }
  check_disjoint(spans, in_file(file), [](size_t i) { return entry("spans", i); });
}

}  // namespace spanlab
