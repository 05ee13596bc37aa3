// A document as Markdown: text that Markdown would read as markup is escaped, tables become pipe
// tables, charts a line that names them.
#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <string_view>

#include "spanlab/document/document.h"
#include "spanlab/document/renderers.h"

namespace spanlab {
namespace {

bool is_word(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || static_cast<unsigned char>(c) >= 0x80;
}

// Whether Markdown may read the character at `i` as markup. An underscore or an ampersand is left
// alone where it means nothing: names with underscores stay readable.
bool needs_escape(std::string_view text, size_t i) {
  const char before = i > 0 ? text[i - 1] : ' ';
  const char after = i + 1 < text.size() ? text[i + 1] : ' ';
  switch (text[i]) {
    case '_':
      return !is_word(before) || !is_word(after);
    case '&':
      return is_word(after) || after == '#';
    case '~':
      return after == '~' || before == '~';
    case ']':  // of a link; an interval in brackets stays as it is
      return after == '(' || after == '[' || after == ':';
    default:
      return std::string_view("\\`*<").find(text[i]) != std::string_view::npos;
  }
}

std::string markdown_escaped(std::string_view text) {
  std::string result;
  for (size_t i = 0; i < text.size(); ++i) {
    if (needs_escape(text, i)) result += '\\';
    result += text[i];
  }
  return result;
}

// A paragraph must not start like a heading, a list, a quote or a rule.
std::string with_safe_start(const std::string& text) {
  const size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
  const std::string_view rest = std::string_view(text).substr(digits);
  if (rest.empty()) return text;
  const std::string_view marks = digits == 0 ? "#>+-=|[" : ".)";
  if (marks.find(rest.front()) == std::string_view::npos) return text;
  return fmt::format("{}\\{}", text.substr(0, digits), rest);
}

std::string trimmed(std::string_view text) {
  const size_t first = text.find_first_not_of(' ');
  if (first == std::string_view::npos) return "";
  return std::string(text.substr(first, text.find_last_not_of(' ') - first + 1));
}

std::string inline_markdown(std::string_view text) {
  std::string result;
  bool bold = false;
  for (const TextRun& run : text_runs(text)) {
    if (run.bold != bold) result += "**";
    bold = run.bold;
    result += run.code ? "`" + run.text + "`" : markdown_escaped(run.text);
  }
  return trimmed(result + (bold ? "**" : ""));
}

std::string cell_markdown(std::string_view text) {
  std::string result;
  for (const char c : inline_markdown(text)) {
    if (c == '|') result += '\\';
    result += c;
  }
  return result;
}

std::string table_row(const std::vector<std::string>& cells) {
  std::string line = "|";
  for (const std::string& cell : cells) line += fmt::format(" {} |", cell_markdown(cell));
  line += '\n';
  return line;
}

// A fence is longer than any run of back quotes in the text.
std::string fence_for(std::string_view text) {
  size_t longest = 0, run = 0;
  for (const char c : text) {
    run = c == '`' ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  return std::string(std::max<size_t>(3, longest + 1), '`');
}

struct MarkdownWriter {
  std::string operator()(const Heading& heading) const {
    const auto level = static_cast<size_t>(std::clamp(heading.level, 1, 4));
    return std::string(level, '#') + " " + inline_markdown(heading.text) + "\n";
  }

  std::string operator()(const Paragraph& paragraph) const {
    const std::string text = with_safe_start(inline_markdown(paragraph.text));
    return text.empty() ? "" : text + "\n";
  }

  std::string operator()(const Bullets& bullets) const {
    std::string text;
    for (const std::string& item : bullets.items) {
      text += "- " + with_safe_start(inline_markdown(item)) + "\n";
    }
    return text;
  }

  std::string operator()(const CodeBlock& block) const {
    if (block.text.empty()) return "";
    const std::string text = printable(block.text);
    const std::string fence = fence_for(text);
    const bool open_line = !text.empty() && text.back() != '\n';
    return fence + "\n" + text + (open_line ? "\n" : "") + fence + "\n";
  }

  std::string operator()(const TextTable& table) const {
    const TableShape shape = shape_of(table);
    if (shape.header.empty()) return "";
    std::string text = table_row(shape.header) + "|";
    for (const bool numeric : shape.numeric) text += numeric ? "---:|" : "---|";
    text += "\n";
    for (const std::vector<std::string>& row : shape.rows) text += table_row(row);
    return text;
  }

  template <typename Chart>
  std::string operator()(const Chart& chart) const {
    const std::string title = trimmed(markdown_escaped(without_marks(chart.title)));
    return fmt::format("*(chart{}{}, in report.html)*\n", title.empty() ? "" : ": ", title);
  }
};

}  // namespace

std::string markdown_of(const Document& document) {
  std::string text;
  const std::string title = inline_markdown(document.title);
  if (!title.empty()) text = "# " + title + "\n";
  for (const Block& block : document.blocks) {
    const std::string part = std::visit(MarkdownWriter{}, block);
    if (part.empty()) continue;
    if (!text.empty()) text += "\n";
    text += part;
  }
  return text;
}

}  // namespace spanlab
