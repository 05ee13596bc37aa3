// Settings declared once: checks of a value against its declaration, and all ways of printing.
#include "spanlab/base/settings.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <limits>

#include "spanlab/base/error.h"
#include "spanlab/base/text.h"

namespace spanlab {
namespace {

constexpr char kInteger[] = "whole number";
constexpr char kNumber[] = "number";
constexpr char kName[] = "name";
constexpr char kNames[] = "list of names";

/// A value in a message: the user's own text is cut short and cleaned.
std::string shown(const SettingValue& value) {
  if (const auto* word = std::get_if<std::string>(&value)) return in_quotes(*word);
  if (std::holds_alternative<std::vector<std::string>>(value)) return "a list";
  return value_text(value);
}

[[noreturn]] void refuse(const std::string& name, const std::string& wanted,
                         const SettingValue& value, const std::string& hint) {
  throw Error(fmt::format("{} must be {}, not {}", name, wanted, shown(value)), hint);
}

std::string range_text(const IntegerRange& range) {
  std::string text = range.high == std::numeric_limits<int64_t>::max()
                         ? fmt::format("{} or more", range.low)
                         : fmt::format("{} to {}", range.low, range.high);
  if (range.multiple_of > 1) text += fmt::format(", a multiple of {}", range.multiple_of);
  return text;
}

std::string range_text(const NumberRange& range) {
  return fmt::format("{}{} to {}{}", range.low_open ? "above " : "", number_text(range.low),
                     range.high_open ? "below " : "", number_text(range.high));
}

template <class Integer>
Setting bind_integer(std::string name, Integer& variable, IntegerRange range, std::string help) {
  const std::string words = range_text(range);
  auto set = [name, &variable, range, words](const SettingValue& value) {
    const int64_t* given = std::get_if<int64_t>(&value);
    if (given == nullptr) refuse(name, fmt::format("a {}", kInteger), value, words);
    if (*given < range.low || *given > range.high || *given % range.multiple_of != 0) {
      refuse(name, words, value, "choose a value in that range");
    }
    variable = static_cast<Integer>(*given);
  };
  return {std::move(name),
          kInteger,
          words,
          std::move(help),
          [&variable] { return SettingValue{int64_t{variable}}; },
          std::move(set)};
}

/// The default as --settings and the docs show it: names without quotes.
std::string plain_text(const SettingValue& value) {
  if (const auto* word = std::get_if<std::string>(&value)) return *word;
  if (const auto* words = std::get_if<std::vector<std::string>>(&value)) {
    return fmt::format("{}", fmt::join(*words, ", "));
  }
  return value_text(value);
}

}  // namespace

std::string section_of(const Setting& setting) {
  return setting.name.substr(0, setting.name.find('.'));
}

Setting integer_setting(std::string name, int& value, IntegerRange range, std::string help) {
  return bind_integer(std::move(name), value, range, std::move(help));
}

Setting integer_setting(std::string name, int64_t& value, IntegerRange range, std::string help) {
  return bind_integer(std::move(name), value, range, std::move(help));
}

Setting number_setting(std::string name, double& value, NumberRange range, std::string help) {
  const std::string words = range_text(range);
  auto set = [name, variable = &value, range, words](const SettingValue& given) {
    double number = 0;
    if (const auto* real = std::get_if<double>(&given)) {
      number = *real;
    } else if (const auto* whole = std::get_if<int64_t>(&given)) {
      number = static_cast<double>(*whole);
    } else {
      refuse(name, fmt::format("a {}", kNumber), given, words);
    }
    const bool low_fits = range.low_open ? number > range.low : number >= range.low;
    const bool high_fits = range.high_open ? number < range.high : number <= range.high;
    if (!low_fits || !high_fits) refuse(name, words, given, "choose a value in that range");
    *variable = number;
  };
  return {std::move(name),
          kNumber,
          words,
          std::move(help),
          [variable = &value] { return SettingValue{*variable}; },
          std::move(set)};
}

Setting detail::index_setting(std::string name, bool single, std::vector<std::string> names,
                              std::function<std::vector<size_t>()> get,
                              std::function<void(const std::vector<size_t>&)> set,
                              std::string help) {
  const std::string choices = fmt::format("{}", fmt::join(names, ", "));
  const std::string words = (single ? "one of " : "") + choices;

  auto get_names = [single, names, get = std::move(get)]() -> SettingValue {
    std::vector<std::string> picked;
    for (size_t i : get()) picked.push_back(names[i]);
    return single ? SettingValue{picked[0]} : SettingValue{picked};
  };

  auto set_names = [name, single, names, choices, set = std::move(set)](const SettingValue& value) {
    std::vector<std::string> words_given;
    if (const auto* word = std::get_if<std::string>(&value); word != nullptr && single) {
      words_given = {*word};
    } else if (const auto* list = std::get_if<std::vector<std::string>>(&value);
               list != nullptr && !single) {
      words_given = *list;
    } else {
      refuse(name, fmt::format("a {}", single ? kName : kNames), value,
             single ? "one of " + choices
                    : fmt::format("write it as [\"{0}\"], in a shell '[\"{0}\"]'", names[0]));
    }
    if (words_given.empty()) {
      throw Error(name + " is empty", "name at least one of " + choices);
    }
    std::vector<size_t> picked;
    for (const std::string& word : words_given) {
      const auto found = std::find(names.begin(), names.end(), word);
      if (found == names.end()) {
        const std::string near = nearest_name(word, names);
        throw Error(fmt::format("{} does not know {}", name, in_quotes(word)),
                    (near.empty() ? "" : fmt::format("did you mean \"{}\"? ", near)) + "it knows " +
                        choices);
      }
      const auto index = static_cast<size_t>(found - names.begin());
      if (std::find(picked.begin(), picked.end(), index) != picked.end()) {
        throw Error(fmt::format("{} names {} twice", name, in_quotes(word)), "name it once");
      }
      picked.push_back(index);
    }
    set(picked);
  };
  return {std::move(name), single ? kName : kNames, words,
          std::move(help), std::move(get_names),    std::move(set_names)};
}

std::string value_text(const SettingValue& value) {
  struct Text {
    std::string operator()(int64_t whole) const { return number_text(whole); }
    std::string operator()(double real) const {
      std::string text = number_text(real);
      // Without a point or an exponent TOML would read a whole number.
      if (text.find_first_not_of("-0123456789") == std::string::npos) text += ".0";
      return text;
    }
    std::string operator()(const std::string& word) const { return '"' + word + '"'; }
    std::string operator()(const std::vector<std::string>& words) const {
      std::string text = "[";
      for (const std::string& word : words) text += (text.size() > 1 ? ", " : "") + (*this)(word);
      return text + "]";
    }
  };
  return std::visit(Text{}, value);
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
                        setting.type, setting.help, setting.range, plain_text(setting.get()));
  }
  return text;
}

std::string settings_table(std::span<const Setting> settings) {
  std::string text = "| setting | what | type | range | default |\n|---|---|---|---|---|\n";
  for (const Setting& setting : settings) {
    text += fmt::format("| `{}` | {} | {} | {} | {} |\n", setting.name, setting.help, setting.type,
                        setting.range, plain_text(setting.get()));
  }
  return text;
}

}  // namespace spanlab
