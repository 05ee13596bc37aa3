// Recipes: defaults are the reported run, the recipe files say what they mean, names find them.
#include "spanlab/recipe/recipe.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <set>
#include <sstream>

#include "spanlab/base/file.h"
#include "tests/expect_error.h"
#include "tests/temporary_folder.h"

namespace spanlab {
namespace {

/// Lines that the recipe's printed text has and the baseline's has not.
std::set<std::string> difference_from_baseline(const Recipe& recipe) {
  const auto lines = [](const std::string& text) {
    std::set<std::string> found;
    std::istringstream in(text);
    for (std::string line; std::getline(in, line);) found.insert(line);
    return found;
  };
  const std::set<std::string> own = lines(recipe_text(recipe)), base = lines(recipe_text(Recipe()));
  std::set<std::string> difference;
  std::set_difference(own.begin(), own.end(), base.begin(), base.end(),
                      std::inserter(difference, difference.end()));
  return difference;
}

TEST(Recipe, DefaultsAreTheReportedRun) {
  EXPECT_EQ(recipe_text(Recipe()), R"([data]
window = 105
features = ["open_norm", "close_norm", "body_pct", "upper_wick_pct", "lower_wick_pct", "range_z", "dist_to_prev_SH", "dist_to_prev_SL", "bars_since_SH_norm", "bars_since_SL_norm", "expansion_proxy", "consol_proxy"]
feature_mode = "per_window"

[split]
kind = "random"
validation = 0.2
seed = 42
folds = 5
fold = 0
embargo = 0

[model]
hidden = 96
layers = 1
projection = 64
input_dropout = 0.3
layer_dropout = 0.7
head_dropout = 0.6
span_start = "uniform"
span_head = "bar"
longest_span = 16

[loss]
tasks = ["type", "ptr", "span", "countdown"]
pointer_delta = 0.08
countdown_delta = 1.0
countdown_target = "clipped"
span_pos_weight = 1.0
span_loss = "cross_entropy"
focal_gamma = 2.0
unlabelled = "negative"
span_prior = 0.1
boundary_mass = 0.0
boundary_radius = 1

[balancing]
method = "uncertainty"
weight_type = 1.0
weight_ptr = 1.0
weight_span = 1.0
weight_countdown = 1.0
sigma_start = "fixed"
sigma_rate = 1.0
sigma_decay = 1.0
rate = 0.025
dwa_temperature = 2.0
gradnorm_alpha = 0.12
cagrad_c = 0.4
famo_decay = 0.0

[train]
epochs = 100
batch = 32
learning_rate = 0.001
beta1 = 0.9
beta2 = 0.999
epsilon = 1e-08
weight_decay = 0.01
schedule = "constant"
schedule_decay = 0.95
clip_norm = 0.0
mirror = "off"
shift = 0
average = 0.0
patience = 0
freeze_encoder = 0
seed = 0

[record]
uncertainty_every = 5
features_every = 5
gradients_every = 10
checkpoint_every = 10
diagnostics_every = 10

[criteria]
loss_drop = 0.2
span_f1 = 0.0
separation = 0.05
)");
}

TEST(Recipe, BaselineFileWritesOutEveryDefault) {
  EXPECT_EQ(recipe_text(read_recipe("recipes/baseline.toml")), recipe_text(Recipe()));
  const std::string file = read_file("recipes/baseline.toml");
  Recipe recipe;
  for (const Setting& setting : settings_of(recipe)) {
    const std::string key = setting.name.substr(setting.name.find('.') + 1);
    EXPECT_NE(file.find("\n" + key + " = "), std::string::npos) << setting.name;
  }
}

TEST(Recipe, BestFileIsTheRecommendedRecipe) {
  EXPECT_EQ(recipe_text(read_recipe("recipes/best.toml")), recipe_text(recommended_recipe()));
}

TEST(Recipe, VariantsChangeWhatTheySay) {
  using Lines = std::set<std::string>;
  const auto difference = [](const char* name) {
    return difference_from_baseline(read_recipe(std::string("recipes/") + name + ".toml"));
  };
  EXPECT_EQ(difference("no-countdown"), Lines{R"(tasks = ["type", "ptr", "span"])"});
  EXPECT_EQ(difference("unit-countdown"), Lines{R"(countdown_target = "unit")"});
  EXPECT_EQ(difference("span-only"), (Lines{R"(tasks = ["span"])", R"(method = "sum")"}));
  EXPECT_EQ(difference("wide-huber"), Lines{"countdown_delta = 10.0"});
  EXPECT_EQ(difference("weighted"),
            (Lines{R"(countdown_target = "unit")", "span_pos_weight = 13.1"}));
  const Recipe position = read_recipe("recipes/position.toml");
  EXPECT_EQ(position.data.features.size(), 13u);
  EXPECT_EQ(position.data.features.back(), "position_encoding");
  EXPECT_EQ(difference("position").size(), 1u);
}

TEST(Recipe, EveryRecipeFileReads) {
  int files = 0;
  for (const auto& entry : std::filesystem::directory_iterator("recipes")) {
    EXPECT_NO_THROW(read_recipe(entry.path())) << entry.path();
    ++files;
  }
  EXPECT_GE(files, 7);
}

TEST(Recipe, PrintedTextReadsBack) {
  Recipe recipe;
  recipe.data.features = {"position_encoding", "range_z"};
  recipe.data.feature_mode = FeatureMode::continuous;
  recipe.split.kind = SplitKind::grouped;
  recipe.split.validation = 0;
  recipe.model.hidden = 128;
  recipe.loss.tasks = {Task::span, Task::type};
  recipe.balancing.method = Balancing::sum;
  recipe.loss.countdown_target = CountdownTarget::unit;
  recipe.model.span_head = SpanHead::one_span;
  recipe.loss.span_loss = SpanLoss::dice;
  recipe.loss.unlabelled = Unlabelled::positive_unlabelled;
  recipe.loss.boundary_mass = 0.3;
  recipe.train.mirror = true;
  recipe.train.rate.peak = 0.1 + 0.2;  // 17 digits
  recipe.train.seed = (int64_t{1} << 53) + 1;
  const TemporaryFolder folder;
  const Recipe read = read_recipe(folder.write("r.toml", recipe_text(recipe)));
  EXPECT_EQ(recipe_text(read), recipe_text(recipe));
  EXPECT_EQ(read.train.rate.peak, 0.1 + 0.2);
  EXPECT_EQ(read.train.seed, recipe.train.seed);
  EXPECT_EQ(read.loss.tasks, recipe.loss.tasks);
  EXPECT_EQ(read.model.span_head, SpanHead::one_span);
  EXPECT_EQ(read.loss.span_loss, SpanLoss::dice);
  EXPECT_EQ(read.loss.unlabelled, Unlabelled::positive_unlabelled);
  EXPECT_TRUE(read.train.mirror);
  EXPECT_TRUE(read.has(Task::type));
  EXPECT_FALSE(read.has(Task::countdown));
}

TEST(Recipe, OverridesComeLast) {
  const std::vector<std::string> overrides{"train.epochs=3", "split.kind=time", "train.epochs=4",
                                           R"(loss.tasks=["span"])"};
  const Recipe recipe = read_recipe("recipes/weighted.toml", overrides);
  EXPECT_EQ(recipe.train.epochs, 4);
  EXPECT_EQ(recipe.split.kind, SplitKind::time);
  EXPECT_EQ(recipe.loss.tasks, std::vector{Task::span});
  EXPECT_EQ(recipe.loss.span_pos_weight, 13.1);
}

TEST(Recipe, BadValuesAreRefused) {
  const TemporaryFolder folder;
  const struct {
    const char *text, *message;
  } cases[] = {
      {"data.features = ['open_nrm']", "did you mean \"open_norm\"?"},
      {"data.features = ['range_z', 'range_z']", "data.features contains \"range_z\" twice"},
      {"data.features = []", "data.features is empty"},
      {"data.window = 1", "data.window must be 2 to 10000, not 1"},
      {"data.feature_mode = 'perwindow'", "did you mean \"per_window\"?"},
      {"split.kind = 'sorted'", "it knows random, grouped, time"},
      {"split.validation = 1", "split.validation must be 0 to below 1, not 1"},
      {"model.hidden = 100", "a multiple of 16"},
      {"model.layers = 5", "model.layers must be 1 to 4, not 5"},
      {"model.head_dropout = 1.0", "model.head_dropout must be 0 to below 1, not 1.0"},
      {"model.span_head = 'semi-markov'", "did you mean \"semi_markov\"?"},
      {"model.longest_span = 0", "model.longest_span must be 1 to 1000, not 0"},
      {"loss.span_loss = 'tversky'", "it knows cross_entropy, focal, dice"},
      {"loss.focal_gamma = -1", "loss.focal_gamma must be 0 to 10"},
      {"loss.unlabelled = 'ignore'", "did you mean \"ignored\"?"},
      {"loss.span_prior = 1", "loss.span_prior must be above 0 to below 1, not 1"},
      {"loss.boundary_mass = 1", "loss.boundary_mass must be 0 to below 1, not 1"},
      {"loss.boundary_radius = 0", "loss.boundary_radius must be 1 to 100, not 0"},
      {"train.mirror = 'yes'", "it knows off, on"},
      {"loss.tasks = ['span', 'span']", "loss.tasks contains \"span\" twice"},
      {"loss.pointer_delta = 0", "loss.pointer_delta must be above 0 to 1000000"},
      {"train.learning_rate = -1e-3", "train.learning_rate must be above 0 to 10, not -0.001"},
      {"train.beta2 = 1", "train.beta2 must be 0 to 0.999999"},
      {"train.epsilon = 1e-46", "train.epsilon must be 1e-30 to 1"},
      {"train.epochs = 0", "train.epochs must be 1 to 1000000"},
      {"train.learnig_rate = 1", "did you mean train.learning_rate?"},
      {"record.checkpoint_every = 0", "record.checkpoint_every must be 1 to 1000000"},
  };
  for (const auto& c : cases) {
    const std::filesystem::path path = folder.write("bad.toml", c.text);
    expect_error([&] { read_recipe(path); }, {"bad.toml:1: ", c.message});
  }
}

TEST(Recipe, ThoseOfTheLibraryAreFoundByName) {
  const std::vector<std::string> names = recipe_names();
  int files = 0;
  for (const auto& entry : std::filesystem::directory_iterator("recipes")) {
    const std::string name = entry.path().stem().string();
    EXPECT_NE(std::find(names.begin(), names.end(), name), names.end()) << name;
    EXPECT_EQ(recipe_text(read_recipe(name)), recipe_text(read_recipe(entry.path()))) << name;
    EXPECT_EQ(recipe_text(read_recipe(name + ".toml")), recipe_text(read_recipe(name))) << name;
    ++files;
  }
  EXPECT_EQ(static_cast<size_t>(files), names.size());
}

TEST(Recipe, FileComesBeforeTheLibrarysOfThatName) {
  const TemporaryFolder folder;
  folder.write("best.toml", "train.epochs = 7\n");
  EXPECT_EQ(read_recipe(folder / "best.toml").train.epochs, 7);
  // What is extended is the file next to it, too, or else the library's.
  const auto above = folder.write("above.toml", "extends = 'best.toml'\n");
  EXPECT_EQ(read_recipe(above).train.epochs, 7);
  const auto other = folder.write("other.toml", "extends = 'weighted'\n");
  EXPECT_EQ(read_recipe(other).loss.span_pos_weight, 13.1);
}

/// Every setting under the name that it had before balancing got a table of its own.
constexpr char kFormerText[] = R"([loss]
tasks = ["span", "type"]
balancing = "dwa"
span_pos_weight = 3.5
weight_type = 2.0
weight_ptr = 3.0
weight_span = 4.0
weight_countdown = 5.0
sigma_start = "warm"
sigma_rate = 6.0
sigma_decay = 7.0
balancing_rate = 0.08
dwa_temperature = 9.0
gradnorm_alpha = 10.0
cagrad_c = 0.11
famo_decay = 0.12
)";
constexpr char kPresentText[] = R"([loss]
tasks = ["span", "type"]
span_pos_weight = 3.5
[balancing]
method = "dwa"
weight_type = 2.0
weight_ptr = 3.0
weight_span = 4.0
weight_countdown = 5.0
sigma_start = "warm"
sigma_rate = 6.0
sigma_decay = 7.0
rate = 0.08
dwa_temperature = 9.0
gradnorm_alpha = 10.0
cagrad_c = 0.11
famo_decay = 0.12
)";

TEST(Recipe, FormerNamesAreReadAndNeverWritten) {
  const std::string text = recipe_text(parse_recipe(kFormerText));
  EXPECT_EQ(text, recipe_text(parse_recipe(kPresentText)));
  EXPECT_EQ(difference_from_baseline(parse_recipe(kFormerText)).size(), 15u);
  EXPECT_EQ(text.find("balancing = "), std::string::npos);
}

TEST(Recipe, FormerNamesAreReadInOverridesAndAboveWhatIsExtended) {
  const TemporaryFolder folder;
  folder.write("base.toml", "[loss]\nbalancing = 'famo'\n[balancing]\nsigma_rate = 3\n");
  const auto path = folder.write("above.toml",
                                 "extends = 'base.toml'\n[loss]\nsigma_rate = 4\n"
                                 "[balancing]\nmethod = 'rlw'\n");
  EXPECT_EQ(read_recipe(path).balancing.method, Balancing::rlw);
  EXPECT_EQ(read_recipe(path).balancing.sigma_rate, 4);
  const std::vector<std::string> overrides{"loss.balancing=sum", "loss.balancing_rate=2"};
  EXPECT_EQ(read_recipe(path, overrides).balancing.method, Balancing::sum);
  EXPECT_EQ(read_recipe(path, overrides).balancing.rate, 2);
}

TEST(Recipe, BothNamesOfASettingAreRefused) {
  expect_error([] { parse_recipe("[loss]\nbalancing = 'sum'\n[balancing]\nmethod = 'sum'\n"); },
               {"recipe:2: ", "balancing.method and its former name loss.balancing are both set",
                "remove loss.balancing"});
}

TEST(Recipe, TextInMemoryIsRead) {
  const Recipe recipe = parse_recipe("extends = 'best'\n[train]\nepochs = 3\n");
  EXPECT_EQ(recipe.train.epochs, 3);
  EXPECT_EQ(recipe.model.span_head, SpanHead::semi_markov);
  expect_error([] { parse_recipe("train.epochs = 0", "mine"); },
               {"mine:1: train.epochs must be 1 to 1000000, not 0"});
  expect_error([] { parse_recipe("extends = 'bets'"); }, {"no such recipe", "baseline, best"});
}

TEST(Recipe, UnknownNameListsThoseThatThereAre) {
  expect_error([] { read_recipe("bets"); },
               {"there is no recipe bets", "did you mean best?", "baseline, best, no-countdown"});
}

}  // namespace
}  // namespace spanlab
