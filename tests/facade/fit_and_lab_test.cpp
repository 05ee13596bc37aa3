// A fit and a lab leave folders that are complete, whoever calls for them.
#include "spanlab/facade/fit_and_lab.h"

#include <gtest/gtest.h>

#include "spanlab/base/file.h"
#include "tests/train/small_run.h"

namespace spanlab {
namespace {

void expect_files(const std::filesystem::path& folder, const std::vector<std::string>& names) {
  for (const std::string& name : names) {
    EXPECT_TRUE(std::filesystem::exists(folder / name)) << (folder / name);
  }
}

TEST(FitAndLab, AFitLeavesDetectorSettingsAndReport) {
  const SmallData data;
  FitConfig config;
  config.recipe = small_recipe(2);
  config.folder = data.out("fit");
  config.folds = 2;
  config.members = 1;
  config.stride = 4;
  config.delays = {4};
  config.default_delay = 4;
  const FitResult result = fit_detector(config, data.labelled(), {.threads = 2});
  EXPECT_EQ(result.detector.members.size(), 1u);
  expect_files(config.folder, {"runs", "detector.safetensors", "fit.html", "fit.md"});
  FitConfig read;
  read_fit(config.folder / "fit.toml", read);
  EXPECT_EQ(fit_text(read), fit_text(config));
}

TEST(FitAndLab, ALabLeavesReportsBestRecipeAndDiagnoses) {
  const SmallData data;
  LabConfig config;
  config.base = small_recipe(2);
  config.folder = data.out("lab");
  config.repetitions = 1;
  config.proposals = 0;
  const LabResult result = run_lab(config, data.labelled(), {.threads = 2}, "prog");
  expect_files(config.folder, {"lab.html", "lab.md", "lab.json"});
  EXPECT_EQ(recipe_text(read_recipe(config.folder / "best.toml")),
            recipe_text(result.recipes[result.best].recipe));
  for (const RecipeResult& recipe : result.recipes) {
    expect_files(recipe.runs.front(), {"report.html", "report.md", "findings.json"});
    EXPECT_NE(read_file(recipe.runs.front() / "report.md").find("prog "), std::string::npos);
  }
}

}  // namespace
}  // namespace spanlab
