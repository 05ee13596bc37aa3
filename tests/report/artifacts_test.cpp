// The files of a run in its report: names, sizes, contents, and their sum.
#include <gtest/gtest.h>

#include <string>
#include <variant>
#include <vector>

#include "spanlab/report/report_sections.h"
#include "tests/temporary_folder.h"

namespace spanlab::test {
namespace {

using Rows = std::vector<std::vector<std::string>>;

TEST(Artifacts, AreListedByNameWithTheirSizes) {
  const TemporaryFolder folder;
  folder.write("recipe.toml", std::string(12, 'x'));
  folder.write("loss_components.csv", std::string(345, 'x'));
  folder.write("checkpoint_epoch_3.safetensors", std::string(6780, 'x'));
  folder.write("best_model.safetensors", std::string(23, 'x'));
  folder.write("notes", std::string(1, 'x'));
  folder.write(".lock", std::string(999, 'x'));
  std::filesystem::create_directory(folder / "more");
  RunEvidence evidence;
  evidence.folder = folder.path();
  Document document;
  add_artifacts(evidence, document);
  ASSERT_EQ(document.blocks.size(), 2U);
  const auto& table = std::get<TextTable>(document.blocks[1]);
  EXPECT_EQ(
      table.rows,
      (Rows{{"`best_model.safetensors`", "23 B", "weights of the lowest validation loss"},
            {"`checkpoint_epoch_3.safetensors`", "6.8 kB", "weights and optimizer of an epoch"},
            {"`loss_components.csv`", "345 B", "table: loss components"},
            {"`notes`", "1 B", ""},
            {"`recipe.toml`", "12 B", "every setting of the run"},
            {"**5 files**", "**7.2 kB**", ""}}));
}

TEST(Artifacts, OfNoFolderAreLeftOut) {
  RunEvidence evidence;
  evidence.folder = "nowhere";
  Document document;
  add_artifacts(evidence, document);
  EXPECT_TRUE(document.blocks.empty());
}

}  // namespace
}  // namespace spanlab::test
