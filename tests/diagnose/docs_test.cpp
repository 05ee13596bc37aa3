// The table of rules in docs/diagnosis.md is printed from the rules; after a change, copy it from
// here.
#include <gtest/gtest.h>

#include <set>
#include <string>

#include "spanlab/base/file.h"
#include "spanlab/diagnose/diagnose.h"
#include "tests/diagnose/expect_form.h"

namespace spanlab {
namespace {

using test::expect_title;

TEST(Rules, DocsListEveryRule) {
  const std::string table = rules_table();
  EXPECT_NE(read_file("docs/diagnosis.md").find(table), std::string::npos)
      << "docs/diagnosis.md should contain this table:\n"
      << table;
}

TEST(Rules, IdsAreUniqueAndLeadToRulesThatExist) {
  std::set<std::string_view> ids;
  for (const Rule& rule : all_rules()) EXPECT_TRUE(ids.insert(rule.id).second) << rule.id;
  for (const Rule& rule : all_rules()) {
    expect_title(rule.title);
    EXPECT_FALSE(rule.measures.empty() || rule.threshold.empty() || rule.mistaken_for.empty())
        << rule.id;
    for (const std::string_view other : rule.leads_to) {
      EXPECT_TRUE(ids.contains(other)) << rule.id << " leads to " << other;
    }
  }
}

}  // namespace
}  // namespace spanlab
