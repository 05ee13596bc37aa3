// docs/formats/run_folder.md lists every table and key of a run; after a change, copy the text from
// here.
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "spanlab/base/file.h"
#include "spanlab/runs/metadata.h"
#include "spanlab/runs/table_rows.h"

namespace spanlab {
namespace {

using Heading = TableDescription::Heading;

/// A Markdown table. What has no help shares a line with what comes before it.
std::string table_of(const std::string& first, const std::vector<Heading>& headings) {
  std::vector<Heading> lines;
  for (const Heading& heading : headings) {
    if (heading.help.empty()) {
      lines.back().name += ", " + heading.name;
    } else {
      lines.push_back(heading);
    }
  }
  std::string text = "| " + first + " | meaning |\n|---|---|\n";
  for (const auto& [name, help] : lines) text += "| " + name + " | " + help + " |\n";
  return text;
}

void expect_in_docs(const std::string& text) {
  EXPECT_NE(read_file("docs/formats/run_folder.md").find(text), std::string::npos)
      << "docs/formats/run_folder.md should contain this:\n"
      << text;
}

TEST(RunFolderDocs, DescribeEveryTable) {
  for (const auto& [form, columns, tensor_help] : described_tables()) {
    std::vector<Heading> headings = columns;
    if (!tensor_help.empty()) {
      headings.push_back({"one column per parameter tensor, by its name", tensor_help});
    }
    expect_in_docs("**" + form.file() + "**: " + std::string(form.cadence) + "\n\n" +
                   table_of("column", headings));
  }
}

TEST(RunFolderDocs, DescribeEveryKeyOfTheMetadata) {
  std::vector<Heading> headings;
  Metadata().keys([&](const MetadataKey& key) {
    headings.push_back({std::string(key.name), std::string(key.help)});
  });
  expect_in_docs(table_of("key", headings));
}

}  // namespace
}  // namespace spanlab
