// What earlier versions wrote: balancing among the settings of [loss].
#pragma once

#include <string>
#include <string_view>

namespace spanlab {

/// "loss.balancing" of "balancing.method"; other names as they are.
inline std::string former_name(const std::string& name) {
  constexpr std::string_view kSection = "balancing.";
  if (!name.starts_with(kSection)) return name;
  const std::string key = name.substr(kSection.size());
  if (key == "method") return "loss.balancing";
  if (key == "rate") return "loss.balancing_rate";
  return "loss." + key;
}

/// The text with every `from` replaced by `to`.
inline std::string replaced(std::string text, std::string_view from, std::string_view to) {
  for (size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
  return text;
}

/// A recipe that is written out (recipe_text()) as an earlier version wrote it.
inline std::string former_text(const std::string& text) {
  return replaced(replaced(text, "\n[balancing]\nmethod = ", "balancing = "),
                  "\nrate = ", "\nbalancing_rate = ");
}

}  // namespace spanlab
