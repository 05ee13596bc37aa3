// Values for settings from TOML files and from key=value texts.
#include "spanlab/base/settings_toml.h"

#include <fmt/format.h>

#include <toml++/toml.h>
#include <algorithm>
#include <optional>
#include <string_view>
#include <vector>

#include "spanlab/base/error.h"
#include "spanlab/base/file.h"
#include "spanlab/base/text.h"

namespace spanlab {
namespace {

constexpr size_t kLongestChain = 8;             // files that extend one another
constexpr uint64_t kLargestFile = 1024 * 1024;  // bytes
constexpr char kExtends[] = "extends";

[[noreturn]] void refuse_name(const std::string& name, std::span<const Setting> settings) {
  std::vector<std::string> names{kExtends};
  for (const Setting& setting : settings) {
    if (section_of(setting) == name) {
      throw Error(fmt::format("{} is a section of settings", name),
                  fmt::format("write [{}] and, after it, lines of key = value", name));
    }
    names.push_back(setting.name);
    names.push_back(section_of(setting));
  }
  const std::string near = nearest_name(name, names);
  throw Error(fmt::format("unknown setting {}", in_quotes(name)),
              near.empty() ? "the command `recipe --settings` lists all settings"
                           : fmt::format("did you mean {}?", near));
}

const Setting& find_setting(const std::string& name, std::span<const Setting> settings) {
  for (const Setting& setting : settings) {
    if (setting.name == name || setting.former == name) return setting;
  }
  refuse_name(name, settings);
}

/// All items, of that type or numbers.
template <class T>
std::vector<T> values_of(const toml::array& list) {
  std::vector<T> values;
  for (const toml::node& item : list) values.push_back(item.value<T>().value());
  return values;
}

/// The node as a value; empty for what no setting takes (tables, dates, truth values, mixed lists).
std::optional<SettingValue> value_of(const toml::node& node) {
  if (const auto* whole = node.as_integer()) return whole->get();
  if (const auto* real = node.as_floating_point()) return real->get();
  if (const auto* word = node.as_string()) return word->get();
  if (const auto* list = node.as_array()) {
    if (!list->empty() && list->is_homogeneous<int64_t>()) return values_of<int64_t>(*list);
    if (list->empty() || list->is_homogeneous<std::string>()) return values_of<std::string>(*list);
    for (const toml::node& item : *list) {
      if (!item.is_number()) return std::nullopt;
    }
    return values_of<double>(*list);
  }
  return std::nullopt;
}

void set_from_node(const Setting& setting, const toml::node& node) {
  const std::optional<SettingValue> value = value_of(node);
  if (!value) {
    throw Error(fmt::format("{} must be a {}", setting.name, type_of(setting)), setting.range);
  }
  setting.set(*value);
}

/// Runs `action`; an Error from it gets `where` in front.
template <class Action>
void locate_errors(const std::string& where, Action action) {
  try {
    action();
  } catch (const Error& e) {
    throw Error(fmt::format("{}: {}", where, e.what()), e.hint());
  }
}

/// `chain`: the ids of the texts that led here, each extending the next.
void read_chained(const SettingsText& source, std::span<const Setting> settings,
                  std::vector<std::string> chain) {
  toml::table root;
  try {
    root = toml::parse(std::string_view{source.text}, source.name);
  } catch (const toml::parse_error& e) {
    throw Error(fmt::format("{}:{}: {}", source.name, e.source().begin.line, e.description()),
                "recipes are TOML: sections in [brackets], then lines of key = value");
  }
  const auto where = [&source](const toml::node& node) {
    return fmt::format("{}:{}", source.name, node.source().begin.line);
  };

  if (const toml::node* extends = root.get(kExtends)) {
    SettingsText base;
    locate_errors(where(*extends), [&] {
      const toml::value<std::string>* name = extends->as_string();
      if (name == nullptr) throw Error("extends must be the path of a recipe", "put it in quotes");
      base = source.extended(name->get());
      chain.push_back(source.id);
      if (std::find(chain.begin(), chain.end(), base.id) != chain.end()) {
        throw Error(fmt::format("extends \"{}\", which extends this file", name->get()),
                    "remove one of the two `extends`");
      }
      if (chain.size() >= kLongestChain) {
        throw Error(fmt::format("more than {} files extend one another", kLongestChain),
                    "merge some of them");
      }
    });
    read_chained(base, settings, chain);
  }

  std::vector<std::string> set;  // by this text
  for (const auto& [section, content] : root) {
    if (section == kExtends) continue;
    const std::string name(section.str());
    const toml::table* table = content.as_table();
    const bool known = std::any_of(settings.begin(), settings.end(),
                                   [&](const Setting& s) { return section_of(s) == name; });
    if (table == nullptr || !known) {
      locate_errors(where(content), [&] { refuse_name(name, settings); });
    } else {
      for (const auto& [key, value] : *table) {
        locate_errors(where(value), [&, &key = key, &value = value] {
          const Setting& setting = find_setting(fmt::format("{}.{}", name, key.str()), settings);
          if (std::find(set.begin(), set.end(), setting.name) != set.end()) {
            throw Error(fmt::format("{} and its former name {} are both set", setting.name,
                                    *setting.former),
                        "remove " + *setting.former);
          }
          set.push_back(setting.name);
          set_from_node(setting, value);
        });
      }
    }
  }
}

}  // namespace

SettingsText settings_file(const std::filesystem::path& path, const FindSettingsText& find) {
  const auto extended = [path, find](const std::string& name) {
    const std::filesystem::path base = path.parent_path() / name;
    if (is_there(base)) return settings_file(base, find);
    if (find) {
      if (std::optional<SettingsText> found = find(name)) return std::move(*found);
    }
    throw Error(fmt::format("extends \"{}\", but there is no file {}", name, base.string()),
                "the path is relative to the folder of the file that names it");
  };
  std::error_code problem;
  const std::filesystem::path whole = std::filesystem::weakly_canonical(path, problem);
  return {path.string(), problem ? path.string() : whole.string(), read_file(path, kLargestFile),
          extended};
}

void read_settings(const SettingsText& text, std::span<const Setting> settings) {
  read_chained(text, settings, {});
}

void read_settings(const std::filesystem::path& path, std::span<const Setting> settings) {
  read_settings(settings_file(path), settings);
}

void override_setting(const std::string& assignment, std::span<const Setting> settings) {
  locate_errors(fmt::format("setting {}", in_quotes(assignment)), [&] {
    const size_t equals = assignment.find('=');
    if (equals == std::string::npos) {
      throw Error("there is no \"=\"", "write it as key=value, for example train.batch=16");
    }
    const Setting& setting = find_setting(assignment.substr(0, equals), settings);
    const std::string text = assignment.substr(equals + 1);
    toml::table parsed;
    try {
      parsed = toml::parse("value = " + text);
    } catch (const toml::parse_error&) {
    }
    if (parsed.size() == 1) {
      set_from_node(setting, *parsed.get("value"));
    } else {
      setting.set(text);  // a bare word
    }
  });
}

}  // namespace spanlab
