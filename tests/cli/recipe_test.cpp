// spanlab recipe: what it prints can be used, and wrong uses are told apart.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "spanlab/recipe/recipe.h"
#include "tests/cli/run_program.h"
#include "tests/temporary_folder.h"

namespace spanlab {
namespace {

using ::spanlab::testing::run_program;
using Result = ::spanlab::testing::RunResult;

TEST(RecipeCommand, PrintsTheWholeRecipe) {
  const Result result = run_program({"recipe", "recipes/weighted.toml", "--set", "train.epochs=3",
                                     "--set", R"(loss.tasks=["span", "countdown"])"});
  ASSERT_EQ(result.status, 0) << result.err;
  EXPECT_EQ(result.err, "");
  Recipe expected = read_recipe("recipes/weighted.toml");
  expected.train.epochs = 3;
  expected.loss.tasks = {Task::span, Task::countdown};
  EXPECT_EQ(result.out, recipe_text(expected));
  // And the printed text is a recipe.
  const spanlab::TemporaryFolder folder;
  EXPECT_EQ(recipe_text(read_recipe(folder.write("again.toml", result.out))), result.out);
}

TEST(RecipeCommand, FindsThoseOfTheProgramByName) {
  const Result result = run_program({"recipe", "best"});
  ASSERT_EQ(result.status, 0) << result.err;
  EXPECT_EQ(result.out, recipe_text(recommended_recipe()));
}

TEST(RecipeCommand, OptionMayStandBeforeTheRecipe) {
  const Result result = run_program({"recipe", "--set", "train.batch=8", "recipes/baseline.toml"});
  ASSERT_EQ(result.status, 0) << result.err;
  EXPECT_NE(result.out.find("\nbatch = 8\n"), std::string::npos);
}

TEST(RecipeCommand, ListsEverySetting) {
  const Result result = run_program({"recipe", "--settings"});
  ASSERT_EQ(result.status, 0) << result.err;
  Recipe recipe;
  EXPECT_EQ(result.out, settings_help(settings_of(recipe)));
}

TEST(RecipeCommand, WrongUseIsNotBadInput) {
  const struct {
    std::vector<std::string> line;
    int status;
    const char* message;
  } cases[] = {
      {{"recipe"}, 2, "no recipe is named"},
      {{"recipe", "recipes/baseline.toml", "--set"}, 2, "--set"},
      {{"recipe", "recipes/none.toml"}, 1, "recipes/none.toml"},
      {{"recipe", "bets"}, 1, "did you mean best?"},
      {{"recipe", "recipes"}, 1, "it is a folder"},
      {{"recipe", "recipes/baseline.toml", "--set", "train.bach=8"},
       1,
       "did you mean train.batch?"},
      {{"recipe", "recipes/baseline.toml", "--set", "train.batch=0"}, 1, "must be 1 to 65536"},
  };
  for (const auto& c : cases) {
    const Result result = run_program(c.line);
    EXPECT_EQ(result.status, c.status) << result.err;
    EXPECT_EQ(result.out, "");
    EXPECT_TRUE(result.err.starts_with("error: ")) << result.err;
    EXPECT_NE(result.err.find("\nhint: "), std::string::npos) << result.err;
    EXPECT_NE(result.err.find(c.message), std::string::npos) << result.err;
  }
}

}  // namespace
}  // namespace spanlab
