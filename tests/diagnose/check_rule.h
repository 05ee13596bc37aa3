// One rule asked about a run.
#pragma once

#include <gtest/gtest.h>

#include <cmath>
#include <optional>
#include <string>
#include <string_view>

#include "spanlab/base/settings_toml.h"
#include "spanlab/diagnose/diagnose.h"
#include "tests/diagnose/expect_form.h"

namespace spanlab::test {

/// What the rule of that id finds. A finding must be whole: words, numbers, no fault in its
/// patches.
inline std::optional<Finding> check(std::string_view id, const RunEvidence& evidence) {
  for (const Rule& rule : all_rules()) {
    if (rule.id != id) continue;
    const auto finding = rule.check(evidence);
    if (!finding) return finding;
    EXPECT_FALSE(finding->explanation.empty()) << id;
    expect_form(*finding);
    EXPECT_FALSE(finding->evidence.empty()) << id;
    for (const Evidence& e : finding->evidence) {
      EXPECT_FALSE(e.name.empty() || e.file.empty()) << id;
    }
    for (const Remedy& remedy : finding->remedies) {
      Recipe recipe = evidence.recipe.value_or(Recipe{});
      const auto settings = settings_of(recipe);
      for (const std::string& patch : remedy.patch) {
        EXPECT_NO_THROW(override_setting(patch, settings)) << id << ": " << patch;
      }
      if (!remedy.patch.empty() && evidence.recipe) {
        EXPECT_NE(recipe_text(recipe), recipe_text(*evidence.recipe))
            << id << ": " << remedy.patch.front() << " changes nothing";
      }
    }
    return finding;
  }
  ADD_FAILURE() << "no rule " << id;
  return std::nullopt;
}

/// The first number of that name (or of a name that contains it); NaN if there is none.
inline double value_of(const Finding& finding, std::string_view name) {
  for (const Evidence& e : finding.evidence) {
    if (e.name.find(name) != std::string::npos) return e.value;
  }
  return std::nan("");
}

}  // namespace spanlab::test
