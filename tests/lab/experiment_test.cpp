// Options and remedies as recipes.
#include "spanlab/lab/experiment.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/expect_error.h"

namespace spanlab {
namespace {

using Names = std::vector<std::string>;

Names names_of(const std::vector<Experiment>& experiments) {
  Names names;
  for (const Experiment& e : experiments) names.push_back(e.name);
  return names;
}

Finding finding(std::string rule, std::vector<std::string> patch) {
  Finding f;
  f.rule = std::move(rule);
  f.remedies = {{{}, "look at it", "nothing"}, {std::move(patch), "change it", "it is better"}};
  return f;
}

const Experiment kBase{kBaseline, {}, ""};

TEST(Options, OfTheReportedRun) {
  const std::vector<Experiment> options = reported_options(Recipe());
  EXPECT_EQ(names_of(options),
            (Names{"baseline", "no-countdown", "unit-countdown", "span-only", "wide-huber"}));
  const Recipe no_countdown = patched(Recipe(), options[1].patch);
  EXPECT_FALSE(no_countdown.has(Task::countdown));
  EXPECT_TRUE(no_countdown.has(Task::type) && no_countdown.has(Task::ptr));
  EXPECT_EQ(patched(Recipe(), options[3].patch).loss.tasks, std::vector{Task::span});
  EXPECT_EQ(patched(Recipe(), options[4].patch).loss.countdown_delta, 10);
}

TEST(Options, ThatChangeNothingAreLeftOut) {
  const Recipe unit = patched(Recipe(), {"loss.countdown_target=unit"});
  EXPECT_EQ(names_of(reported_options(unit)),
            (Names{"baseline", "no-countdown", "span-only", "wide-huber"}));
  const Recipe no_countdown = patched(Recipe(), {R"(loss.tasks=["type", "span"])"});
  EXPECT_EQ(names_of(reported_options(no_countdown)), (Names{"baseline", "span-only"}));
  const Recipe span = patched(Recipe(), {R"(loss.tasks=["span"])", "balancing.method=sum"});
  EXPECT_EQ(names_of(reported_options(span)), Names{"baseline"});
}

TEST(Patches, RefuseWhatTheRecipeRefuses) {
  expect_error([] { patched(Recipe(), {"loss.countdown_taget=unit"}); }, {"countdown_taget"});
  expect_error([] { patched(Recipe(), {"train.epochs=0"}); }, {"train.epochs"});
}

TEST(Proposals, FirstCauseThenAllThenTheOthers) {
  const std::vector<Finding> findings{finding("A", {"train.epochs=20"}),
                                      finding("B", {"train.epochs=30", "model.hidden=32"}),
                                      finding("C", {})};
  const auto proposed = proposed_experiments(Recipe(), findings, {kBase}, kBase, 9);
  ASSERT_EQ(names_of(proposed), (Names{"remedy-A", "all-remedies", "remedy-B"}));
  // The earlier cause keeps its setting.
  EXPECT_EQ(proposed[1].patch, (Names{"train.epochs=20", "model.hidden=32"}));
  EXPECT_EQ(names_of(proposed_experiments(Recipe(), findings, {kBase}, kBase, 2)),
            (Names{"remedy-A", "all-remedies"}));
  EXPECT_TRUE(proposed_experiments(Recipe(), findings, {kBase}, kBase, 0).empty());
}

TEST(Proposals, LeaveWhatTheLeadingRecipeChanged) {
  const Experiment leading{"no-countdown", {R"(loss.tasks=["type", "ptr", "span"])"}, ""};
  const std::vector<Finding> findings{
      finding("A", {R"(loss.tasks=["span"])"}),               // the leading recipe's own
      finding("B", {"loss.countdown_target=unit"}),           // of a task that is left out
      finding("C", {"split.kind=grouped", "train.seed=5"})};  // splits are the lab's
  const auto proposed = proposed_experiments(Recipe(), findings, {kBase, leading}, leading, 9);
  ASSERT_EQ(names_of(proposed), Names{"remedy-C"});
  EXPECT_EQ(proposed[0].patch, (Names{leading.patch[0], "train.seed=5"}));
  EXPECT_NE(proposed[0].reason.find("on top of no-countdown"), std::string::npos);
}

TEST(Proposals, SettingsWithoutEffectOnOneTaskAreNotTried) {
  const Experiment leading{"span-only", {R"(loss.tasks=["span"])", "balancing.method=sum"}, ""};
  for (const char* setting :
       {"loss.countdown_delta=10", "loss.pointer_delta=0.2", "balancing.method=initial_loss",
        "balancing.sigma_start=warm", "balancing.weight_span=2"}) {
    const std::vector<Finding> findings{finding("A", {setting})};
    const Experiment alone{"alone", {leading.patch[0]}, ""};
    EXPECT_TRUE(proposed_experiments(Recipe(), findings, {kBase}, alone, 9).empty()) << setting;
    EXPECT_EQ(proposed_experiments(Recipe(), findings, {kBase}, kBase, 9).size(), 1u) << setting;
  }
  const std::vector<Finding> findings{finding("A", {"loss.span_pos_weight=3"})};
  const auto proposed = proposed_experiments(Recipe(), findings, {kBase, leading}, leading, 9);
  ASSERT_EQ(names_of(proposed), Names{"remedy-A"});
  EXPECT_EQ(proposed[0].patch,
            (Names{leading.patch[0], leading.patch[1], "loss.span_pos_weight=3"}));
}

TEST(Proposals, AllRemediesNameTheirFindings) {
  const std::vector<Finding> findings{finding("A", {"train.epochs=20"}),
                                      finding("B", {"train.epochs=20"}),
                                      finding("C", {"model.hidden=32"})};
  const auto proposed = proposed_experiments(Recipe(), findings, {kBase}, kBase, 9);
  // The remedy of B is that of A.
  ASSERT_EQ(names_of(proposed), (Names{"remedy-A", "all-remedies", "remedy-C"}));
  EXPECT_EQ(proposed[1].reason, "the first remedies of all findings together: A C");
  EXPECT_EQ(proposed[2].reason, "remedy of C: change it");
  EXPECT_EQ(proposed[2].patch, Names{"model.hidden=32"});
}

TEST(Options, ReasonsAndPatches) {
  const std::vector<Experiment> options = reported_options(Recipe());
  EXPECT_EQ(options[0].reason, "the unchanged recipe");
  EXPECT_TRUE(options[0].patch.empty());
  EXPECT_EQ(options[1].patch, Names{R"(loss.tasks=["type", "ptr", "span"])"});
  EXPECT_EQ(options[2].patch, Names{"loss.countdown_target=unit"});
  EXPECT_EQ(options[3].patch, (Names{R"(loss.tasks=["span"])", "balancing.method=sum"}));
  for (size_t i = 1; i < 5; ++i) {
    const std::string start = "option " + std::to_string(i) + " of the reported run: ";
    EXPECT_TRUE(options[i].reason.starts_with(start)) << options[i].reason;
  }
}

TEST(Proposals, SayWhatIsLeftOfARemedy) {
  const Experiment leading{"no-countdown", {R"(loss.tasks=["type", "ptr", "span"])"}, ""};
  std::vector<Finding> findings{
      finding("D2", {"loss.countdown_delta=10", "balancing.method=initial_loss"})};
  findings[0].remedies.back().action = "Widen Huber's zone and weigh each task by its first loss.";
  const auto part = proposed_experiments(Recipe(), findings, {kBase, leading}, leading, 9);
  ASSERT_EQ(part.size(), 1u);
  EXPECT_EQ(part[0].reason,
            "remedy of D2: only balancing.method=initial_loss, on top of "
            "no-countdown");
  const auto whole = proposed_experiments(Recipe(), findings, {kBase}, kBase, 9);
  ASSERT_EQ(whole.size(), 1u);
  EXPECT_EQ(whole[0].reason,
            "remedy of D2: Widen Huber's zone and weigh each task by its first loss");
}

TEST(Proposals, ThatAreKnownAreNotMadeAgain) {
  const std::vector<Finding> findings{finding("A", {"loss.countdown_target=unit"})};
  EXPECT_TRUE(
      proposed_experiments(Recipe(), findings, reported_options(Recipe()), kBase, 9).empty());
}

TEST(Experiment, OfARecipeKeepsWhatIsTheBases) {
  Recipe base;
  base.data.window = 30;
  base.train.seed = 7;
  const Experiment e = experiment_of("detector", recommended_recipe(), base, "why");
  const Recipe patched_base = patched(base, e.patch);
  EXPECT_EQ(patched_base.data.window, 30);
  EXPECT_EQ(patched_base.train.seed, 7);
  EXPECT_EQ(patched_base.split.kind, base.split.kind);
  EXPECT_EQ(patched_base.data.features, recommended_recipe().data.features);
  EXPECT_EQ(patched_base.model.span_head, SpanHead::semi_markov);
  EXPECT_TRUE(experiment_of("same", base, base, "").patch.empty());
}

}  // namespace
}  // namespace spanlab
