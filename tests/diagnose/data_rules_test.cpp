// Rules of data and labels: each fires on its fault, with the right numbers, and on nothing else.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include "tests/diagnose/fired.h"
#include "tests/real_data.h"
#include "tests/reported_tables.h"

namespace spanlab::test {
namespace {

// The dataset and split anew, after windows or recipe have changed.
void rebuild(RunEvidence& evidence) {
  RunData& data = *evidence.data;
  const Recipe& recipe = *evidence.recipe;
  data.dataset =
      build_dataset(data.series(), data.windows, recipe.data, recipe.loss.countdown_target);
}

FeatureStatsRow* last_row_of(RunRecord& record, const std::string& feature) {
  const auto found = std::find_if(record.feature_stats.rbegin(), record.feature_stats.rend(),
                                  [&](const FeatureStatsRow& row) {
                                    return row.feature_name == feature && row.phase == Phase::train;
                                  });
  return found == record.feature_stats.rend() ? nullptr : &*found;
}

TEST(Features, FireByWhatIsWrongWithThem) {
  RunEvidence evidence = healthy_evidence();
  EXPECT_FALSE(fired("D1", evidence));
  last_row_of(evidence.record, "body_pct")->values.std = 0.3;
  EXPECT_EQ(fired("D1", evidence)->severity, Severity::note);

  last_row_of(evidence.record, "open_norm")->values.std = 0.0;
  auto found = fired("D1", evidence);
  EXPECT_EQ(found->severity, Severity::medium);
  ASSERT_FALSE(found->remedies.empty());
  ASSERT_EQ(found->remedies[0].patch.size(), 1u);
  EXPECT_EQ(found->remedies[0].patch[0].find("open_norm"), std::string::npos);
  EXPECT_NE(found->remedies[0].patch[0].find("close_norm"), std::string::npos);

  last_row_of(evidence.record, "range_z")->values.mean = 2000.0;
  found = fired("D1", evidence);
  EXPECT_EQ(found->severity, Severity::medium);
  EXPECT_EQ(found->remedies[0].patch[0].find("range_z"), std::string::npos);

  last_row_of(evidence.record, "range_z")->values.mean = std::numeric_limits<double>::infinity();
  EXPECT_EQ(fired("D1", evidence)->severity, Severity::high);
}

TEST(TargetScale, IsFoundInClippedCountdowns) {
  RunEvidence evidence = whole_evidence();
  EXPECT_NE(fired("D2", evidence).value_or(Finding{}).severity, Severity::high);
  evidence.recipe->loss.countdown_target = CountdownTarget::clipped;
  evidence.recipe->balancing.method = Balancing::uncertainty;
  rebuild(evidence);
  auto found = fired("D2", evidence);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->severity, Severity::high);
  EXPECT_DOUBLE_EQ(value_of(found, "largest countdown target"), 20.0);
  EXPECT_GT(value_of(found, "countdown over pointer standard deviation"), 40.0);
  EXPECT_TRUE(proposes(found, "loss.countdown_target=unit"));
  evidence.recipe->balancing.method = Balancing::initial_loss;
  EXPECT_EQ(fired("D2", evidence)->severity, Severity::medium);
  evidence.recipe->loss.tasks = {Task::span};
  EXPECT_FALSE(fired("D2", evidence));
}

TEST(TargetScale, IsReadOffTheLossesWhereThereAreOnlyTables) {
  RunEvidence evidence;
  evidence.record = reported_record();
  const auto found = fired("D2", evidence);
  ASSERT_TRUE(found);
  EXPECT_NEAR(value_of(found, "countdown loss over the next largest"), 16.12 / 1.08, 1e-9);
  evidence.record = healthy_record();
  EXPECT_FALSE(fired("D2", evidence));
}

TEST(SaturatedTargets, AreCounted) {
  RunEvidence evidence = whole_evidence();
  const RunData& data = *evidence.data;
  double bars = 0, limit = 0;
  for (const int w : data.split.train) {
    for (int t = 0; t < data.dataset.length; ++t) {
      bars += 1;
      limit += std::abs(data.windows[static_cast<size_t>(w)].spans[0].start - t) >= 20 ? 1 : 0;
    }
  }
  const auto found = fired("D3", evidence);
  ASSERT_TRUE(found);
  EXPECT_NEAR(value_of(found, "countdown targets at the limit"), 100.0 * limit / bars, 1e-9);
  EXPECT_TRUE(proposes(found, "loss.countdown_target=masked"));
  evidence.recipe->loss.countdown_target = CountdownTarget::masked;
  rebuild(evidence);
  EXPECT_FALSE(fired("D3", evidence));
}

TEST(Classes, OneTypeOnlyAndNoSpan) {
  RunEvidence evidence = whole_evidence();
  const auto rare = fired("D4", evidence);
  EXPECT_TRUE(!rare || rare->severity == Severity::note);
  for (Window& w : evidence.data->windows) w.spans[0].type = SpanType::consolidation;
  rebuild(evidence);
  auto found = fired("D4", evidence);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->severity, Severity::medium);
  EXPECT_EQ(value_of(found, "training windows of the rarer type"), 0.0);
  for (Window& w : evidence.data->windows) w.spans.clear();
  rebuild(evidence);
  found = fired("D4", evidence);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->severity, Severity::high);
}

TEST(SharedWindows, LeaksAndContradictions) {
  RunEvidence evidence = whole_evidence();
  EXPECT_FALSE(fired("D5", evidence));
  RunData& data = *evidence.data;
  const auto trained = static_cast<size_t>(data.split.train[0]);
  // A validation window that is a training window, 10 bars later, with its span elsewhere.
  Window copy = data.windows[trained];
  copy.id += "_again";
  copy.first_row += 10;
  data.windows.push_back(copy);
  rebuild(evidence);
  data.split.validation.push_back(static_cast<int>(data.windows.size()) - 1);
  const auto found = fired("D5", evidence);
  ASSERT_TRUE(found);
  const auto validation = static_cast<double>(data.split.validation.size());
  EXPECT_NEAR(value_of(found, "validation windows that share bars with training"),
              100.0 / validation, 1e-9);
  EXPECT_EQ(value_of(found, "pairs of windows with different labels"), 1.0);
  EXPECT_TRUE(proposes(found, "split.kind=grouped"));
}

TEST(SharedWindows, Repeated) {
  RunEvidence evidence = whole_evidence();
  RunData& data = *evidence.data;
  data.windows.push_back(data.windows[static_cast<size_t>(data.split.train[0])]);
  data.windows.back().id += "_again";
  rebuild(evidence);
  data.split.train.push_back(static_cast<int>(data.windows.size()) - 1);
  const auto found = fired("D5", evidence);
  ASSERT_TRUE(found);
  EXPECT_EQ(value_of(found, "windows that repeat another"), 1.0);
}

TEST(Sample, FewGroupsAndFewValidationSpans) {
  RunEvidence evidence = whole_evidence();
  EXPECT_FALSE(fired("D6", evidence));
  RunData& data = *evidence.data;
  const int groups = data.split.groups;
  data.split.groups = groups / 2;
  auto found = fired("D6", evidence);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->severity, Severity::medium);
  EXPECT_EQ(value_of(found, "groups"), groups / 2);
  const auto gains = [&](double gain) {
    evidence.evaluation->model.metrics[static_cast<size_t>(Metric::average_precision)].value =
        evidence.evaluation->base_rate() + gain;
    return fired("D6", evidence)->explanation;
  };
  EXPECT_NE(gains(0.25).find("Average precision is 0.250 above the base rate"), std::string::npos);
  EXPECT_NE(gains(-0.01).find("Average precision is 0.010 below the base rate"), std::string::npos);
  EXPECT_NE(gains(-1e-5).find("Average precision is level with the base rate"), std::string::npos);
  const auto asks_for_more = [&](double validation) {
    evidence.recipe->split.validation = validation;
    const std::vector<Remedy> remedies = fired("D6", evidence)->remedies;
    return std::any_of(remedies.begin(), remedies.end(), [](const Remedy& r) {
      return r.patch == std::vector<std::string>{"split.validation=0.2"};
    });
  };
  EXPECT_TRUE(asks_for_more(0.19));
  EXPECT_FALSE(asks_for_more(0.2));  // what it would propose
  data.split.groups = groups;
  data.split.validation.resize(2);
  found = fired("D6", evidence);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->severity, Severity::high);
  EXPECT_EQ(value_of(found, "distinct validation spans"), 2.0);
  data.split.validation.clear();
  evidence.evaluation.reset();
  found = fired("D6", evidence);
  ASSERT_TRUE(found);
  EXPECT_NE(found->explanation.find("There are no validation windows"), std::string::npos);
}

TEST(LookAlikes, AppearWhereLabelsAreTakenAway) {
  // Windows that hold two expansions each, of which one label is kept.
  RunEvidence evidence = whole_evidence();
  RunData& data = *evidence.data;
  Labelled labelled = data.source.labelled();
  std::vector<double>& close = labelled.bars.close;
  for (Window& w : data.windows) {
    Window& next =
        data.windows[(static_cast<size_t>(&w - data.windows.data()) + 1) % data.windows.size()];
    if (&next == &w) continue;
    // The bars of the next window's span, drawn into this window away from its own span.
    const int from = next.spans[0].start, length = next.spans[0].end - from + 1;
    const int to = w.spans[0].start > 50 ? 12 : 80;
    const double shift = close[static_cast<size_t>(w.first_row + to - 1)] -
                         close[static_cast<size_t>(next.first_row + from - 1)];
    double last = 0;
    for (int i = 0; i < length; ++i) {
      last = close[static_cast<size_t>(next.first_row + from + i)] + shift;
      close[static_cast<size_t>(w.first_row + to + i)] = last;
    }
  }
  data.source = TrainingData(labelled);
  const auto found = fired("L1", evidence);
  ASSERT_TRUE(found);
  EXPECT_GT(value_of(found, "look-alikes for each labelled span"), 0.25);
  EXPECT_LT(value_of(found, "labelled bars"), 15.0);
}

TEST(Places, EvenOnesAreNoFinding) {
  EXPECT_FALSE(fired("L2", whole_evidence()));
}

TEST(RealData, OfTheReportedRunHasItsFaults) {
  Recipe recipe;
  const LabelledFiles files{kBars, kWindows};
  RunEvidence evidence;
  evidence.recipe = recipe;
  evidence.data = prepare(recipe, TrainingData(read_labelled(files, recipe.data.window)));

  const auto scale = fired("D2", evidence);
  ASSERT_TRUE(scale);
  EXPECT_EQ(scale->severity, Severity::high);
  EXPECT_NEAR(value_of(fired("D3", evidence), "countdown targets at the limit"), 65.0, 3.0);
  const auto leak = fired("D5", evidence);
  ASSERT_TRUE(leak);
  EXPECT_EQ(leak->severity, Severity::high);
  EXPECT_EQ(value_of(fired("D6", evidence), "groups"), 80.0);
  const auto alike = fired("L1", evidence);
  ASSERT_TRUE(alike);
  EXPECT_NEAR(value_of(alike, "labelled bars"), 6.1, 0.1);
  EXPECT_NEAR(value_of(alike, "bars that the hindsight rule marks"), 11.4, 0.1);
}

}  // namespace
}  // namespace spanlab::test
