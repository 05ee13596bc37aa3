// Settings declared once: name, type, range and help, bound to the variable that holds the value.
// Checking, printing, --help and the docs all come from these declarations.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace spanlab {

/// A value as a file or the command line gives it.
using SettingValue = std::variant<int64_t, double, std::string, std::vector<std::string>,
                                  std::vector<int64_t>, std::vector<double>>;

enum class SettingKind { integer, number, name, integers, numbers, names };

/// A setting and the variable that it stands for.
struct Setting {
  std::string name;  ///< section and key: "train.batch"
  SettingKind kind;
  std::string range;  ///< in words: "1 to 4", "one of random, grouped, time"
  std::string help;
  std::function<SettingValue()> get;  ///< "none" for an optional number that is not set
  /// Throws Error (wrong type, out of range) and leaves the variable as it was. The message calls
  /// the setting by the second argument.
  std::function<void(const SettingValue&, const std::string&)> assign;
  std::string option = {};                 ///< command-line option, if it is not the key: "--delay"
  std::optional<std::string> former = {};  ///< name in earlier versions: read, never written

  void set(const SettingValue& value) const { assign(value, name); }
  Setting as_option(std::string option_name) && {
    option = std::move(option_name);
    return std::move(*this);
  }
};

/// "train" of "train.batch".
std::string section_of(const Setting& setting);

/// Names of settings in earlier versions and now.
using RenamedSettings = std::span<const std::pair<std::string_view, std::string_view>>;

/// Lets the settings be read by their former names too.
void keep_former_names(RenamedSettings renamed, std::vector<Setting>& settings);

/// "--batch" of "train.batch", "--rows-before" of "cut.rows_before", unless it has another. A
/// setting of a command line alone has the option's name itself.
std::string option_of(const Setting& setting);

/// In words: "whole number", "list of names".
std::string type_of(const Setting& setting);

inline constexpr int64_t kNoLimit = std::numeric_limits<int64_t>::max();

struct IntegerRange {
  int64_t low, high;  ///< both included
  int64_t multiple_of = 1;
};

/// Ends are included unless they are open.
struct NumberRange {
  double low, high;
  bool low_open = false, high_open = false;
};

inline constexpr NumberRange kFinite{-std::numeric_limits<double>::max(),
                                     std::numeric_limits<double>::max()};
inline constexpr NumberRange kPositive{0, std::numeric_limits<double>::max(), true};

inline constexpr IntegerRange kAnyInteger{-kNoLimit, kNoLimit};

/// "1 to 100", "above 0", "0 or more, a multiple of 16".
std::string in_words(const IntegerRange& range);
std::string in_words(const NumberRange& range);

/// Names and what they stand for.
template <class T>
using Choices = std::vector<std::pair<std::string, T>>;

namespace detail {

/// Numbers of a setting, and where they go: one (none: not set) or a list of at least one.
template <class Number>
struct NumberAccess {
  bool optional, list;
  std::function<std::vector<Number>()> get;
  std::function<void(const std::vector<Number>&)> put;
};

Setting integers(std::string name, IntegerRange range, NumberAccess<int64_t> access,
                 std::string help);
Setting numbers(std::string name, NumberRange range, NumberAccess<double> access, std::string help);

template <class Number, class T>
NumberAccess<Number> access_to(T& value) {
  return {false, false, [&value] { return std::vector{static_cast<Number>(value)}; },
          [&value](const std::vector<Number>& given) { value = static_cast<T>(given[0]); }};
}

template <class Number, class T>
NumberAccess<Number> access_to(std::optional<T>& value) {
  return {
      true, false,
      [&value] { return value ? std::vector{static_cast<Number>(*value)} : std::vector<Number>{}; },
      [&value](const std::vector<Number>& given) {
        value.reset();
        if (!given.empty()) value = static_cast<T>(given[0]);
      }};
}

template <class Number, class T>
NumberAccess<Number> access_to(std::vector<T>& values) {
  return {false, true, [&values] { return std::vector<Number>(values.begin(), values.end()); },
          [&values](const std::vector<Number>& given) {
            values.clear();
            for (const Number number : given) values.push_back(static_cast<T>(number));
          }};
}

template <class T>
constexpr int64_t largest_of(const T&) {
  return sizeof(T) < sizeof(int64_t) ? static_cast<int64_t>(std::numeric_limits<T>::max())
                                     : kNoLimit;
}
template <class T>
constexpr int64_t largest_of(const std::optional<T>&) {
  return largest_of(T{});
}
template <class T>
constexpr int64_t largest_of(const std::vector<T>&) {
  return largest_of(T{});
}

}  // namespace detail

/// `value`: a whole number, an optional one, or a vector of at least one.
template <class T>
Setting integer_setting(std::string name, T& value, IntegerRange range, std::string help) {
  range.high = range.high == kNoLimit ? detail::largest_of(value) : range.high;
  return detail::integers(std::move(name), range, detail::access_to<int64_t>(value),
                          std::move(help));
}

/// A whole number that is `none` if it is not set.
template <class T>
Setting integer_setting_or_none(std::string name, T& value, T none, IntegerRange range,
                                std::string help) {
  const detail::NumberAccess<int64_t> access{
      true, false,
      [&value, none] {
        return value == none ? std::vector<int64_t>{} : std::vector{static_cast<int64_t>(value)};
      },
      [&value, none](const std::vector<int64_t>& given) {
        value = given.empty() ? none : static_cast<T>(given[0]);
      }};
  return detail::integers(std::move(name), range, access, std::move(help));
}

/// `value`: a double, an optional one, or a vector of at least one.
template <class T>
Setting number_setting(std::string name, T& value, NumberRange range, std::string help) {
  return detail::numbers(std::move(name), range, detail::access_to<double>(value), std::move(help));
}

/// Two numbers, the smaller one first; or one for both.
Setting interval_setting(std::string name, double& low, double& high, NumberRange range,
                         std::string help);

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

/// The value that words of a command line give: numbers as numbers. One word, unless the setting is
/// a list.
SettingValue value_of_words(const Setting& setting, const std::vector<std::string>& words);

/// Whether it stands for an optional number that is not set.
bool is_unset(const SettingValue& value);

/// The value for the eye: names without quotes, lists without brackets.
std::string plain_text(const SettingValue& value);

/// The value as text that is both TOML and JSON.
std::string value_text(const SettingValue& value);

/// All settings as a TOML file, by section, with their present values.
std::string settings_toml(std::span<const Setting> settings);

/// All settings for a terminal: name, type, range, present value (the default), help.
std::string settings_help(std::span<const Setting> settings);

/// The same as a Markdown table.
std::string settings_table(std::span<const Setting> settings);

}  // namespace spanlab
