// Breaks text into lines and cells into columns.
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <numeric>

#include "spanlab/document/terminal_layout.h"

namespace spanlab {
namespace {

constexpr int kGap = 2;         // blanks between columns
constexpr int kNarrowest = 10;  // columns of a cell that wraps

struct Character {
  std::string_view bytes;
  int width;
};

struct CodeRange {
  uint32_t first, last;
};
// Unicode Standard Annex 11, the blocks that are wide as a whole.
constexpr std::array<CodeRange, 9> kWide{{{0x1100, 0x115f},
                                          {0x2e80, 0xa4cf},
                                          {0xac00, 0xd7a3},
                                          {0xf900, 0xfaff},
                                          {0xfe30, 0xfe6f},
                                          {0xff00, 0xff60},
                                          {0xffe0, 0xffe6},
                                          {0x1f300, 0x1faff},
                                          {0x20000, 0x3fffd}}};

int width_of(uint32_t code) {
  if ((code >= 0x300 && code <= 0x36f) || (code >= 0x200b && code <= 0x200f)) return 0;
  const bool wide = std::any_of(kWide.begin(), kWide.end(), [code](const CodeRange& range) {
    return code >= range.first && code <= range.last;
  });
  return wide ? 2 : 1;
}

// The first character of a text that is not empty; a byte that is not UTF-8 stands for itself.
Character first_character(std::string_view text) {
  const auto byte = static_cast<unsigned char>(text.front());
  const size_t length = byte < 0xc0 ? 1 : byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
  if (length == 1 || length > text.size()) return {text.substr(0, 1), 1};
  uint32_t code = byte & (0xffu >> (length + 1));
  for (size_t i = 1; i < length; ++i) {
    code = (code << 6) | (static_cast<unsigned char>(text[i]) & 0x3fu);
  }
  return {text.substr(0, length), width_of(code)};
}

// Bytes of the longest start of `text` that fits into `width` columns, at least one character.
size_t fitting_bytes(std::string_view text, int width) {
  size_t bytes = 0;
  while (bytes < text.size()) {
    const Character next = first_character(text.substr(bytes));
    width -= next.width;
    if (width < 0 && bytes > 0) break;
    bytes += next.bytes.size();
  }
  return bytes;
}

std::vector<int> widest_cells(const std::vector<std::string>& header,
                              const std::vector<std::vector<std::string>>& rows) {
  std::vector<int> widths;
  for (const std::string& cell : header) widths.push_back(display_width(cell));
  for (const std::vector<std::string>& row : rows) {
    for (size_t i = 0; i < row.size(); ++i) {
      widths[i] = std::max(widths[i], display_width(row[i]));
    }
  }
  return widths;
}

// Of the longest word.
int word_width(std::string_view cell) {
  int longest = 0;
  while (!cell.empty()) {
    const std::string_view word = cell.substr(0, cell.find(' '));
    longest = std::max(longest, display_width(word));
    cell.remove_prefix(std::min(word.size() + 1, cell.size()));
  }
  return longest;
}

// The least that each column may shrink to. Numbers never break: a number over two lines cannot be
// read.
enum class Breaks {
  none,          ///< of words
  other_words,   ///< of headers over numbers, and of text after the first column
  first_column,  ///< there as well
};

std::vector<int> least_widths(const std::vector<std::string>& header,
                              const std::vector<std::vector<std::string>>& rows,
                              const std::vector<bool>& numeric, Breaks breaks) {
  std::vector<int> least;
  for (size_t i = 0; i < header.size(); ++i) {
    int words = word_width(header[i]), whole = 1;
    for (const std::vector<std::string>& row : rows) {
      words = std::max(words, word_width(row[i]));
      whole = std::max(whole, display_width(row[i]));
    }
    const bool keeps_words = breaks == Breaks::none || (breaks == Breaks::other_words && i == 0);
    if (numeric[i]) {
      least.push_back(keeps_words ? std::max(whole, word_width(header[i])) : whole);
    } else {
      least.push_back(keeps_words ? std::max(words, kNarrowest) : kNarrowest);
    }
  }
  return least;
}

// Takes columns from the widest cell until the table fits; false if none can give any more.
bool shrink(std::vector<int>& widths, const std::vector<int>& least, int room) {
  while (std::accumulate(widths.begin(), widths.end(), 0) > room) {
    size_t widest = widths.size();
    for (size_t i = 0; i < widths.size(); ++i) {
      if (widths[i] <= least[i]) continue;
      if (widest == widths.size() || widths[i] > widths[widest]) widest = i;
    }
    if (widest == widths.size()) return false;
    --widths[widest];
  }
  return true;
}

void append_row(const std::vector<std::string>& row, const std::vector<int>& widths,
                const std::vector<bool>& flush_right, std::vector<std::string>& lines) {
  std::vector<std::vector<std::string>> cells;
  size_t height = 1;
  for (size_t i = 0; i < row.size(); ++i) {
    cells.push_back(wrapped(row[i], widths[i]));
    height = std::max(height, cells.back().size());
  }
  for (size_t k = 0; k < height; ++k) {
    std::string line;
    for (size_t i = 0; i < row.size(); ++i) {
      if (i > 0) line.append(kGap, ' ');
      line += padded(k < cells[i].size() ? cells[i][k] : "", widths[i], flush_right[i]);
    }
    line.erase(line.find_last_not_of(' ') + 1);
    lines.push_back(line);
  }
}

}  // namespace

int display_width(std::string_view text) {
  int width = 0;
  while (!text.empty()) {
    const Character next = first_character(text);
    width += next.width;
    text.remove_prefix(next.bytes.size());
  }
  return width;
}

std::vector<std::string> wrapped(std::string_view text, int width) {
  width = std::max(width, 1);
  std::vector<std::string> lines{""};
  while (true) {
    text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
    if (text.empty()) return lines;
    std::string_view word = text.substr(0, text.find(' '));
    text.remove_prefix(word.size());
    std::string& line = lines.back();
    if (!line.empty() && display_width(line) + 1 + display_width(word) <= width) {
      line.append(" ").append(word);
      continue;
    }
    if (!line.empty()) lines.emplace_back();
    for (size_t bytes = 0; (bytes = fitting_bytes(word, width)) < word.size();) {
      lines.back() = word.substr(0, bytes);
      lines.emplace_back();
      word.remove_prefix(bytes);
    }
    lines.back() = word;
  }
}

std::string padded(const std::string& text, int width, bool flush_right) {
  const std::string blanks(static_cast<size_t>(std::max(0, width - display_width(text))), ' ');
  return flush_right ? blanks + text : text + blanks;
}

std::vector<std::string> table_lines(const std::vector<std::string>& header,
                                     const std::vector<std::vector<std::string>>& rows,
                                     const std::vector<bool>& flush_right, int width) {
  const std::vector<int> natural = widest_cells(header, rows);
  const int gaps = kGap * (static_cast<int>(natural.size()) - 1);
  std::vector<int> widths;
  bool fits = false;
  for (const Breaks breaks : {Breaks::none, Breaks::other_words, Breaks::first_column}) {
    widths = natural;
    fits = shrink(widths, least_widths(header, rows, flush_right, breaks), width - gaps);
    if (fits) break;
  }
  if (!fits) return {};
  std::vector<std::string> lines;
  append_row(header, widths, flush_right, lines);
  const int total = std::accumulate(widths.begin(), widths.end(), gaps);
  lines.emplace_back(static_cast<size_t>(total), '-');
  for (const std::vector<std::string>& row : rows) append_row(row, widths, flush_right, lines);
  return lines;
}

}  // namespace spanlab
