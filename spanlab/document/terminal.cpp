// A document as text for a terminal: wrapped lines, aligned tables, no colour, no charts.
#include <algorithm>
#include <string_view>

#include "spanlab/document/document.h"
#include "spanlab/document/renderers.h"
#include "spanlab/document/terminal_layout.h"

namespace spanlab {
namespace {

constexpr int kLeastWidth = 20;

std::string joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text.append(line).append("\n");
  return text;
}

std::vector<std::string> plain_cells(const std::vector<std::string>& cells) {
  std::vector<std::string> plain;
  for (const std::string& cell : cells) plain.push_back(without_marks(cell));
  return plain;
}

class TerminalWriter {
 public:
  explicit TerminalWriter(int width) : width_(std::max(width, kLeastWidth)) {}

  std::string operator()(const Heading& heading) const {
    const std::vector<std::string> lines = wrapped(without_marks(heading.text), width_);
    if (heading.level > 2) return joined(lines);
    int longest = 0;
    for (const std::string& line : lines) longest = std::max(longest, display_width(line));
    const std::string rule(static_cast<size_t>(longest), heading.level == 2 ? '-' : '=');
    return joined(lines) + rule + "\n";
  }

  std::string operator()(const Paragraph& paragraph) const {
    const std::string text = without_marks(paragraph.text);
    return text.empty() ? "" : joined(wrapped(text, width_));
  }

  std::string operator()(const Bullets& bullets) const {
    std::string text;
    for (const std::string& item : bullets.items) append_hanging("- ", item, text);
    return text;
  }

  // Not wrapped: it is there to be copied.
  std::string operator()(const CodeBlock& block) const {
    std::string text;
    std::string_view rest = block.text;
    while (!rest.empty()) {
      const size_t end = std::min(rest.find('\n'), rest.size());
      const std::string line = printable(rest.substr(0, end));
      if (!line.empty()) text.append("    ").append(line);
      text += '\n';
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return text;
  }

  std::string operator()(const TextTable& table) const {
    const TableShape shape = shape_of(table);
    if (shape.header.empty()) return "";
    const std::vector<std::string> header = plain_cells(shape.header);
    std::vector<std::vector<std::string>> rows;
    for (const std::vector<std::string>& row : shape.rows) rows.push_back(plain_cells(row));
    const std::vector<std::string> lines = table_lines(header, rows, shape.numeric, width_);
    return lines.empty() ? records(header, rows) : joined(lines);
  }

  template <typename Chart>
  std::string operator()(const Chart&) const {
    return "";
  }

 private:
  void append_hanging(std::string_view mark, std::string_view item, std::string& text) const {
    const int indent = display_width(mark);
    std::string start(mark);
    for (const std::string& line : wrapped(without_marks(item), width_ - indent)) {
      text.append(start).append(line).append("\n");
      start.assign(static_cast<size_t>(indent), ' ');
    }
  }

  // A table that is too wide even with its cells wrapped: a line a cell, a blank line a row.
  std::string records(const std::vector<std::string>& header,
                      const std::vector<std::vector<std::string>>& rows) const {
    std::string text;
    for (const std::vector<std::string>& row : rows) {
      if (!text.empty()) text += "\n";
      for (size_t i = 0; i < row.size(); ++i) {
        if (row[i].empty()) continue;
        const std::string name = header[i].empty() ? "" : header[i] + ": ";
        append_hanging(text.empty() || text.ends_with("\n\n") ? "" : "  ", name + row[i], text);
      }
    }
    return text;
  }

  int width_;
};

// Whether a block is a heading under which nothing is left, as all of it is charts.
bool heads_charts_alone(const std::vector<Block>& blocks, const std::vector<std::string>& parts,
                        size_t i) {
  const auto* heading = std::get_if<Heading>(&blocks[i]);
  if (heading == nullptr) return false;
  bool charts = false;
  for (size_t next = i + 1; next < blocks.size(); ++next) {
    const auto* other = std::get_if<Heading>(&blocks[next]);
    if (other != nullptr && other->level <= heading->level) break;
    if (other != nullptr) continue;
    if (!parts[next].empty()) return false;
    charts = true;
  }
  return charts;
}

}  // namespace

std::string terminal_text_of(const Document& document, int width) {
  const TerminalWriter writer(width);
  std::string text;
  if (!without_marks(document.title).empty()) text = writer(Heading{1, document.title});
  std::vector<std::string> parts;
  for (const Block& block : document.blocks) parts.push_back(std::visit(writer, block));
  for (size_t i = 0; i < parts.size(); ++i) {
    if (parts[i].empty() || heads_charts_alone(document.blocks, parts, i)) continue;
    if (!text.empty()) text += "\n";
    text += parts[i];
  }
  return text;
}

}  // namespace spanlab
