// The runner of tests that are text: what it reads, runs, shows and keeps.
#include "tests/commands/script.h"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <vector>

namespace spanlab::testing {
namespace {

using Lines = std::vector<std::string>;

TEST(Script, ShowsWhatDiffersAndKeepsPlaceholders) {
  const Lines expected = {"| took <seconds> s", "| a.csv: 3 bars", "| <any>, end"};
  EXPECT_EQ(difference(expected, {"| took 0.25 s", "| a.csv: 3 bars", "| any, end"}), "");
  EXPECT_EQ(difference(expected, {"| took <seconds> s", "| a.csv: 3 bars", "| , end"}), "");
  const Lines printed = {"| took long", "| a.csv: 3 bars", "| any, end", "[exit 1]"};
  EXPECT_EQ(difference(expected, printed),
            "- | took <seconds> s\n+ | took long\n  | a.csv: 3 bars\n  | <any>, end\n+ [exit 1]\n");
  EXPECT_EQ(accepted(expected, printed),
            (Lines{"| took long", "| a.csv: 3 bars", "| <any>, end", "[exit 1]"}));
}

TEST(Script, RunsCommandsAndWritesFiles) {
  const std::string text =
      "# shown\n> a.txt\n| one\n|\n\n$ cat a.txt\n  echo bad >&2; pwd; printf end; exit 3\n";
  const std::vector<Step> steps = parse_script(text);
  EXPECT_EQ(script_text(steps), text);
  ASSERT_EQ(steps.size(), 4u);
  EXPECT_EQ(steps[3].line, 6);
  const Shell shell;
  perform(steps[1], shell);
  EXPECT_EQ(perform(steps[3], shell),
            (Lines{"| one", "|", "| <folder>", "| end<no newline>", "! bad", "[exit 3]"}));
}

TEST(Script, OtherLinesAreErrors) {
  EXPECT_THROW(parse_script("$ true\n|no blank\n"), std::runtime_error);
  EXPECT_THROW(parse_script("| of no command\n"), std::runtime_error);
  EXPECT_THROW(parse_script("> a.txt\n! not of a file\n"), std::runtime_error);
}

}  // namespace
}  // namespace spanlab::testing
