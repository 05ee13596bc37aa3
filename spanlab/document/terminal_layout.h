// Text in the columns of a terminal: its width, line breaks, padding.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace spanlab {

/// Columns that UTF-8 text takes: two for wide East Asian characters and emoji, none for accents
/// that stand alone.
int display_width(std::string_view text);

/// Lines of at most `width` columns, broken at blanks, long words anywhere; one empty line for no
/// words.
std::vector<std::string> wrapped(std::string_view text, int width);

/// Blanks up to `width` columns, after the text or before it.
std::string padded(const std::string& text, int width, bool flush_right);

/// Lines of a table in at most `width` columns: cells wrap where they must. Empty if it is too
/// narrow for the number of columns.
std::vector<std::string> table_lines(const std::vector<std::string>& header,
                                     const std::vector<std::vector<std::string>>& rows,
                                     const std::vector<bool>& flush_right, int width);

}  // namespace spanlab
