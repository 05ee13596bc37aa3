// Markdown of a document: every block, text that must not become markup, tables of any shape.
#include <gtest/gtest.h>

#include <string>

#include "spanlab/document/document.h"
#include "tests/document/sample_document.h"

namespace spanlab::testing {
namespace {

std::string markdown(const Block& block) {
  return markdown_of({"", {block}});
}
std::string paragraph(const std::string& text) {
  return markdown(Paragraph{text});
}

TEST(Markdown, BlocksStandApart) {
  EXPECT_EQ(
      markdown_of({"The run", {Heading{2, "Findings"}, Paragraph{"One."}, Bullets{{"a", "b"}}}}),
      "# The run\n\n## Findings\n\nOne.\n\n- a\n- b\n");
}

TEST(Markdown, MarksPass) {
  EXPECT_EQ(paragraph("**Certain**: `a_b*c` and **with `code` inside**"),
            "**Certain**: `a_b*c` and **with `code` inside**\n");
}

TEST(Markdown, MarkWithoutPartnerIsText) {
  EXPECT_EQ(paragraph("a ** b ` c"), "a \\*\\* b \\` c\n");
}

TEST(Markdown, TextDoesNotBecomeMarkup) {
  EXPECT_EQ(paragraph("<b> [x](y) 2*3 c:\\d &amp; ~~no~~ _so_"),
            "\\<b> [x\\](y) 2\\*3 c:\\\\d \\&amp; \\~\\~no\\~\\~ \\_so\\_\n");
  EXPECT_EQ(paragraph("# not a heading"), "\\# not a heading\n");
  EXPECT_EQ(paragraph("12. of May"), "12\\. of May\n");
  EXPECT_EQ(paragraph("one\n# two\n- three"), "one # two - three\n");
}

TEST(Markdown, PlainNamesAndIntervalsStayReadable) {
  EXPECT_EQ(paragraph("span_loss of R & D: 0.279 [0.214, 0.350], ~3 %"),
            "span_loss of R & D: 0.279 [0.214, 0.350], ~3 %\n");
  EXPECT_EQ(paragraph("12 windows"), "12 windows\n");
}

TEST(Markdown, TableIsPiped) {
  EXPECT_EQ(markdown(TextTable{{"name", "F1"}, {{"a|b", "0.5"}, {"`c|d`", "–"}}}),
            "| name | F1 |\n|---|---:|\n| a\\|b | 0.5 |\n| `c\\|d` | – |\n");
}

TEST(Markdown, RowsOfAnyLengthMakeAWholeTable) {
  EXPECT_EQ(markdown(TextTable{{"a"}, {{"x", "y"}, {}}}),
            "| a |  |\n|---|---|\n| x | y |\n|  |  |\n");
}

TEST(Markdown, FenceIsLongerThanThoseInside) {
  EXPECT_EQ(markdown(CodeBlock{"```\nx"}), "````\n```\nx\n````\n");
}

TEST(Markdown, ChartIsNamed) {
  EXPECT_EQ(markdown(LineChart{"Loss of `span` *", "", "", {}, false, false}),
            "*(chart: Loss of span \\*, in report.html)*\n");
  EXPECT_EQ(markdown(CandleChart{}), "*(chart, in report.html)*\n");
}

TEST(Markdown, EmptyBlocksLeaveNothing) {
  EXPECT_EQ(markdown_of({"", {Paragraph{""}, Bullets{}, CodeBlock{""}, TextTable{}}}), "");
}

TEST(Markdown, ControlCharactersAreGone) {
  const std::string text = paragraph(std::string("a\x1b[31m\0b\tc", 10));
  EXPECT_EQ(text, "a?[31m?b c\n");
}

TEST(Markdown, SampleHasNoRawTag) {
  const std::string text = markdown_of(sample_document());
  for (size_t at = text.find('<'); at != std::string::npos; at = text.find('<', at + 1)) {
    EXPECT_EQ(text[at - 1], '\\') << text.substr(at, 20);
  }
}

}  // namespace
}  // namespace spanlab::testing
