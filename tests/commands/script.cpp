// Reading, running and comparing tests that are text.
#include "tests/commands/script.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <regex>
#include <stdexcept>
#include <utility>

namespace spanlab::testing {
namespace {

constexpr const char* kNoNewline = "<no newline>";

// What a placeholder stands for.
const std::array<std::pair<std::string, std::string>, 3> kPlaceholders = {{
    {"<seconds>", "[0-9]+(\\.[0-9]+)?"},
    {"<hash>", "[0-9a-f]{16,}"},
    {"<any>", ".*"},
}};

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  for (size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size()) {
    text.replace(at, from.size(), to);
  }
  return text;
}

bool fits(const std::string& expected, const std::string& printed) {
  if (expected == printed) return true;
  static const std::regex kSpecial(R"([.^$|()\[\]{}*+?\\])");
  const std::string literal = std::regex_replace(expected, kSpecial, R"(\$&)");
  std::string pattern = literal;
  for (const auto& [name, meaning] : kPlaceholders) {
    pattern = replaced(pattern, name, "(" + name + "|" + meaning + ")");
  }
  return pattern != literal && std::regex_match(printed, std::regex(pattern));
}

/// Pairs of lines that fit, as many as can be in the same order (longest common subsequence).
std::vector<std::pair<size_t, size_t>> matches(const std::vector<std::string>& a,
                                               const std::vector<std::string>& b) {
  std::vector<std::vector<char>> same(a.size(), std::vector<char>(b.size()));
  std::vector<std::vector<int>> longest(a.size() + 1, std::vector<int>(b.size() + 1, 0));
  for (size_t i = a.size(); i-- > 0;) {
    const bool plain = a[i].find('<') == std::string::npos;
    for (size_t j = b.size(); j-- > 0;) {
      same[i][j] = plain ? a[i] == b[j] : fits(a[i], b[j]);
      longest[i][j] =
          same[i][j] ? longest[i + 1][j + 1] + 1 : std::max(longest[i + 1][j], longest[i][j + 1]);
    }
  }
  std::vector<std::pair<size_t, size_t>> pairs;
  for (size_t i = 0, j = 0; i < a.size() && j < b.size();) {
    if (same[i][j]) {
      pairs.emplace_back(i++, j++);
    } else {
      longest[i + 1][j] >= longest[i][j + 1] ? ++i : ++j;
    }
  }
  return pairs;
}

void add_output(const std::string& output, char mark, std::vector<std::string>& lines) {
  for (const std::string& line : lines_of(output)) {
    lines.push_back(line.empty() ? std::string(1, mark) : std::string{mark, ' '} + line);
  }
  if (!output.empty() && output.back() != '\n') lines.back() += kNoNewline;
}

/// A line of the text without its mark.
std::string unmarked(const std::string& line) {
  return line.size() > 2 ? line.substr(2) : "";
}

std::string with_placeholders(std::string line, const std::string& folder) {
  static const std::regex kHash("\\b[0-9a-f]{32}\\b"), kSeconds("\\b[0-9]+\\.[0-9]+ s\\b");
  line = replaced(std::move(line), folder, "<folder>");
  line = std::regex_replace(line, kHash, "<hash>");
  return std::regex_replace(line, kSeconds, "<seconds> s");
}

/// Lines that differ and the two before and after each.
std::string around_changes(const std::vector<std::string>& lines) {
  constexpr ptrdiff_t kContext = 2;
  const auto differs = [](const std::string& line) { return line[0] != ' '; };
  std::string text;
  bool left_out = false;
  for (auto line = lines.begin(); line != lines.end(); ++line) {
    const auto first = line - std::min(kContext, line - lines.begin());
    const auto last = line + std::min(kContext + 1, lines.end() - line);
    if (std::any_of(first, last, differs)) {
      text += *line + "\n";
      left_out = false;
    } else if (!left_out) {
      text += "  ...\n";
      left_out = true;
    }
  }
  return text;
}

bool is_content(const Step& step, const std::string& line) {
  if (step.kind == Step::Kind::comment || line.empty()) return false;
  const bool output = line[0] == '|' || line[0] == '!';
  if (output && line.size() > 1 && line[1] != ' ') return false;
  if (step.kind == Step::Kind::file) return line[0] == '|';
  return output || line.starts_with("[exit ");
}

}  // namespace

std::vector<Step> parse_script(const std::string& text) {
  std::vector<Step> steps;
  int number = 0;
  for (const std::string& line : lines_of(text)) {
    ++number;
    if (line.starts_with(" ") && !steps.empty() && steps.back().kind == Step::Kind::command &&
        steps.back().content.empty()) {
      steps.back().head.push_back(line);
    } else if (line.empty() || line[0] == '#') {
      if (steps.empty() || steps.back().kind != Step::Kind::comment) {
        steps.push_back({.line = number});
      }
      steps.back().head.push_back(line);
    } else if (line.starts_with("> ") || line.starts_with("$ ")) {
      const auto kind = line[0] == '>' ? Step::Kind::file : Step::Kind::command;
      steps.push_back({.kind = kind, .line = number, .head = {line}, .content = {}});
    } else if (!steps.empty() && is_content(steps.back(), line)) {
      steps.back().content.push_back(line);
    } else {
      throw std::runtime_error("line " + std::to_string(number) +
                               " is none of a test's lines: " + line);
    }
  }
  return steps;
}

std::string script_text(const std::vector<Step>& steps) {
  std::string text;
  for (const Step& step : steps) {
    for (const std::string& line : step.head) text += line + "\n";
    for (const std::string& line : step.content) text += line + "\n";
  }
  return text;
}

std::vector<std::string> perform(const Step& step, const Shell& shell) {
  if (step.kind == Step::Kind::comment) return {};
  if (step.kind == Step::Kind::file) {
    std::string bytes;
    for (const std::string& line : step.content) bytes += unmarked(line) + "\n";
    std::ofstream(shell.folder() / unmarked(step.head[0]), std::ios::binary) << bytes;
    return step.content;
  }
  std::string command = unmarked(step.head[0]);
  for (size_t i = 1; i < step.head.size(); ++i) command += "\n" + step.head[i];
  const ShellResult result = shell.run(command);
  std::vector<std::string> printed;
  add_output(result.out, '|', printed);
  add_output(result.err, '!', printed);
  for (std::string& line : printed) {
    line = with_placeholders(std::move(line), shell.folder().string());
  }
  if (result.status != 0) printed.push_back("[exit " + std::to_string(result.status) + "]");
  return printed;
}

std::string difference(const std::vector<std::string>& expected,
                       const std::vector<std::string>& printed) {
  std::vector<std::pair<size_t, size_t>> pairs = matches(expected, printed);
  if (pairs.size() == expected.size() && pairs.size() == printed.size()) return "";
  pairs.emplace_back(expected.size(), printed.size());
  std::vector<std::string> lines;
  size_t i = 0, j = 0;
  for (const auto& [next_i, next_j] : pairs) {
    while (i < next_i) lines.push_back("- " + expected[i++]);
    while (j < next_j) lines.push_back("+ " + printed[j++]);
    if (i < expected.size()) lines.push_back("  " + expected[i]);
    ++i, ++j;
  }
  return around_changes(lines);
}

std::vector<std::string> accepted(const std::vector<std::string>& expected,
                                  const std::vector<std::string>& printed) {
  std::vector<std::string> lines = printed;
  for (const auto& [i, j] : matches(expected, printed)) lines[j] = expected[i];
  return lines;
}

}  // namespace spanlab::testing
