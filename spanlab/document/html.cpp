// A document as one HTML file: escaped text, tables, and charts as JSON next to their canvas.
#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <set>
#include <string_view>

#include "spanlab/document/document.h"
#include "spanlab/document/renderers.h"

namespace spanlab {
namespace {

std::string html_escaped(std::string_view text) {
  std::string result;
  for (const char c : text) {
    switch (c) {
      case '&':
        result += "&amp;";
        break;
      case '<':
        result += "&lt;";
        break;
      case '>':
        result += "&gt;";
        break;
      case '"':
        result += "&quot;";
        break;
      default:
        result += c;
    }
  }
  return result;
}

std::string inline_html(std::string_view text) {
  std::string result;
  for (const TextRun& run : text_runs(text)) {
    std::string part = html_escaped(run.text);
    if (run.code) part = "<code>" + part + "</code>";
    if (run.bold) part = "<strong>" + part + "</strong>";
    result += part;
  }
  return result;
}

// "Why the span task stalls" -> "why-the-span-task-stalls"; "section" if no letter is left.
std::string anchor_of(std::string_view text) {
  std::string anchor;
  for (const char c : without_marks(text)) {
    const auto byte = static_cast<unsigned char>(c);
    if (std::isalnum(byte) != 0) {
      anchor += static_cast<char>(std::tolower(byte));
    } else if (!anchor.empty() && anchor.back() != '-') {
      anchor += '-';
    }
  }
  while (!anchor.empty() && anchor.back() == '-') anchor.pop_back();
  return anchor.empty() ? "section" : anchor;
}

// Anchors of one page, each given once.
class Anchors {
 public:
  std::string take(std::string_view text) {
    const std::string wanted = anchor_of(text);
    std::string anchor = wanted;
    for (int i = 2; !taken_.insert(anchor).second; ++i) anchor = fmt::format("{}-{}", wanted, i);
    return anchor;
  }

 private:
  std::set<std::string> taken_;
};

// Bytes of a cell above which its column is not squeezed on a phone.
constexpr size_t kLongCell = 30;

std::string cells(const std::vector<std::string>& row, const TableShape& shape,
                  std::string_view element) {
  std::string line = "<tr>";
  for (size_t i = 0; i < row.size(); ++i) {
    const std::string_view kind = shape.numeric[i]            ? " class=\"n\""
                                  : row[i].size() > kLongCell ? " class=\"w\""
                                                              : "";
    line += fmt::format("<{}{}>{}</{}>", element, kind, inline_html(row[i]), element);
  }
  return line + "</tr>\n";
}

std::string figure(const std::string& kind, const std::string& title, const std::string& data) {
  const std::string name = html_escaped(without_marks(title));
  const std::string caption = name.empty() ? "" : "<figcaption>" + name + "</figcaption>\n";
  return fmt::format(
      "<figure class=\"chart {}\">\n{}<div class=\"plot\"><canvas role=\"img\" "
      "aria-label=\"{}\"></canvas></div>\n<script type=\"application/json\">{}</script>\n"
      "</figure>\n",
      kind, caption, name, data);
}

class HtmlWriter {
 public:
  std::string operator()(const Heading& heading) {
    const int level = std::clamp(heading.level, 1, 4);
    const std::string anchor = anchors_.take(heading.text);
    const std::string text = inline_html(heading.text);
    if (level == 2) {
      contents_ += fmt::format("<li><a href=\"#{}\">{}</a></li>\n", anchor, text);
    }
    return fmt::format("<h{} id=\"{}\">{}</h{}>\n", level, anchor, text, level);
  }

  std::string operator()(const Paragraph& paragraph) const {
    const std::string text = inline_html(paragraph.text);
    return text.empty() ? "" : "<p>" + text + "</p>\n";
  }

  std::string operator()(const Bullets& bullets) const {
    if (bullets.items.empty()) return "";
    std::string list = "<ul>\n";
    for (const std::string& item : bullets.items) list += "<li>" + inline_html(item) + "</li>\n";
    return list + "</ul>\n";
  }

  // The line break after <pre> is dropped by browsers; without it they would drop one of the text.
  std::string operator()(const CodeBlock& block) const {
    if (block.text.empty()) return "";
    return "<pre>\n" + html_escaped(printable(block.text)) + "</pre>\n";
  }

  std::string operator()(const TextTable& table) const {
    const TableShape shape = shape_of(table);
    if (shape.header.empty()) return "";
    std::string rows;
    for (const std::vector<std::string>& row : shape.rows) rows += cells(row, shape, "td");
    return "<div class=\"table\"><table>\n<thead>" + cells(shape.header, shape, "th") +
           "</thead>\n<tbody>\n" + rows + "</tbody>\n</table></div>\n";
  }

  std::string operator()(const LineChart& chart) const {
    return figure("line", chart.title, chart_data(chart));
  }
  std::string operator()(const CandleChart& chart) const {
    return figure("candles", chart.title, chart_data(chart));
  }
  std::string operator()(const IntervalChart& chart) const {
    return figure("intervals", chart.title, chart_data(chart));
  }

  /// Links to the headings of level 2 so far; empty if there are fewer than two.
  std::string contents() const {
    if (contents_.find("<li>") == contents_.rfind("<li>")) return "";
    return "<nav aria-label=\"Contents\">\n<ul>\n" + contents_ + "</ul>\n</nav>\n";
  }

 private:
  Anchors anchors_;
  std::string contents_;  // list items
};

bool is_chart(const Block& block) {
  return std::holds_alternative<LineChart>(block) || std::holds_alternative<CandleChart>(block) ||
         std::holds_alternative<IntervalChart>(block);
}

std::string scripts_of(const Document& document) {
  if (std::none_of(document.blocks.begin(), document.blocks.end(), is_chart)) return "";
  return fmt::format("<script>\n{}\n</script>\n<script>\n{}{}</script>\n", chart_library,
                     chart_kinds, page_script);
}

}  // namespace

std::string html_of(const Document& document) {
  HtmlWriter writer;
  std::string body;
  const std::string title = inline_html(document.title);
  const std::string header = title.empty() ? "" : "<header><h1>" + title + "</h1></header>\n";
  for (const Block& block : document.blocks) body += std::visit(writer, block);
  return fmt::format(
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<meta name=\"color-scheme\" content=\"light dark\">\n<title>{}</title>\n"
      "<link rel=\"icon\" href=\"data:,\">\n<style>\n{}</style>\n</head>\n<body>\n{}{}<main>\n{}"
      "</main>\n{}</body>\n</html>\n",
      html_escaped(without_marks(document.title)), page_style, header, writer.contents(), body,
      scripts_of(document));
}

}  // namespace spanlab
