// What the renderers of a document share.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "spanlab/document/document.h"

namespace spanlab {

/// The two marks that text may carry, `code` and **bold**, taken apart into runs.
struct TextRun {
  std::string text;
  bool code = false;
  bool bold = false;
};

/// Runs of text, line breaks and control characters as blanks. A mark without its partner is text.
std::vector<TextRun> text_runs(std::string_view text);

/// The text without its marks.
std::string without_marks(std::string_view text);

/// Control characters as '?', but for line breaks and tabs.
std::string printable(std::string_view text);

/// Rows of equal length, and which columns hold numbers.
struct TableShape {
  std::vector<std::string> header;             ///< [columns]
  std::vector<std::vector<std::string>> rows;  ///< [rows][columns], short rows filled up
  std::vector<bool> numeric;                   ///< [columns], to be set flush right
};

TableShape shape_of(const TextTable& table);

// The data of a chart, as JSON that may stand inside a <script> element.

/// JSON as charts.js reads it: numbers short, those that are not finite null, '<' escaped. Long
/// lines are thinned to what a screen can show, peaks kept.
std::string chart_data(const LineChart& chart);
std::string chart_data(const CandleChart& chart);
std::string chart_data(const IntervalChart& chart);

// The files that every page carries, embedded by the build (cmake/embed_text.cmake).

extern const std::string_view page_style;     ///< page.css
extern const std::string_view chart_kinds;    ///< chart_kinds.js
extern const std::string_view page_script;    ///< charts.js, after chart_kinds
extern const std::string_view chart_library;  ///< chart.min.js with its licence notice

}  // namespace spanlab
