// Terminal text of a document: no line is too long, cells wrap, wide characters count twice.
#include <gtest/gtest.h>

#include <sstream>
#include <string>

#include "spanlab/document/document.h"
#include "spanlab/document/terminal_layout.h"
#include "tests/document/sample_document.h"

namespace spanlab::testing {
namespace {

std::string terminal(const Block& block, int width) {
  return terminal_text_of({"", {block}}, width);
}

TEST(DisplayWidth, CountsColumns) {
  EXPECT_EQ(display_width("abc"), 3);
  EXPECT_EQ(display_width("∞–é"), 3);
  EXPECT_EQ(display_width("e\u0301"), 1);
  EXPECT_EQ(display_width("日本"), 4);
  EXPECT_EQ(display_width("\xff\xc3"), 2) << "bytes that are not UTF-8 stand for themselves";
}

TEST(Wrapped, BreaksAtBlanksAndLongWordsAnywhere) {
  EXPECT_EQ(wrapped("one two  three", 7), (std::vector<std::string>{"one two", "three"}));
  EXPECT_EQ(wrapped("a abcdefgh b", 3), (std::vector<std::string>{"a", "abc", "def", "gh", "b"}));
  EXPECT_EQ(wrapped("日本語", 4), (std::vector<std::string>{"日本", "語"}));
  EXPECT_EQ(wrapped("", 4), std::vector<std::string>{""});
  EXPECT_EQ(wrapped("日", 1), std::vector<std::string>{"日"})
      << "too wide, but it must go somewhere";
}

TEST(Terminal, HeadingsAreUnderlined) {
  EXPECT_EQ(terminal_text_of({"Run `x`", {Heading{2, "Why"}, Heading{3, "More"}}}, 80),
            "Run x\n=====\n\nWhy\n---\n\nMore\n");
}

TEST(Terminal, HeadingsOverChartsAloneAreLeftOut) {
  const Block chart = LineChart{"loss", "epoch", "loss", {}};
  const Document document{
      "Run",
      {Heading{2, "Why"}, Paragraph{"so"}, Heading{2, "Curves"}, Heading{3, "Losses"}, chart}};
  EXPECT_EQ(terminal_text_of(document, 80), "Run\n===\n\nWhy\n---\n\nso\n");
}

TEST(Terminal, NarrowTablesBreakNoWordOfTheFirstColumnWhileOthersCan) {
  const TextTable table{{"setting", "what"},
                        {{"train.learning_rate", "a long text that has to give way here"}}};
  EXPECT_NE(terminal(table, 34).find("train.learning_rate "), std::string::npos);
}

TEST(Terminal, BulletsHang) {
  EXPECT_EQ(terminal(Bullets{{"**one** two three four five"}}, 20),
            "- one two three four\n  five\n");
}

TEST(Terminal, TableIsAligned) {
  EXPECT_EQ(terminal(TextTable{{"task", "F1"}, {{"span", "0.5"}, {"countdown", "12.25"}}}, 80),
            "task          F1\n"
            "----------------\n"
            "span         0.5\n"
            "countdown  12.25\n");
}

TEST(Terminal, LongCellsWrapAndNumbersStayWhole) {
  EXPECT_EQ(
      terminal(TextTable{{"what", "value"}, {{"a cause that takes some words", "0.2 [0.1, 0.3]"}}},
               32),
      "what                       value\n"
      "--------------------------------\n"
      "a cause that      0.2 [0.1, 0.3]\n"
      "takes some words\n");
}

TEST(Terminal, TooManyColumnsBecomeRecords) {
  EXPECT_EQ(terminal(TextTable{{"name", "low", "high"},
                               {{"a", "0.123456", "0.234567"}, {"b", "0.345678", "0.456789"}}},
                     20),
            "name: a\n  low: 0.123456\n  high: 0.234567\n\n"
            "name: b\n  low: 0.345678\n  high: 0.456789\n");
}

TEST(Terminal, CodeIsIndentedAndWhole) {
  EXPECT_EQ(terminal(CodeBlock{"a\n\nlong long long long long\n"}, 20),
            "    a\n\n    long long long long long\n");
}

TEST(Terminal, ChartsAndEmptyBlocksLeaveNothing) {
  EXPECT_EQ(terminal_text_of({"",
                              {one_window(), falling_losses(true), remedies(), Paragraph{""},
                               Bullets{}, CodeBlock{""}, TextTable{}}},
                             80),
            "");
}

TEST(Terminal, EscapeSequencesDoNotReachTheTerminal) {
  const Document document{"\x1b[2J", {CodeBlock{"\x1b[31m"}, TextTable{{"\x1b]"}, {{"\x07"}}}}};
  const std::string text = terminal_text_of(document, 80);
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
  EXPECT_EQ(text.find('\x07'), std::string::npos);
}

TEST(Terminal, NoLineOfTheSampleIsTooLong) {
  for (const int width : {20, 33, 60, 80, 132}) {
    Document document = sample_document();
    std::erase_if(document.blocks,
                  [](const Block& block) { return std::holds_alternative<CodeBlock>(block); });
    std::istringstream lines(terminal_text_of(document, width));
    for (std::string line; std::getline(lines, line);) {
      EXPECT_LE(display_width(line), width) << line;
    }
  }
}

}  // namespace
}  // namespace spanlab::testing
