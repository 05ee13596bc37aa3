// Settings: what a declaration accepts, refuses and prints; TOML files and key=value texts.
#include "spanlab/base/settings.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <limits>
#include <optional>

#include "spanlab/base/error.h"
#include "spanlab/base/settings_toml.h"
#include "tests/temporary_folder.h"

namespace spanlab {
namespace {

enum class Fruit { apple, pear };

class SettingsTest : public ::testing::Test {
 protected:
  std::filesystem::path file(const std::string& name, const std::string& text) const {
    return folder_.write(name, text);
  }

  /// what() + " | " + hint() of reading `text` as a file; empty if it was accepted.
  std::string refusal(const std::string& text) {
    try {
      read_settings(file("bad.toml", text), settings_);
    } catch (const Error& e) {
      return std::string(e.what()) + " | " + e.hint();
    }
    return {};
  }
  std::string override_refusal(const std::string& assignment) {
    try {
      override_setting(assignment, settings_);
    } catch (const Error& e) {
      return std::string(e.what()) + " | " + e.hint();
    }
    return {};
  }

  int batch_ = 32;
  std::optional<int64_t> steps_;
  int folds_ = 0;  // 0: none
  std::vector<int> delays_{4, 8};
  std::vector<double> strengths_{1.5};
  double lowest_ = 0.25, highest_ = 0.5;
  int64_t seed_ = 7;
  double rate_ = 0.5;
  Fruit fruit_ = Fruit::apple;
  std::vector<Fruit> basket_{Fruit::pear};
  std::vector<Setting> settings_{
      integer_setting("train.batch", batch_, {16, 64, 16}, "windows in a step"),
      integer_setting("train.seed", seed_, {0, std::numeric_limits<int64_t>::max()}, "the seed"),
      number_setting("train.rate", rate_, {0, 1, true, false}, "step size"),
      choice_setting("food.fruit", fruit_, {{"apple", Fruit::apple}, {"pear", Fruit::pear}}, "one"),
      list_setting("food.basket", basket_, {{"apple", Fruit::apple}, {"pear", Fruit::pear}},
                   "several"),
  };
  std::vector<Setting> further_{
      integer_setting("more.steps", steps_, {1, kNoLimit}, "steps"),
      integer_setting_or_none("more.folds", folds_, 0, {2, 9}, "folds").as_option("--parts"),
      integer_setting("more.delays", delays_, {0, 100}, "delays"),
      number_setting("more.strengths", strengths_, kPositive, "strengths"),
      interval_setting("more.share", lowest_, highest_, {0, 1}, "share")};
  const TemporaryFolder folder_;
};

void expect_contains(const std::string& text, const std::string& part) {
  EXPECT_NE(text.find(part), std::string::npos) << "text: " << text << "\nmissing: " << part;
}

TEST_F(SettingsTest, ReadsEveryType) {
  read_settings(file("a.toml",
                     "[train]\nbatch = 48\nseed = 9223372036854775807\nrate = 1\n"
                     "[food]\nfruit = 'pear'\nbasket = ['pear', 'apple']\n"),
                settings_);
  EXPECT_EQ(batch_, 48);
  EXPECT_EQ(seed_, std::numeric_limits<int64_t>::max());
  EXPECT_EQ(rate_, 1.0);
  EXPECT_EQ(fruit_, Fruit::pear);
  EXPECT_EQ(basket_, (std::vector{Fruit::pear, Fruit::apple}));
}

TEST_F(SettingsTest, PrintedFileReadsBack) {
  rate_ = 1e-8;
  const std::string text = settings_toml(settings_);
  EXPECT_EQ(text,
            "[train]\nbatch = 32\nseed = 7\nrate = 1e-08\n\n"
            "[food]\nfruit = \"apple\"\nbasket = [\"pear\"]\n");
  batch_ = 16, rate_ = 1, fruit_ = Fruit::pear, basket_ = {Fruit::apple};
  read_settings(file("a.toml", text), settings_);
  EXPECT_EQ(settings_toml(settings_), text);
}

TEST_F(SettingsTest, NumbersPrintAsToml) {
  EXPECT_EQ(value_text(1.0), "1.0");
  EXPECT_EQ(value_text(-3.0), "-3.0");
  EXPECT_EQ(value_text(0.001), "0.001");
  EXPECT_EQ(value_text(int64_t{3}), "3");
  EXPECT_EQ(value_text(std::vector<std::string>{"a", "b"}), "[\"a\", \"b\"]");
}

TEST_F(SettingsTest, HelpAndTableNameEverySetting) {
  for (const std::string& text : {settings_help(settings_), settings_table(settings_)}) {
    for (const Setting& setting : settings_) {
      expect_contains(text, setting.name);
      expect_contains(text, setting.range);
      expect_contains(text, setting.help);
    }
    expect_contains(text, "16 to 64, a multiple of 16");
    expect_contains(text, "0 or more");
    expect_contains(text, "above 0 to 1");
    expect_contains(text, "one of apple, pear");
  }
}

TEST_F(SettingsTest, FileExtendsAnother) {
  std::filesystem::create_directory(folder_ / "sub");
  file("base.toml", "train.batch = 48\ntrain.rate = 0.25\n");
  file("sub/middle.toml", "extends = '../base.toml'\n[food]\nfruit = 'pear'\n");
  read_settings(file("top.toml", "extends = 'sub/middle.toml'\n[train]\nrate = 0.125\n"),
                settings_);
  EXPECT_EQ(batch_, 48);
  EXPECT_EQ(rate_, 0.125);
  EXPECT_EQ(fruit_, Fruit::pear);
}

TEST_F(SettingsTest, BadFilesAreRefusedWithFileAndLine) {
  const struct {
    const char *text, *message;
  } cases[] = {
      {"[train]\nbach = 32\n",
       "bad.toml:2: unknown setting \"train.bach\" | did you mean train.batch?"},
      {"[train]\nbatch = 32\n[tran]\nx = 1\n",
       "bad.toml:3: unknown setting \"tran\" | did you mean train?"},
      {"[tran]\n", "did you mean train?"},
      {"extend = 'x'\n", "did you mean extends?"},
      {"nothing_like_it_at_all = 1\n", "the command `recipe --settings` lists all settings"},
      {"train = 1\n", "bad.toml:1: train is a section of settings | write [train]"},
      {"'train.batch' = 32\n", "unknown setting \"train.batch\""},
      {"[train.batch]\nx = 1\n", "train.batch must be a whole number"},
      {"[train]\n\nbatch = 'many'\n",
       "bad.toml:3: train.batch must be a whole number, not \"many\""},
      {"[train]\nbatch = 32.0\n", "train.batch must be a whole number, not 32.0"},
      {"[train]\nbatch = true\n", "train.batch must be a whole number"},
      {"[train]\nbatch = 40\n", "train.batch must be 16 to 64, a multiple of 16, not 40"},
      {"[train]\nbatch = 0\n", "train.batch must be 16 to 64"},
      {"[train]\nbatch = 80\n", "train.batch must be 16 to 64"},
      {"[train]\nseed = -1\n", "train.seed must be 0 or more, not -1"},
      {"[train]\nseed = 9223372036854775808\n", "bad.toml:2:"},
      {"[train]\nrate = 0\n", "train.rate must be above 0 to 1, not 0"},
      {"[train]\nrate = 1.0000001\n", "train.rate must be above 0 to 1"},
      {"[train]\nrate = nan\n", "train.rate must be above 0 to 1, not nan"},
      {"[train]\nrate = inf\n", "train.rate must be above 0 to 1, not inf"},
      {"[train]\nrate = 2020-01-01\n", "train.rate must be a number"},
      {"[food]\nfruit = 'aple'\n", "food.fruit has no value \"aple\" | did you mean \"apple\"?"},
      {"[food]\nfruit = ['apple']\n", "food.fruit must be a name, not a list"},
      {"[food]\nbasket = 'apple'\n",
       "food.basket must be a list of names, not \"apple\" | write it as"},
      {"[food]\nbasket = []\n", "food.basket is empty | name at least one of apple, pear"},
      {"[food]\nbasket = ['apple', 3]\n", "food.basket must be a list of names"},
      {"[food]\nbasket = ['pear', 'pear']\n", "food.basket contains \"pear\" twice"},
      {"[food]\nbasket = ['pear', 'plum']\n", "food.basket has no value \"plum\""},
      {"[train]\nbatch = 32\nbatch = 48\n", "bad.toml:3:"},
      {"[train\nbatch = 32\n", "bad.toml:1:"},
      {"[train]\nbatch 32\n", "bad.toml:2:"},
      {"\xff\xfe", "bad.toml:1:"},
      {"extends = 3\n", "bad.toml:1: extends must be the path"},
      {"extends = 'nowhere.toml'\n", "bad.toml:1: extends \"nowhere.toml\", but there is no file"},
      {"extends = 'bad.toml'\n", "bad.toml:1: extends \"bad.toml\", which extends this file"},
  };
  for (const auto& c : cases) {
    expect_contains(refusal(c.text), c.message);
    EXPECT_EQ(batch_, 32) << c.text;
    EXPECT_EQ(rate_, 0.5) << c.text;
    EXPECT_EQ(basket_, std::vector{Fruit::pear}) << c.text;
  }
}

TEST_F(SettingsTest, CirclesAndLongChainsOfExtendsAreRefused) {
  file("b.toml", "extends = 'c.toml'\n");
  file("c.toml", "extends = './bad.toml'\n");
  expect_contains(refusal("extends = 'b.toml'\n"),
                  "c.toml:1: extends \"./bad.toml\", which extends");
  for (int i = 0; i < 8; ++i) {
    file("chain" + std::to_string(i) + ".toml",
         i == 7 ? "" : "extends = 'chain" + std::to_string(i + 1) + ".toml'\n");
  }
  expect_contains(refusal("extends = 'chain0.toml'\n"), "more than 8 files extend one another");
  EXPECT_EQ(refusal("extends = 'chain1.toml'\n"), "");
}

TEST_F(SettingsTest, MissingFileIsRefused) {
  EXPECT_THROW(read_settings(folder_ / "none.toml", settings_), Error);
  EXPECT_THROW(read_settings(folder_.path(), settings_), Error);
}

TEST_F(SettingsTest, OverridesAreTomlOrBareWords) {
  override_setting("train.batch=48", settings_);
  override_setting("train.rate=1e-3", settings_);
  override_setting("food.fruit=pear", settings_);
  EXPECT_EQ(fruit_, Fruit::pear);
  override_setting("food.fruit=\"apple\"", settings_);
  override_setting("food.basket=[\"apple\", \"pear\"]", settings_);
  EXPECT_EQ(batch_, 48);
  EXPECT_EQ(rate_, 1e-3);
  EXPECT_EQ(fruit_, Fruit::apple);
  EXPECT_EQ(basket_, (std::vector{Fruit::apple, Fruit::pear}));
}

TEST_F(SettingsTest, BadOverridesAreRefused) {
  const struct {
    const char *text, *message;
  } cases[] = {
      {"train.batch", "setting \"train.batch\": there is no \"=\""},
      {"", "there is no \"=\""},
      {"=3", "unknown setting"},
      {"train.bach=3", "did you mean train.batch?"},
      {"train=3", "train is a section of settings"},
      {"extends=base.toml", "unknown setting \"extends\""},
      {"train.batch=", "train.batch must be a whole number"},
      {"train.batch=many", "train.batch must be a whole number, not \"many\""},
      {"train.batch=3\nseed=4", "train.batch must be a whole number"},
      {"train.batch=32\nother=4", "train.batch must be a whole number"},
      {"train.batch=17", "train.batch must be 16 to 64"},
      {"food.basket=apple", "write it as [\"apple\"], in a shell '[\"apple\"]'"},
      {"food.basket=[apple]", "food.basket must be a list of names"},
      {"food.fruit=plum", "food.fruit has no value \"plum\""},
  };
  for (const auto& c : cases) expect_contains(override_refusal(c.text), c.message);
  EXPECT_EQ(batch_, 32);
}

TEST_F(SettingsTest, OptionalNumbersAndListsReadBack) {
  const std::string unset = settings_toml(further_);
  EXPECT_EQ(unset,
            "[more]\nsteps = \"none\"\nfolds = \"none\"\ndelays = [4, 8]\nstrengths = [1.5]\n"
            "share = [0.25, 0.5]\n");
  read_settings(file("a.toml",
                     "[more]\nsteps = 7\nfolds = 3\ndelays = [1]\nstrengths = [1, 2.5]\n"
                     "share = [0.125]\n"),
                further_);
  EXPECT_EQ(steps_, 7);
  EXPECT_EQ(folds_, 3);
  EXPECT_EQ(delays_, std::vector{1});
  EXPECT_EQ(strengths_, (std::vector{1.0, 2.5}));
  EXPECT_EQ(lowest_, 0.125);
  EXPECT_EQ(highest_, 0.125);
  read_settings(file("b.toml", unset), further_);
  EXPECT_EQ(settings_toml(further_), unset);
  EXPECT_FALSE(steps_.has_value());
  EXPECT_EQ(folds_, 0);
}

TEST_F(SettingsTest, OptionalNumbersAndListsAreChecked) {
  const struct {
    const char *text, *message;
  } cases[] = {{"steps = 0", "more.steps must be 1 or more, not 0"},
               {"steps = 'all'", "more.steps must be a whole number, not \"all\""},
               {"folds = 1", "more.folds must be 2 to 9, not 1"},
               {"delays = []", "more.delays is empty"},
               {"delays = [3, 101]", "more.delays must be 0 to 100, not 101"},
               {"delays = [3, 1.5]", "more.delays must be a list of whole numbers"},
               {"strengths = [1, 'x']", "more.strengths must be a list of numbers"},
               {"strengths = [-1.5]", "more.strengths must be above 0, not -1.5"},
               {"share = [0.5, 0.25]", "more.share must be two numbers, the smaller one first"},
               {"share = [0.1, 0.2, 0.3]", "more.share must be two numbers"}};
  for (const auto& c : cases) {
    try {
      read_settings(file("bad.toml", std::string("[more]\n") + c.text), further_);
      ADD_FAILURE() << c.text;
    } catch (const Error& e) {
      expect_contains(e.what(), c.message);
    }
  }
  EXPECT_EQ(delays_, (std::vector{4, 8}));
}

TEST_F(SettingsTest, WordsOfACommandLineBecomeValues) {
  const auto set = [&](size_t i, const std::vector<std::string>& words) {
    further_[i].assign(value_of_words(further_[i], words), "--it");
  };
  set(0, {"12"});
  EXPECT_EQ(steps_, 12);
  set(0, {"none"});
  EXPECT_FALSE(steps_.has_value());
  set(2, {"8", "16"});
  EXPECT_EQ(delays_, (std::vector{8, 16}));
  set(3, {"1", "2.5"});
  EXPECT_EQ(strengths_, (std::vector{1.0, 2.5}));
  try {
    set(1, {"x"});
    ADD_FAILURE();
  } catch (const Error& e) {
    expect_contains(e.what(), "--it must be a whole number, not \"x\"");
  }
  EXPECT_EQ(option_of(further_[0]), "--steps");
  EXPECT_EQ(option_of(further_[1]), "--parts");
}

}  // namespace
}  // namespace spanlab
