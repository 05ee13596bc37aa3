// A report as data: headings, text, tables and charts, from which Markdown, HTML and terminal text
// are written.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace spanlab {

struct Heading {
  int level;  ///< 1 to 4
  std::string text;
};

/// Plain text; `code` in back quotes and **bold** are understood.
struct Paragraph {
  std::string text;
};

struct Bullets {
  std::vector<std::string> items;  ///< as Paragraph::text
};

/// Preformatted lines: recipe patches, commands.
struct CodeBlock {
  std::string text;
};

struct TextTable {
  std::vector<std::string> header;
  std::vector<std::vector<std::string>> rows;  ///< as Paragraph::text
};

/// Curves over a common x axis; a value that is not finite leaves a gap.
struct LineChart {
  std::string title, x_label, y_label;
  struct Line {
    std::string name;
    std::vector<std::array<double, 2>> points;  ///< (x, y)
    bool dashed = false;
  };
  std::vector<Line> lines;
  bool log_y = false;
  bool stacked = false;  ///< areas on top of one another (the lines share their x values)
};

/// One window as candlesticks with spans below.
struct CandleChart {
  std::string title;
  struct Candle {
    double open, high, low, close;
  };
  std::vector<Candle> bars;
  std::vector<std::pair<int, int>> labelled, predicted;  ///< first and last bar, inclusive
  std::vector<float> probability;                        ///< a bar each; may be empty
  double threshold = 0.5;
};

/// Values with 95 % intervals, a row each: a forest plot.
struct IntervalChart {
  std::string title, x_label;
  struct Row {
    std::string name;
    double value, low, high;
  };
  std::vector<Row> rows;
  std::optional<double> reference;  ///< a vertical line, 0 for differences
};

using Block = std::variant<Heading, Paragraph, Bullets, CodeBlock, TextTable, LineChart,
                           CandleChart, IntervalChart>;

struct Document {
  std::string title;
  std::vector<Block> blocks;
};

/// Charts are left out but for a line that says so; tables become pipe tables.
std::string markdown_of(const Document& document);

/// One file that opens offline: style, chart library and data inside; light and dark, narrow and
/// wide. Text is escaped.
std::string html_of(const Document& document);

/// Headings, text and tables in `width` columns, for a terminal; charts left out.
std::string terminal_text_of(const Document& document, int width);

}  // namespace spanlab
