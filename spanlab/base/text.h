// Numbers as text and words compared: shortest round-trip float text, nearest name.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace spanlab {

/// Shortest decimal text that reads back to the same value; "nan", "inf", "-inf".
std::string number_text(double value);
std::string number_text(float value);
std::string number_text(int64_t value);

/// The candidate with the smallest edit distance to `word`, if close enough to be a slip of the
/// pen (at most a third of its length, at least 2 edits); empty otherwise.
std::string nearest_name(std::string_view word, std::span<const std::string> candidates);

}  // namespace spanlab
