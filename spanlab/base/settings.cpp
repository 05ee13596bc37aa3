// Settings declared once: checks of a value against its declaration, and all ways of printing.
#include "spanlab/base/settings.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cassert>
#include <charconv>
#include <limits>
#include <optional>

#include "spanlab/base/error.h"
#include "spanlab/base/text.h"

namespace spanlab {
namespace {

constexpr char kUnset[] = "none";

/// A value in a message: the user's own text is cut short and cleaned.
std::string shown(const SettingValue& value) {
  if (const auto* word = std::get_if<std::string>(&value)) return in_quotes(*word);
  if (std::holds_alternative<int64_t>(value) || std::holds_alternative<double>(value)) {
    return value_text(value);
  }
  return std::holds_alternative<std::vector<std::string>>(value) ? "a list of names" : "a list";
}

[[noreturn]] void refuse(const std::string& name, const std::string& wanted,
                         const SettingValue& value, const std::string& hint) {
  throw Error(fmt::format("{} must be {}, not {}", name, wanted, shown(value)), hint);
}

std::string text_of(SettingKind kind) {
  switch (kind) {
    case SettingKind::integer:
      return "whole number";
    case SettingKind::number:
      return "number";
    case SettingKind::name:
      return "name";
    case SettingKind::integers:
      return "list of whole numbers";
    case SettingKind::numbers:
      return "list of numbers";
    case SettingKind::names:
      return "list of names";
  }
  return "";
}

bool is_in(const IntegerRange& range, int64_t number) {
  return number >= range.low && number <= range.high && number % range.multiple_of == 0;
}

bool is_in(const NumberRange& range, double number) {
  const bool low_fits = range.low_open ? number > range.low : number >= range.low;
  const bool high_fits = range.high_open ? number < range.high : number <= range.high;
  return low_fits && high_fits;
}

/// The value as numbers; none if it is something else.
std::optional<std::vector<int64_t>> integers_of(const SettingValue& value) {
  if (const auto* one = std::get_if<int64_t>(&value)) return std::vector{*one};
  if (const auto* list = std::get_if<std::vector<int64_t>>(&value)) return *list;
  return std::nullopt;
}

std::optional<std::vector<double>> numbers_of(const SettingValue& value) {
  if (const auto* one = std::get_if<double>(&value)) return std::vector{*one};
  if (const auto* list = std::get_if<std::vector<double>>(&value)) return *list;
  if (const auto whole = integers_of(value)) {
    return std::vector<double>(whole->begin(), whole->end());
  }
  return std::nullopt;
}

bool is_list(const SettingValue& value) {
  return std::holds_alternative<std::vector<std::string>>(value) ||
         std::holds_alternative<std::vector<int64_t>>(value) ||
         std::holds_alternative<std::vector<double>>(value);
}

bool is_empty(const SettingValue& value) {
  const auto* words =
      std::get_if<std::vector<std::string>>(&value);  // as what an empty list is read
  return words != nullptr && words->empty();
}

template <class Number, class Range, class NumbersOf>
Setting bind_numbers(std::string name, SettingKind kind, Range range,
                     detail::NumberAccess<Number> access, NumbersOf numbers_in, std::string help) {
  const std::string words = in_words(range);
  const SettingKind one = kind == SettingKind::integers  ? SettingKind::integer
                          : kind == SettingKind::numbers ? SettingKind::number
                                                         : kind;
  auto get = [access]() -> SettingValue {
    const std::vector<Number> numbers = access.get();
    if (access.list) return numbers;
    return numbers.empty() ? SettingValue{kUnset} : SettingValue{numbers[0]};
  };
  auto assign = [=](const SettingValue& value, const std::string& called) {
    if (access.optional && is_unset(value)) {
      access.put({});
      return;
    }
    if (access.list && is_list(value) && is_empty(value)) {
      throw Error(called + " is empty", "name at least one number, " + words);
    }
    const std::optional<std::vector<Number>> numbers = numbers_in(value);
    if (!numbers || (is_list(value) && !access.list)) {
      refuse(called, fmt::format("a {}", text_of(is_list(value) ? kind : one)), value, words);
    }
    for (const Number number : *numbers) {
      if (!is_in(range, number)) {
        refuse(called, words, is_list(value) ? SettingValue{number} : value,
               "choose a value in that range");
      }
    }
    access.put(*numbers);
  };
  return {std::move(name), kind,           access.optional ? words + ", or none" : words,
          std::move(help), std::move(get), std::move(assign)};
}

std::string toml_text(int64_t whole) {
  return number_text(whole);
}

std::string toml_text(double real) {
  std::string text = number_text(real);
  // Without a point or an exponent TOML would read a whole number.
  if (text.find_first_not_of("-0123456789") == std::string::npos) text += ".0";
  return text;
}

std::string toml_text(const std::string& word) {
  return '"' + word + '"';
}

template <class T>
std::string toml_text(const std::vector<T>& list) {
  std::string text = "[";
  for (const T& item : list) text += (text.size() > 1 ? ", " : "") + toml_text(item);
  return text + "]";
}

template <class Number>
std::optional<Number> number_in(const std::string& word) {
  Number number{};
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), number);
  if (error != std::errc{} || end != word.data() + word.size()) return std::nullopt;
  return number;
}

/// All words as numbers; none if one is not.
template <class Number>
std::optional<std::vector<Number>> all_numbers(const std::vector<std::string>& words) {
  std::vector<Number> numbers;
  for (const std::string& word : words) {
    const std::optional<Number> number = number_in<Number>(word);
    if (!number) return std::nullopt;
    numbers.push_back(*number);
  }
  return numbers;
}

}  // namespace

std::string in_words(const IntegerRange& range) {
  if (range.low == kAnyInteger.low) return "a whole number";
  // The largest number of a type is no limit that anyone has set.
  std::string text = range.high >= std::numeric_limits<int>::max()
                         ? fmt::format("{} or more", range.low)
                         : fmt::format("{} to {}", range.low, range.high);
  if (range.multiple_of > 1) text += fmt::format(", a multiple of {}", range.multiple_of);
  return text;
}

std::string in_words(const NumberRange& range) {
  constexpr double kLargest = std::numeric_limits<double>::max();
  const std::string low = (range.low_open ? "above " : "") + number_text(range.low);
  if (range.low == -kLargest) return "a finite number";
  if (range.high == kLargest) return range.low_open ? low : low + " or more";
  return fmt::format("{} to {}{}", low, range.high_open ? "below " : "", number_text(range.high));
}

bool is_unset(const SettingValue& value) {
  return value == SettingValue{kUnset};
}

std::string plain_text(const SettingValue& value) {
  if (const auto* word = std::get_if<std::string>(&value)) return *word;
  if (const auto* words = std::get_if<std::vector<std::string>>(&value)) {
    return fmt::format("{}", fmt::join(*words, ", "));
  }
  std::string text = value_text(value);
  return is_list(value) ? text.substr(1, text.size() - 2) : text;
}

std::string section_of(const Setting& setting) {
  return setting.name.substr(0, setting.name.find('.'));
}

void keep_former_names(RenamedSettings renamed, std::vector<Setting>& settings) {
  for (const auto& [former, name] : renamed) {
    const auto found = std::find_if(settings.begin(), settings.end(),
                                    [&name = name](const Setting& s) { return s.name == name; });
    assert(found != settings.end());
    found->former = former;
  }
}

std::string option_of(const Setting& setting) {
  if (!setting.option.empty()) return setting.option;
  if (setting.name.starts_with("--")) return setting.name;
  std::string name = "--" + setting.name.substr(setting.name.find('.') + 1);
  std::replace(name.begin(), name.end(), '_', '-');
  return name;
}

std::string type_of(const Setting& setting) {
  return text_of(setting.kind);
}

Setting detail::integers(std::string name, IntegerRange range, NumberAccess<int64_t> access,
                         std::string help) {
  const SettingKind kind = access.list ? SettingKind::integers : SettingKind::integer;
  return bind_numbers(std::move(name), kind, range, std::move(access), integers_of,
                      std::move(help));
}

Setting detail::numbers(std::string name, NumberRange range, NumberAccess<double> access,
                        std::string help) {
  const SettingKind kind = access.list ? SettingKind::numbers : SettingKind::number;
  return bind_numbers(std::move(name), kind, range, std::move(access), numbers_of, std::move(help));
}

Setting interval_setting(std::string name, double& low, double& high, NumberRange range,
                         std::string help) {
  const detail::NumberAccess<double> access{false, true,
                                            [&low, &high] {
                                              return std::vector{low, high};
                                            },
                                            [&low, &high](const std::vector<double>& given) {
                                              low = given.front();
                                              high = given.back();
                                            }};
  Setting setting = detail::numbers(std::move(name), range, access, std::move(help));
  setting.assign = [assign = setting.assign](const SettingValue& value, const std::string& called) {
    const std::optional<std::vector<double>> ends = numbers_of(value);
    if (ends && (ends->size() > 2 || (!ends->empty() && ends->front() > ends->back()))) {
      throw Error(called + " must be two numbers, the smaller one first", "or one for both");
    }
    assign(value, called);
  };
  return setting;
}

Setting detail::index_setting(std::string name, bool single, std::vector<std::string> names,
                              std::function<std::vector<size_t>()> get,
                              std::function<void(const std::vector<size_t>&)> set,
                              std::string help) {
  const std::string choices = fmt::format("{}", fmt::join(names, ", "));
  const std::string words = (single ? "one of " : "") + choices;
  const SettingKind kind = single ? SettingKind::name : SettingKind::names;

  auto get_names = [single, names, get = std::move(get)]() -> SettingValue {
    std::vector<std::string> picked;
    for (size_t i : get()) picked.push_back(names[i]);
    return single ? SettingValue{picked[0]} : SettingValue{picked};
  };

  auto set_names = [single, kind, names, choices, set = std::move(set)](const SettingValue& value,
                                                                        const std::string& called) {
    std::vector<std::string> words_given;
    if (const auto* word = std::get_if<std::string>(&value); word != nullptr && single) {
      words_given = {*word};
    } else if (const auto* list = std::get_if<std::vector<std::string>>(&value);
               list != nullptr && !single) {
      words_given = *list;
    } else {
      refuse(called, fmt::format("a {}", text_of(kind)), value,
             single ? "one of " + choices
                    : fmt::format("write it as [\"{0}\"], in a shell '[\"{0}\"]'", names[0]));
    }
    if (words_given.empty()) {
      throw Error(called + " is empty", "name at least one of " + choices);
    }
    std::vector<size_t> picked;
    for (const std::string& word : words_given) {
      const auto found = std::find(names.begin(), names.end(), word);
      if (found == names.end()) {
        const std::string near = nearest_name(word, names);
        throw Error(fmt::format("{} has no value {}", called, in_quotes(word)),
                    (near.empty() ? "" : fmt::format("did you mean \"{}\"? ", near)) + "it knows " +
                        choices);
      }
      const auto index = static_cast<size_t>(found - names.begin());
      if (std::find(picked.begin(), picked.end(), index) != picked.end()) {
        throw Error(fmt::format("{} contains {} twice", called, in_quotes(word)), "list it once");
      }
      picked.push_back(index);
    }
    set(picked);
  };
  return {std::move(name),     kind, words, std::move(help), std::move(get_names),
          std::move(set_names)};
}

SettingValue value_of_words(const Setting& setting, const std::vector<std::string>& words) {
  const bool list = setting.kind == SettingKind::integers || setting.kind == SettingKind::numbers ||
                    setting.kind == SettingKind::names;
  const auto whole = all_numbers<int64_t>(words);
  const auto real = all_numbers<double>(words);
  if (list) {
    if (whole) return *whole;
    if (real) return *real;
    return words;
  }
  if (whole) return whole->back();
  if (real) return real->back();
  return words.back();
}

std::string value_text(const SettingValue& value) {
  return std::visit([](const auto& given) { return toml_text(given); }, value);
}

std::string settings_toml(std::span<const Setting> settings) {
  std::string text;
  std::string section;
  for (const Setting& setting : settings) {
    if (section_of(setting) != section) {
      section = section_of(setting);
      text += fmt::format("{}[{}]\n", text.empty() ? "" : "\n", section);
    }
    text += fmt::format("{} = {}\n", setting.name.substr(section.size() + 1),
                        value_text(setting.get()));
  }
  return text;
}

std::string settings_help(std::span<const Setting> settings) {
  std::string text;
  for (const Setting& setting : settings) {
    text += fmt::format("{} ({})\n    {}\n    range: {}\n    default: {}\n", setting.name,
                        type_of(setting), setting.help, setting.range, plain_text(setting.get()));
  }
  return text;
}

std::string settings_table(std::span<const Setting> settings) {
  std::string text = "| setting | what | type | range | default |\n|---|---|---|---|---|\n";
  for (const Setting& setting : settings) {
    text += fmt::format("| `{}` | {} | {} | {} | {} |\n", setting.name, setting.help,
                        type_of(setting), setting.range, plain_text(setting.get()));
  }
  return text;
}

}  // namespace spanlab
