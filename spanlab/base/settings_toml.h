// Values for settings from TOML files and from key=value texts.
#pragma once

#include <filesystem>
#include <span>
#include <string>

#include "spanlab/base/settings.h"

namespace spanlab {

/// Sets what the file sets, after what the file that it `extends` (a path relative to its own
/// folder) sets. A setting "train.batch" is the key `batch` of the table `train`.
/// Throws Error naming file and line: not TOML, unknown setting (with the nearest name), a value
/// that the setting refuses, a chain of `extends` that is circular or longer than 8 files.
void read_settings(const std::filesystem::path& path, std::span<const Setting> settings);

/// Sets one setting from "train.batch=16". The value is TOML; a bare word counts as text.
/// Throws Error naming the text: no "=", unknown setting, a value that the setting refuses.
void override_setting(const std::string& assignment, std::span<const Setting> settings);

}  // namespace spanlab
