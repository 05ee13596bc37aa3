// The two marks that document text may carry, `code` and **bold**, taken apart into runs.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace spanlab {

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

}  // namespace spanlab
