// Numbers, names and messages as text: shortest round-trip floats, counted nouns, lists, the
// nearest name, safe quotes.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace spanlab {

/// Shortest decimal digits that read back to the same value, without an exponent where the number
/// has an everyday size; "nan", "inf", "-inf".
std::string number_text(double value);
std::string number_text(float value);
std::string number_text(int64_t value);

/// The candidate with the smallest edit distance to `word`, if close enough to be a slip of the
/// pen (at most a third of its length, at least 2 edits); empty otherwise.
std::string nearest_name(std::string_view word, std::span<const std::string> candidates);

/// "1 bar", "2 bars": the count and the noun with it.
std::string counted(int64_t count, std::string_view noun);

/// "type", "type and span", "type, ptr and span".
std::string listed(std::span<const std::string> words);

/// ASCII letters in lower case.
std::string lower_case(std::string_view text);

/// With its first letter in upper case, if that is ASCII.
std::string capitalised(std::string_view text);

/// "text" in double quotes for a message: at most 80 characters (UTF-8) of it, and "..." if that is
/// less than all; control characters as \n, \t, \r or \xNN.
std::string in_quotes(std::string_view text);

}  // namespace spanlab
