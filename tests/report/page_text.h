// A page as text for golden files: its Markdown, with the data of every chart spelled out.
#pragma once

#include <fmt/format.h>

#include <string>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "spanlab/document/document.h"

namespace spanlab::test {

/// Six significant digits: a page must not depend on the last bits of a sum.
inline std::string short_text(double value) {
  return fmt::format("{:.6g}", value);
}

inline std::string data_of(const LineChart& chart) {
  std::string text =
      fmt::format("x: {}, y: {}{}{}", chart.x_label, chart.y_label,
                  chart.log_y ? ", logarithmic" : "", chart.stacked ? ", stacked" : "");
  for (const LineChart::Line& line : chart.lines) {
    text += fmt::format("\n{}{}:", line.name, line.dashed ? " (dashed)" : "");
    for (const auto& [x, y] : line.points) {
      text += fmt::format(" ({}, {})", short_text(x), short_text(y));
    }
  }
  return text;
}

inline std::string data_of(const CandleChart& chart) {
  std::string text = "bars, each open high low close:";
  for (const CandleChart::Candle& bar : chart.bars) {
    text += fmt::format("\n{} {} {} {}", short_text(bar.open), short_text(bar.high),
                        short_text(bar.low), short_text(bar.close));
  }
  const auto list = [&](const char* name, const std::vector<std::pair<int, int>>& spans) {
    text += fmt::format("\n{}:", name);
    for (const auto& [first, last] : spans) text += fmt::format(" {}-{}", first, last);
  };
  list("labelled", chart.labelled);
  list("predicted", chart.predicted);
  text += "\nprobability:";
  for (const float p : chart.probability) text += " " + short_text(static_cast<double>(p));
  return text + "\nthreshold: " + short_text(chart.threshold);
}

inline std::string data_of(const IntervalChart& chart) {
  std::string text = "x: " + chart.x_label;
  if (chart.reference) text += ", reference " + short_text(*chart.reference);
  for (const IntervalChart::Row& row : chart.rows) {
    text += fmt::format("\n{}: {} [{}, {}]", row.name, short_text(row.value), short_text(row.low),
                        short_text(row.high));
  }
  return text;
}

/// The document's Markdown with a code block of the data after each chart.
inline std::string page_text(const Document& document) {
  Document whole{document.title, {}};
  for (const Block& block : document.blocks) {
    whole.blocks.push_back(block);
    std::visit(
        [&](const auto& kind) {
          using Kind = std::decay_t<decltype(kind)>;
          if constexpr (std::is_same_v<Kind, LineChart> || std::is_same_v<Kind, CandleChart> ||
                        std::is_same_v<Kind, IntervalChart>) {
            whole.blocks.emplace_back(CodeBlock{data_of(kind)});
          }
        },
        block);
  }
  return markdown_of(whole);
}

}  // namespace spanlab::test
