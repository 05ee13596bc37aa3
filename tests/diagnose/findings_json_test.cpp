// findings.json of hand-made findings against a golden file, and the order that diagnose() gives.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "spanlab/diagnose/diagnose.h"
#include "tests/golden_file.h"

namespace spanlab {
namespace {

TEST(FindingsJson, OfHandMadeFindings) {
  constexpr double kInfinite = std::numeric_limits<double>::infinity();
  RunEvidence evidence;
  evidence.folder = "runs/made";
  evidence.notes = {"the first note", "a \"second\" note"};
  const std::vector<Finding> findings{
      {"M1",
       "One task dominates",
       Severity::high,
       "It makes 91 % of the loss.",
       {{"share", 91.25, "%", 70.5, 19, "loss_components.csv"},
        {"total", std::nan(""), "nats", kInfinite, {}, "epoch_metrics.csv"},
        {"steps", 3, "", {}, 7, "recipe.toml"}},
       "a hard task",
       {{{"balancing.method=sum", "train.epochs=37"}, "add up", "one scale"},
        {{}, "Look at it.", "a reason"}},
       {"C1", "C3"}},
      {"C1", "no skill", Severity::medium, "None.", {{"a", 0.25, "", {}, {}, "f"}}, "", {}, {}},
      {"P1", "Stalls \xff", Severity::note, "Some.", {}, "other work", {}, {"C1"}}};
  expect_golden("tests/diagnose/golden/findings.json", findings_json(findings, evidence));
}

TEST(FindingsJson, WithoutFindings) {
  RunEvidence evidence;
  evidence.folder = "made";
  EXPECT_EQ(findings_json({}, evidence),
            "{\n  \"run\": \"made\",\n  \"findings\": [],\n  \"not_looked_at\": []\n}\n");
}

TEST(RulesTable, IsThatOfTheGoldenFile) {
  expect_golden("tests/diagnose/golden/rules_table.md", rules_table());
}

}  // namespace
}  // namespace spanlab
