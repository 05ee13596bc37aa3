// One form for the texts of all findings.
#pragma once

#include <gtest/gtest.h>

#include <string_view>

#include "spanlab/diagnose/diagnose.h"

namespace spanlab::test {

inline bool has_capital(std::string_view text) {
  return !text.empty() && (text.front() < 'a' || text.front() > 'z');
}

/// A sentence starts with a capital letter and ends with one full stop.
inline bool is_sentence(std::string_view text) {
  return has_capital(text) && text.ends_with('.') && !text.ends_with("..");
}

inline void expect_title(std::string_view title) {
  EXPECT_TRUE(has_capital(title)) << title;
  EXPECT_FALSE(title.ends_with('.')) << title;
  EXPECT_LE(title.size(), 60u) << title;
}

/// Of a check's finding, whose title is empty where it is the rule's.
inline void expect_form(const Finding& finding) {
  if (!finding.title.empty()) expect_title(finding.title);
  EXPECT_FALSE(finding.remedies.empty()) << finding.explanation;
  for (const Remedy& remedy : finding.remedies) {
    EXPECT_TRUE(is_sentence(remedy.action)) << remedy.action;
    EXPECT_TRUE(is_sentence(remedy.expected)) << remedy.expected;
  }
}

}  // namespace spanlab::test
