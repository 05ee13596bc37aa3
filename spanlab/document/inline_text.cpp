// Reads `code` and **bold** from left to right.
#include <algorithm>

#include "spanlab/document/renderers.h"

namespace spanlab {
namespace {

bool is_control(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte < 0x20 || byte == 0x7f;
}

void append(std::vector<TextRun>& runs, std::string_view text, bool code, bool bold) {
  if (text.empty()) return;
  if (runs.empty() || runs.back().code != code || runs.back().bold != bold) {
    runs.push_back({"", code, bold});
  }
  runs.back().text += text;
}

}  // namespace

std::string printable(std::string_view text) {
  std::string result(text);
  for (char& c : result) {
    if (is_control(c) && c != '\n' && c != '\t') c = '?';
  }
  return result;
}

std::vector<TextRun> text_runs(std::string_view text) {
  std::string line = printable(text);
  std::replace_if(line.begin(), line.end(), is_control, ' ');
  const std::string_view rest = line;
  std::vector<TextRun> runs;
  bool bold = false;
  size_t at = 0;
  while (at < rest.size()) {
    if (rest[at] == '`') {
      const size_t end = rest.find('`', at + 1);
      if (end != std::string_view::npos && end > at + 1) {
        append(runs, rest.substr(at + 1, end - at - 1), true, bold);
        at = end + 1;
        continue;
      }
    }
    const bool stars = rest.substr(at, 2) == "**";
    if (stars && (bold || rest.find("**", at + 2) != std::string_view::npos)) {
      bold = !bold;
      at += 2;
      continue;
    }
    append(runs, rest.substr(at, 1), false, bold);
    ++at;
  }
  return runs;
}

std::string without_marks(std::string_view text) {
  std::string plain;
  for (const TextRun& run : text_runs(text)) plain += run.text;
  return plain;
}

}  // namespace spanlab
