// Every window against the rows and the gaps of the series, every span against its rows.
#include "spanlab/windows/check.h"

#include <fmt/format.h>

#include <string>

#include "spanlab/bars/timestamps.h"
#include "spanlab/base/error.h"
#include "spanlab/base/text.h"

namespace spanlab {

namespace {

// "windows.csv: ", before what is wrong with something in it.
std::string in_file(std::string_view file) {
  return file.empty() ? "" : fmt::format("{}: ", file);
}

}  // namespace

void check_windows(const Bars& series, const std::vector<Window>& windows, int length,
                   std::string_view file) {
  const int64_t rows = series.size();
  if (rows < length) {
    throw Error(fmt::format("the series has {}, fewer than the {} of a window",
                            counted(rows, "bar"), length),
                "give more bars, or set a shorter window");
  }
  for (const Window& window : windows) {
    const std::string name = in_file(file) + "window " + in_quotes(window.id);
    if (window.first_row < 0 || window.first_row > rows - length) {
      throw Error(fmt::format("{} needs {} bars from row {} on, but the series has rows 0 to {}",
                              name, length, window.first_row, rows - 1),
                  "check that the windows were made for this file of bars");
    }
    for (int64_t row = window.first_row + 1; row < window.first_row + length; ++row) {
      if (!series.gap_before(row)) continue;
      const auto i = static_cast<size_t>(row);
      throw Error(
          fmt::format("{} (rows {} to {}) runs across a gap: from {} (row {}) to {} (row {})", name,
                      window.first_row, window.first_row + length - 1,
                      time_text(series.time_ms[i - 1]), row - 1, time_text(series.time_ms[i]), row),
          "move the window to one side of the gap, or remove it");
    }
  }
}

void check_spans(const Bars& series, const std::vector<Span>& spans, std::string_view file) {
  for (const Span& span : spans) {
    if (span.start_row >= 0 && span.end_row < series.size()) continue;
    throw Error(
        fmt::format("{}the span of rows {} to {} lies outside the series of {}", in_file(file),
                    span.start_row, span.end_row, counted(series.size(), "bar")),
        "check that the spans were made for this file of bars");
  }
}

}  // namespace spanlab
