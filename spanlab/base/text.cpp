// Number text by std::to_chars, edit distance, quotes for messages.
#include "spanlab/base/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>
#include <vector>

namespace spanlab {
namespace {

// std::to_chars alone writes 100000 as 1e+05: shorter, but not what a reader of a table expects.
template <class T>
std::string float_text(T value) {
  const T size = std::abs(value);
  const bool everyday =
      size == 0 || (size >= T(1e-5) && size < std::pow(T(10), T(std::numeric_limits<T>::digits10)));
  char text[64];
  const auto end = everyday
                       ? std::to_chars(text, text + sizeof text, value, std::chars_format::fixed)
                       : std::to_chars(text, text + sizeof text, value);
  return {text, end.ptr};
}

// Levenshtein.
size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<size_t> row(b.size() + 1);  // distances of a's first i letters to b's first j
  std::iota(row.begin(), row.end(), size_t{0});
  for (size_t i = 1; i <= a.size(); ++i) {
    size_t diagonal = std::exchange(row[0], i);
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, replaced});
    }
  }
  return row.back();
}

std::string escaped(char c) {
  if (c == '\n') return "\\n";
  if (c == '\t') return "\\t";
  if (c == '\r') return "\\r";
  if (static_cast<unsigned char>(c) >= 0x20 && c != 0x7F) return std::string(1, c);
  return fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
}

}  // namespace

std::string number_text(double value) {
  if (std::isnan(value)) return "nan";  // whatever its sign bit
  return float_text(value);
}

std::string number_text(float value) {
  if (std::isnan(value)) return "nan";
  return float_text(value);
}

std::string number_text(int64_t value) {
  char text[24];
  return {text, std::to_chars(text, text + sizeof text, value).ptr};
}

std::string counted(int64_t count, std::string_view noun) {
  std::string text = number_text(count) + " " + std::string(noun);
  if (count != 1) text += 's';
  return text;
}

std::string listed(std::span<const std::string> words) {
  std::string text;
  for (size_t i = 0; i < words.size(); ++i) {
    if (i > 0) text += i + 1 == words.size() ? " and " : ", ";
    text += words[i];
  }
  return text;
}

std::string nearest_name(std::string_view word, std::span<const std::string> candidates) {
  const std::string wanted = lower_case(word);
  std::string nearest;
  // Replacing every letter is no slip of the pen, however short the word.
  size_t limit = std::min(std::max<size_t>(2, word.size() / 3) + 1, word.size());
  for (const std::string& candidate : candidates) {
    const size_t distance = edit_distance(wanted, lower_case(candidate));
    if (distance < limit) {
      limit = distance;
      nearest = candidate;
    }
  }
  return nearest;
}

std::string lower_case(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

std::string capitalised(std::string_view text) {
  std::string capital(text);
  if (!capital.empty() && capital.front() >= 'a' && capital.front() <= 'z') capital.front() -= 32;
  return capital;
}

std::string in_quotes(std::string_view text) {
  constexpr size_t kLongest = 80;
  std::string out = "\"";
  size_t characters = 0, bytes = 0;  // bytes: of the last character, at most 4
  for (const char c : text) {
    const bool continues = (c & 0xC0) == 0x80 && bytes < 4;
    bytes = continues ? bytes + 1 : 1;
    if (!continues && ++characters > kLongest) return out + "...\"";
    out += escaped(c);
  }
  return out + "\"";
}

}  // namespace spanlab
