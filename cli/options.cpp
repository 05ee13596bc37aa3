// Options of commands, and the texts that the parser shows for them.
#include "cli/options.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>
#include <regex>
#include <string_view>

#include "cli/exit_status.h"
#include "spanlab/base/error.h"
#include "spanlab/base/text.h"

namespace spanlab::cli {
namespace {

constexpr std::string_view kOrNone = ", or none";

bool is_list(SettingKind kind) {
  return kind == SettingKind::integers || kind == SettingKind::numbers ||
         kind == SettingKind::names;
}

std::string values_text(const Setting& setting) {
  const bool any = setting.range == in_words(kFinite) || setting.range == in_words(kAnyInteger);
  std::string range = any ? "" : ":" + setting.range;
  // An option that is left out is none.
  if (range.ends_with(kOrNone)) range.resize(range.size() - kOrNone.size());
  switch (setting.kind) {
    case SettingKind::integer:
    case SettingKind::integers:
      return "INT" + range;
    case SettingKind::number:
    case SettingKind::numbers:
      return "FLOAT" + range;
    case SettingKind::name:
    case SettingKind::names:
      return "TEXT" + range;
  }
  return "";
}

/// Settings are described in the middle of a sentence, options at the start of one.
std::string capitalised(std::string text) {
  if (!text.empty()) text[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(text[0])));
  return text;
}

/// Whether what stands in the text at `at` .. `end` is a word of its own, no part of a path or of
/// another name.
bool is_a_word(const std::string& text, size_t at, size_t end) {
  static const std::string kBefore = " (\"", kBehind = " ):,;=\"";
  const bool begins = at == 0 || kBefore.find(text[at - 1]) != std::string::npos;
  if (!begins || end == text.size()) return begins;
  const bool ends_sentence = text[end] == '.' && (end + 1 == text.size() || text[end + 1] == ' ');
  return ends_sentence || kBehind.find(text[end]) != std::string::npos;
}

std::string with_options(std::string text, const OptionNames& names) {
  for (const auto& [setting, option] : names) {
    for (size_t at = text.find(setting); at != std::string::npos; at = text.find(setting, at)) {
      const size_t end = at + setting.size();
      const bool whole = is_a_word(text, at, end);
      if (whole) text.replace(at, setting.size(), option);
      at += whole ? option.size() : 1;
    }
  }
  return text;
}

/// "fit.toml:3: ..."
bool is_of_a_file(const std::string& text) {
  static const std::regex kPlace("[^0-9]:[0-9]+: ");  // no time of day
  return std::regex_search(text, kPlace);
}

}  // namespace

void run_naming_options(const OptionNames& names, const std::function<void()>& run) {
  try {
    run();
  } catch (const FileError&) {
    throw;
  } catch (const Error& e) {
    if (is_of_a_file(e.what())) throw;
    throw Error(with_options(e.what(), names), with_options(e.hint(), names));
  } catch (const UsageError& e) {
    throw UsageError(with_options(e.what(), names), with_options(e.hint(), names));
  }
}

Option& Option::required() {
  is_required = true;
  default_text.clear();
  return *this;
}

Option& Option::one_of(std::vector<std::string> choices) {
  const std::string listed_choices = fmt::format("{}", fmt::join(choices, ", "));
  values += ":" + listed_choices;
  store = [name = name, listed_choices, choices = std::move(choices),
           put = std::move(store)](const std::vector<std::string>& given) {
    if (std::find(choices.begin(), choices.end(), given.back()) == choices.end()) {
      throw Error(fmt::format("{} must be one of {}, not {}", name, listed_choices,
                              in_quotes(given.back())),
                  "choose one of them");
    }
    put(given);
  };
  return *this;
}

Option& Option::at_least(int count) {
  least = count;
  return *this;
}

Option& Option::excludes(std::string other) {
  instead_of = std::move(other);
  return *this;
}

Option& Option::one_value_each() {
  one_at_a_time = true;
  return *this;
}

Option& Options::add(Option option) {
  all_.push_back(std::move(option));
  return all_.back();
}

Option& Options::option(std::string name, std::string& value, std::string help) {
  return add({std::move(name), std::move(help), "TEXT", value,
              [&value](const std::vector<std::string>& given) { value = given.back(); }});
}

Option& Options::option(std::string name, std::vector<std::string>& values, std::string help) {
  Option& added = add({std::move(name), std::move(help), "TEXT", "",
                       [&values](const std::vector<std::string>& given) { values = given; }});
  added.most = kAnyNumber;
  return added;
}

Option& Options::positional(std::string name, std::string& value, std::string help) {
  return option(std::move(name), value, std::move(help));
}

Option& Options::positional(std::string name, std::vector<std::string>& values, std::string help) {
  return option(std::move(name), values, std::move(help));
}

Option& Options::flag(std::string name, bool& value, std::string help) {
  Option& added = add({std::move(name), std::move(help), "", "", {}});
  added.flag = &value;
  return added;
}

Option& Options::setting(const Setting& declared, GivenSettings* given) {
  const std::string name = option_of(declared);
  if (name != declared.name) names_.emplace_back(declared.name, name);
  const SettingValue value = declared.get();
  Option& added = add({name, capitalised(declared.help), values_text(declared),
                       is_unset(value) ? "" : plain_text(value),
                       [declared, name, given](const std::vector<std::string>& words) {
                         SettingValue chosen = value_of_words(declared, words);
                         declared.assign(chosen, name);
                         if (given != nullptr) {
                           given->emplace_back(declared.name, std::move(chosen));
                         }
                       }});
  if (is_list(declared.kind)) added.most = kAnyNumber;
  return added;
}

void Options::settings(const std::vector<Setting>& declared, GivenSettings* given) {
  for (const Setting& each : declared) setting(each, given);
}

void set_given(const GivenSettings& given, const std::vector<Setting>& settings) {
  for (const auto& [name, value] : given) {
    for (const Setting& setting : settings) {
      if (setting.name == name) setting.set(value);
    }
  }
}

}  // namespace spanlab::cli
