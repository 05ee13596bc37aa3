// A document as Markdown with the numbers of its charts, which Markdown leaves out.
#pragma once

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <string>

#include "spanlab/document/document.h"

namespace spanlab::testing {

inline std::string chart_text(const LineChart& chart) {
  std::string text =
      fmt::format("line chart: {} | {} | {} | {}{}\n", chart.title, chart.x_label, chart.y_label,
                  chart.log_y ? "log" : "linear", chart.stacked ? ", stacked" : "");
  for (const LineChart::Line& line : chart.lines) {
    text += fmt::format("  {}{}:", line.name, line.dashed ? " (dashed)" : "");
    for (const auto& [x, y] : line.points) text += fmt::format(" ({:.6g}, {:.6g})", x, y);
    text += "\n";
  }
  return text;
}

inline std::string chart_text(const CandleChart& chart) {
  std::string text =
      fmt::format("candle chart: {} | threshold {:.6g}\n  bars:", chart.title, chart.threshold);
  for (const CandleChart::Candle& bar : chart.bars) {
    text += fmt::format(" {:.6g}/{:.6g}/{:.6g}/{:.6g}", bar.open, bar.high, bar.low, bar.close);
  }
  text += "\n  labelled:";
  for (const auto& [first, last] : chart.labelled) text += fmt::format(" {}-{}", first, last);
  text += "\n  predicted:";
  for (const auto& [first, last] : chart.predicted) text += fmt::format(" {}-{}", first, last);
  text += "\n  probability:";
  for (const float p : chart.probability) text += fmt::format(" {:.6g}", p);
  return text + "\n";
}

inline std::string chart_text(const IntervalChart& chart) {
  std::string text =
      fmt::format("interval chart: {} | {} | reference {}\n", chart.title, chart.x_label,
                  chart.reference ? fmt::format("{:.6g}", *chart.reference) : "none");
  for (const IntervalChart::Row& row : chart.rows) {
    text += fmt::format("  {}: {:.6g} [{:.6g}, {:.6g}]\n", row.name, row.value, row.low, row.high);
  }
  return text;
}

/// No text for blocks that are no charts.
template <class Other>
std::string chart_text(const Other&) {
  return "";
}

/// The Markdown, then every chart in order.
inline std::string text_with_charts(const Document& document) {
  std::string text = markdown_of(document) + "\n";
  for (const Block& block : document.blocks) {
    text += std::visit([](const auto& b) { return chart_text(b); }, block);
  }
  return text;
}

}  // namespace spanlab::testing
