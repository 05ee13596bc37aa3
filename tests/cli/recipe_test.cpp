// spanlab recipe prints what the library has. Wrong uses: tests/commands.
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

TEST(RecipeCommand, ListsEverySetting) {
  const Result result = run_program({"recipe", "--settings"});
  ASSERT_EQ(result.status, 0) << result.err;
  Recipe recipe;
  EXPECT_EQ(result.out, settings_help(settings_of(recipe)));
}

}  // namespace
}  // namespace spanlab
