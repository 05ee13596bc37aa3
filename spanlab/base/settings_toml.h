// Values for settings from TOML texts and files and from key=value texts.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>

#include "spanlab/base/settings.h"

namespace spanlab {

/// Settings as TOML text.
struct SettingsText {
  std::string name;  ///< for messages: the path of a file
  std::string id;    ///< the same for the same text, however it is named
  std::string text;
  /// The text that this one extends, by the name that it gives. Throws Error if there is none.
  std::function<SettingsText(const std::string& name)> extended;
};

/// Text that is found by another name than a file's.
using FindSettingsText = std::function<std::optional<SettingsText>(const std::string& name)>;

/// The text of a file. What it extends is a file, by a path relative to its own folder, or else
/// what `find` has. Throws Error if it cannot be read.
SettingsText settings_file(const std::filesystem::path& path, const FindSettingsText& find = {});

/// Sets what the text sets, after what the text that it `extends` sets. A setting "train.batch" is
/// the key `batch` of the table `train`. Former names are accepted.
/// Throws Error naming text and line: not TOML, unknown setting (with the nearest name), a setting
/// under both of its names, a value that the setting refuses, a chain of `extends` that is circular
/// or longer than 8.
void read_settings(const SettingsText& text, std::span<const Setting> settings);

/// Likewise of a file that extends files only.
void read_settings(const std::filesystem::path& path, std::span<const Setting> settings);

/// Sets one setting, by its name or former name, from "train.batch=16". The value is TOML; a bare
/// word counts as text.
/// Throws Error naming the text: no "=", unknown setting, a value that the setting refuses.
void override_setting(const std::string& assignment, std::span<const Setting> settings);

}  // namespace spanlab
