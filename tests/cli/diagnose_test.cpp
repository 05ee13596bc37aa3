// The program's diagnose, evaluate, compare and lab, as a user calls them.
#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "spanlab/base/file.h"
#include "tests/cli/run_program.h"
#include "tests/cli/small_files.h"

namespace spanlab {
namespace {

namespace fs = std::filesystem;
using testing::run_program;
using testing::RunResult;
using Words = std::vector<std::string>;

bool says(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

/// A small run, trained once by the library.
struct Trained {
  SmallFiles data;
  std::string run = data.out("run").string();
  Trained() {
    Recipe recipe = small_recipe(3);
    recipe.split.kind = SplitKind::grouped;
    train_run(recipe, data.inputs, run, with_threads(1));
  }
};

TEST(DiagnoseCommand, WritesFindingsAndReports) {
  const Trained trained;
  const RunResult result =
      run_program({"diagnose", trained.run}, {.environment = {"SPANLAB_NAME=./run"}});
  ASSERT_EQ(result.status, 0) << result.err;
  EXPECT_TRUE(says(result.out, "\nVerdict: ") && says(result.out, "\nMain causes")) << result.out;
  EXPECT_TRUE(says(result.out, "\n    ./run compare " + trained.run + " " + trained.run + "-"));
  for (const char* file : {"findings.json", "report.md", "report.html"}) {
    EXPECT_TRUE(fs::exists(fs::path(trained.run) / file)) << file;
  }
  EXPECT_TRUE(says(read_file(fs::path(trained.run) / "report.md"), "\n./run lab --recipe "));
  const std::string out = trained.data.out("elsewhere").string();
  EXPECT_EQ(run_program({"diagnose", trained.run, "--out", out}).status, 0);
  EXPECT_EQ(read_file(out + "/findings.json"), read_file(trained.run + "/findings.json"));
}

TEST(DiagnoseCommand, SaysFirstWhatItCouldNotLookAt) {
  const Trained trained;
  fs::remove_all(fs::path(trained.run) / "data");
  const RunResult result = run_program({"diagnose", trained.run});
  ASSERT_EQ(result.status, 0) << result.err;
  const size_t note = result.out.find("Note: the data are left out");
  ASSERT_NE(note, std::string::npos) << result.out;
  EXPECT_LT(note, result.out.find("In order of cause"));
}

TEST(DiagnoseCommand, WorksOnTablesAlone) {
  const Trained trained;
  const fs::path bare = trained.data.out("bare");
  fs::create_directory(bare);
  fs::copy(fs::path(trained.run) / "loss_components.csv", bare / "loss_components.csv");
  const RunResult result = run_program({"diagnose", bare.string()});
  EXPECT_EQ(result.status, 0) << result.err;
  EXPECT_TRUE(says(read_file(bare / "report.md"), "metadata.json"));
}

TEST(DiagnoseCommand, ListsItsRules) {
  const RunResult result = run_program({"diagnose", "--rules"});
  EXPECT_EQ(result.status, 0);
  EXPECT_TRUE(says(result.out, "| M1 |"));
}

TEST(DiagnoseCommand, BadFoldersAreErrors) {
  const TemporaryFolder folder;
  for (const Words& words :
       {Words{"diagnose", folder.path().string()}, Words{"diagnose", (folder / "nowhere").string()},
        Words{"evaluate", (folder / "nowhere").string()},
        Words{"compare", (folder / "a").string(), (folder / "b").string()}}) {
    const RunResult result = run_program(words);
    EXPECT_EQ(result.status, 1) << words[0];
    EXPECT_TRUE(says(result.err, "error: ") && says(result.err, "hint: ")) << result.err;
  }
  EXPECT_EQ(folder.entries(), 0u);
}

TEST(DiagnoseCommand, WrongUsage) {
  for (const Words& words : {Words{"diagnose"}, Words{"evaluate"}, Words{"compare", "one"},
                             Words{"lab"}, Words{"evaluate", "run", "--test-from", "5"}}) {
    EXPECT_EQ(run_program(words).status, 2) << words[0];
  }
}

TEST(DiagnoseCommand, AFullDiskLeavesTheOldReport) {
  const Trained trained;
  ASSERT_EQ(run_program({"diagnose", trained.run}).status, 0);
  const std::string before = read_file(trained.run + "/report.html");
  testing::RunOptions options;
  options.environment = {"SPANLAB_FAILPOINTS=write.data=error@3"};
  const RunResult full = run_program({"diagnose", trained.run}, options);
  EXPECT_EQ(full.status, 1) << full.err;
  EXPECT_EQ(read_file(trained.run + "/report.html"), before);
}

TEST(EvaluateCommand, PrintsFiguresAndWritesAReport) {
  const Trained trained;
  const std::string page = trained.data.out("evaluation.html").string();
  const RunResult result = run_program({"evaluate", trained.run, "--out", page});
  ASSERT_EQ(result.status, 0) << result.err;
  EXPECT_TRUE(says(result.out, "momentum") && says(result.out, "average precision"));
  EXPECT_TRUE(fs::exists(page));
  EXPECT_TRUE(says(result.out, "\n  report  " + page + "\n")) << result.out;
  const RunResult pdf = run_program({"evaluate", trained.run, "--out", "report.pdf"});
  EXPECT_EQ(pdf.status, 2);
  EXPECT_TRUE(says(pdf.err, "name it report.html\n")) << pdf.err;
}

TEST(CompareCommand, ShowsWhatDiffers) {
  const Trained trained;
  const RunResult result = run_program({"compare", trained.run, trained.run});
  ASSERT_EQ(result.status, 0) << result.err;
  EXPECT_TRUE(says(result.out, "the recipes are the same"));
}

TEST(LabCommand, LeavesVerdictsAndARecipeToTrain) {
  const SmallFiles data;
  const std::string out = data.out("lab").string();
  const Words words{"lab",
                    "--bars",
                    data.bars_file,
                    "--windows",
                    data.windows_file,
                    "--out",
                    out,
                    "--seeds",
                    "1",
                    "--remedies",
                    "1",
                    "--no-detector",
                    "--set",
                    "data.window=30",
                    "--set",
                    "model.hidden=16",
                    "--set",
                    "train.epochs=2"};
  const RunResult result = run_program(words);
  ASSERT_EQ(result.status, 0) << result.err;
  EXPECT_TRUE(says(result.out, "verdict") && says(result.out, "no-countdown"));
  for (const char* file : {"lab.html", "lab.md", "lab.json", "best.toml"}) {
    EXPECT_TRUE(fs::exists(fs::path(out) / file)) << file;
  }
  const auto json = nlohmann::json::parse(read_file(fs::path(out) / "lab.json"));
  for (const auto& recipe : json.at("recipes")) {
    if (recipe.at("name") != json.at("best")) continue;
    const fs::path run = fs::path(out) / "runs" / recipe.at("runs").at(0).get<std::string>();
    EXPECT_EQ(read_file(fs::path(out) / "best.toml"), read_file(run / "recipe.toml"));
  }
  const RunResult again = run_program(words);
  EXPECT_TRUE(says(again.err, "were there)"));
  EXPECT_EQ(again.out, result.out);
  EXPECT_EQ(run_program({"train", out + "/best.toml", "--bars", data.bars_file, "--windows",
                         data.windows_file, "--out", data.out("best").string(), "--quiet"})
                .status,
            0);
}

}  // namespace
}  // namespace spanlab
