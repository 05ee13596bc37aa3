// The table of rules in the docs is printed from the rules; after a change, copy it from here.
#include <gtest/gtest.h>

#include <set>
#include <string>

#include "spanlab/base/file.h"
#include "spanlab/diagnose/diagnose.h"

namespace spanlab {
namespace {

TEST(Rules, DocsListEveryRule) {
  const std::string table = rules_table();
  EXPECT_NE(read_file("docs/diagnosis.md").find(table), std::string::npos)
      << "docs/diagnosis.md should hold this table:\n"
      << table;
}

TEST(Rules, IdsAreUniqueAndLeadToRulesThatExist) {
  std::set<std::string_view> ids;
  for (const Rule& rule : all_rules()) EXPECT_TRUE(ids.insert(rule.id).second) << rule.id;
  for (const Rule& rule : all_rules()) {
    EXPECT_FALSE(rule.title.empty() || rule.measures.empty() || rule.threshold.empty() ||
                 rule.mistaken_for.empty())
        << rule.id;
    for (const std::string_view other : rule.leads_to) {
      EXPECT_TRUE(ids.contains(other)) << rule.id << " leads to " << other;
    }
  }
}

}  // namespace
}  // namespace spanlab
