// Settings declared once: name, type, range and help, bound to the variable that holds the value.
// Checking, printing, --help and the docs all come from these declarations.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace spanlab {

/// A value as a file or the command line gives it.
using SettingValue = std::variant<int64_t, double, std::string, std::vector<std::string>>;

/// A setting and the variable that it stands for.
struct Setting {
  std::string name;   ///< section and key: "train.batch"
  std::string type;   ///< in words: "whole number", "list of names"
  std::string range;  ///< in words: "1 to 4", "one of random, grouped, time"
  std::string help;
  std::function<SettingValue()> get;
  /// Throws Error (wrong type, out of range) and leaves the variable as it was.
  std::function<void(const SettingValue&)> set;
};

/// "train" of "train.batch".
std::string section_of(const Setting& setting);

struct IntegerRange {
  int64_t low, high;  ///< both included
  int64_t multiple_of = 1;
};

/// Ends are included unless they are open.
struct NumberRange {
  double low, high;
  bool low_open = false, high_open = false;
};

/// Names and what they stand for.
template <class T>
using Choices = std::vector<std::pair<std::string, T>>;

Setting integer_setting(std::string name, int& value, IntegerRange range, std::string help);
Setting integer_setting(std::string name, int64_t& value, IntegerRange range, std::string help);
Setting number_setting(std::string name, double& value, NumberRange range, std::string help);

namespace detail {

/// One or more of `names`, by their indices; `single` wants exactly one, given as plain text.
Setting index_setting(std::string name, bool single, std::vector<std::string> names,
                      std::function<std::vector<size_t>()> get,
                      std::function<void(const std::vector<size_t>&)> set, std::string help);

template <class T>
std::vector<std::string> names_of(const Choices<T>& choices) {
  std::vector<std::string> names;
  for (const auto& choice : choices) names.push_back(choice.first);
  return names;
}

template <class T>
size_t index_of(const Choices<T>& choices, const T& value) {
  size_t i = 0;
  while (choices[i].second != value) ++i;  // every value that a variable can hold is a choice
  return i;
}

}  // namespace detail

/// Exactly one of the choices.
template <class T>
Setting choice_setting(std::string name, T& value, const Choices<T>& choices, std::string help) {
  return detail::index_setting(
      std::move(name), true, detail::names_of(choices),
      [&value, choices] { return std::vector{detail::index_of(choices, value)}; },
      [&value, choices](const std::vector<size_t>& picked) { value = choices[picked[0]].second; },
      std::move(help));
}

/// At least one of the choices, none twice, in the order given.
template <class T>
Setting list_setting(std::string name, std::vector<T>& values, const Choices<T>& choices,
                     std::string help) {
  return detail::index_setting(
      std::move(name), false, detail::names_of(choices),
      [&values, choices] {
        std::vector<size_t> picked;
        for (const T& value : values) picked.push_back(detail::index_of(choices, value));
        return picked;
      },
      [&values, choices](const std::vector<size_t>& picked) {
        values.clear();
        for (size_t i : picked) values.push_back(choices[i].second);
      },
      std::move(help));
}

/// The value as text that is both TOML and JSON.
std::string value_text(const SettingValue& value);

/// All settings as a TOML file, by section, with their present values.
std::string settings_toml(std::span<const Setting> settings);

/// All settings for a terminal: name, type, range, present value (the default), help.
std::string settings_help(std::span<const Setting> settings);

/// The same as a Markdown table.
std::string settings_table(std::span<const Setting> settings);

}  // namespace spanlab
