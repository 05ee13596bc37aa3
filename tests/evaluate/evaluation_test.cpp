// Evaluation of hand-made answers, each figure computed a second time by plain code.
#include "spanlab/evaluate/evaluation_sets.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <set>
#include <string>
#include <vector>

#include "tests/evaluate/made_answers.h"
#include "tests/evaluate/plain_scores.h"

namespace spanlab::test {
namespace {

constexpr int kDraws = 60;

double value(const std::vector<Interval>& metrics, Metric metric) {
  return metrics.at(static_cast<size_t>(metric)).value;
}

/// The figures that plain code has too, for scores of the test windows.
void expect_figures(const std::vector<Interval>& metrics, std::span<const float> probability,
                    std::span<const float> mask, double threshold, const std::string& what) {
  const BarCounts chosen = plain_counts(probability, mask, threshold);
  EXPECT_NEAR(value(metrics, Metric::f1), chosen.f1(), 1e-9) << what;
  EXPECT_NEAR(value(metrics, Metric::recall), chosen.recall(), 1e-9) << what;
  if (chosen.predicted > 0) {
    EXPECT_NEAR(value(metrics, Metric::precision), chosen.precision(), 1e-9) << what;
  }
  EXPECT_NEAR(value(metrics, Metric::f1_at_half), plain_counts(probability, mask, 0.5).f1(), 1e-9)
      << what;
  EXPECT_NEAR(value(metrics, Metric::average_precision), plain_average_precision(probability, mask),
              1e-9)
      << what;
  EXPECT_NEAR(value(metrics, Metric::brier), plain_brier(probability, mask), 1e-6) << what;
}

void expect_same(const std::vector<Interval>& a, const std::vector<Interval>& b,
                 const std::string& what) {
  ASSERT_EQ(a.size(), b.size()) << what;
  const auto same = [](double x, double y) {
    return std::isnan(x) ? std::isnan(y) : std::abs(x - y) < 1e-12;
  };
  for (size_t m = 0; m < a.size(); ++m) {
    EXPECT_TRUE(same(a[m].value, b[m].value) && same(a[m].low, b[m].low) &&
                same(a[m].high, b[m].high))
        << what << ", " << metric_table()[m].name;
    EXPECT_FALSE(a[m].low > a[m].high) << what;
  }
}

/// The tested windows of an evaluation with a predictor's scores.
ScoredWindows scored(const Evaluation& e, const std::vector<float>& probability) {
  return {e.windows, e.length, probability, e.mask, e.group};
}

void expect_trivial_table(const Evaluation& e, const std::vector<float>& train_mask) {
  std::vector<std::string> names;
  for (const Judged& trivial : e.trivial) {
    names.push_back(trivial.name);
    EXPECT_FALSE(trivial.description.empty()) << trivial.name;
    ASSERT_EQ(trivial.train_scores.size(), train_mask.size()) << trivial.name;
    ASSERT_EQ(trivial.test_scores.size(), e.mask.size()) << trivial.name;
    // Trivial predictors are tuned on training windows, whatever the model's threshold is from.
    EXPECT_NEAR(trivial.threshold, plain_threshold(trivial.train_scores, train_mask), 1e-6)
        << trivial.name;
    expect_figures(trivial.metrics, trivial.test_scores, e.mask, trivial.threshold, trivial.name);
    expect_same(trivial.metrics,
                metric_intervals(scored(e, trivial.test_scores), trivial.threshold, kEvaluationSeed,
                                 kDraws),
                trivial.name);
    expect_same(trivial.gain,
                metric_differences(scored(e, e.model.test_scores), e.model.threshold,
                                   scored(e, trivial.test_scores), trivial.threshold,
                                   kEvaluationSeed, kDraws),
                "gain over " + trivial.name);
    for (const Metric m : {Metric::average_precision, Metric::f1, Metric::brier}) {
      EXPECT_NEAR(value(trivial.gain, m), value(e.model.metrics, m) - value(trivial.metrics, m),
                  1e-12)
          << trivial.name;
    }
  }
  EXPECT_EQ(names, (std::vector<std::string>{"all_positive", "base_rate", "position_prior", "range",
                                             "momentum", "logistic"}));
  for (const float score : e.trivial[0].test_scores) EXPECT_EQ(score, 1.0F);
  const double rate = std::accumulate(train_mask.begin(), train_mask.end(), 0.0) /
                      static_cast<double>(train_mask.size());
  for (const float score : e.trivial[1].test_scores) EXPECT_NEAR(score, rate, 1e-6);
}

/// What an evaluation of `windows` must say, whatever they are.
void expect_evaluation(const Evaluation& e, const MadeAnswers& made,
                       const std::vector<Window>& windows, const std::vector<int>& chosen,
                       const Predictions& tested, const Predictions& threshold_from) {
  const std::vector<float> mask = plain_mask(windows, chosen, made.length());
  const std::vector<float> train_mask =
      plain_mask(made.data.windows, made.data.split.train, made.length());
  const std::vector<float> other_mask =
      plain_mask(made.data.windows, threshold_from.windows, made.length());
  EXPECT_EQ(e.windows, static_cast<int>(chosen.size()));
  EXPECT_EQ(e.length, made.length());
  EXPECT_EQ(e.train_windows, static_cast<int>(made.data.split.train.size()));
  EXPECT_EQ(e.spans, plain_spans(windows, chosen));
  EXPECT_EQ(e.mask, mask);
  EXPECT_EQ(e.train_mask, train_mask);
  const double inside = std::accumulate(mask.begin(), mask.end(), 0.0);
  EXPECT_EQ(e.positives, static_cast<int64_t>(inside));
  EXPECT_NEAR(e.base_rate(), inside / static_cast<double>(mask.size()), 1e-12);

  EXPECT_EQ(e.model.name, "model");
  EXPECT_EQ(e.model.test_scores, tested.output.span);
  EXPECT_EQ(e.model.train_scores, made.train.output.span);
  EXPECT_NEAR(e.model.threshold, plain_threshold(threshold_from.output.span, other_mask), 1e-6);
  expect_figures(e.model.metrics, tested.output.span, mask, e.model.threshold, "model");
  expect_same(
      e.model.metrics,
      metric_intervals(scored(e, e.model.test_scores), e.model.threshold, kEvaluationSeed, kDraws),
      "model");
  EXPECT_TRUE(e.model.gain.empty());
  expect_trivial_table(e, train_mask);
}

/// Tasks beside their levels: constants of the training windows on the tested ones.
void expect_tasks(const TaskMetrics& tasks, const MadeAnswers& made, const Dataset& dataset,
                  const std::vector<int>& chosen, const Predictions& tested) {
  const auto centers = [&](const Dataset& d, const std::vector<int>& windows) {
    std::vector<double> all;
    for (const int w : windows) {
      if (d.labelled[static_cast<size_t>(w)] == 0) continue;
      all.push_back(static_cast<double>(d.pointers[2 * static_cast<size_t>(w)]) * made.length());
    }
    return all;
  };
  const std::vector<double> truth = centers(dataset, chosen);
  std::vector<double> trained = centers(made.data.dataset, made.data.split.train);
  std::sort(trained.begin(), trained.end());
  const double median = (trained[(trained.size() - 1) / 2] + trained[trained.size() / 2]) / 2;
  double error = 0, level = 0, right = 0;
  size_t k = 0;
  for (size_t i = 0; i < chosen.size(); ++i) {
    const auto w = static_cast<size_t>(chosen[i]);
    if (dataset.labelled[w] == 0) continue;
    error +=
        std::abs(static_cast<double>(tested.output.pointers[2 * i]) * made.length() - truth[k]);
    level += std::abs(median - truth[k]);
    ++k;
    const float* logits = tested.output.logits.data() + kTypeClasses * i;
    right += std::max_element(logits, logits + kTypeClasses) - logits == dataset.type[w];
  }
  const auto count = static_cast<double>(k);
  EXPECT_EQ(tasks.windows, static_cast<int>(k));
  EXPECT_NEAR(tasks.center_error, error / count, 1e-6);
  EXPECT_NEAR(tasks.center_level, level / count, 1e-6);
  EXPECT_NEAR(tasks.type_accuracy, right / count, 1e-9);
}

TEST(EvaluationOnValidationWindows, HasTheFiguresOfPlainCode) {
  const MadeAnswers& made = made_answers();
  const EvaluationSets sets = made.validation();
  const Evaluation e = evaluate(sets, kDraws);
  EXPECT_EQ(e.tested_on, "the run's validation windows");
  EXPECT_EQ(e.threshold_from, "its training windows");
  const std::vector<int>& chosen = made.data.split.validation;
  expect_evaluation(e, made, made.data.windows, chosen, made.validated, made.train);
  expect_tasks(e.tasks, made, made.data.dataset, chosen, made.validated);
  // No two made-up windows share a bar but the last two, which are one group.
  EXPECT_EQ(e.groups, static_cast<int>(chosen.size()) - 1);
  EXPECT_EQ(std::set(e.group.begin(), e.group.end()).size(), chosen.size() - 1);
  EXPECT_NEAR(e.chance.average_precision, e.base_rate(), 1e-12);
  EXPECT_NEAR(e.chance.f1_all_positive, 2 * e.base_rate() / (1 + e.base_rate()), 1e-12);
}

TEST(EvaluationOnAHeldOutStretch, HasTheFiguresOfPlainCode) {
  const MadeAnswers& made = made_answers();
  const Evaluation e = evaluate(made.held_out_sets(), kDraws);
  EXPECT_EQ(e.tested_on, "a held-out stretch, from row " + std::to_string(made.stretch.first_row) +
                             " of the bars on");
  EXPECT_EQ(e.threshold_from, "the run's validation windows");
  expect_evaluation(e, made, made.stretch.windows, made.stretch.chosen, made.held_out,
                    made.validated);
  expect_tasks(e.tasks, made, made.stretch.dataset, made.stretch.chosen, made.held_out);
  EXPECT_EQ(e.groups, e.windows);
  EXPECT_NEAR(e.chance.average_precision, e.base_rate(), 1e-12);
}

TEST(EvaluationOnAHeldOutStretch, WithoutValidationTheThresholdIsFromTrainingWindows) {
  const MadeAnswers& made = made_answers();
  MadeAnswers without = made;
  without.validated = Predictions{};
  const Evaluation e = evaluate(without.held_out_sets(), kDraws);
  EXPECT_EQ(e.threshold_from, "its training windows");
  EXPECT_NEAR(e.model.threshold,
              plain_threshold(made.train.output.span,
                              plain_mask(made.data.windows, made.train.windows, made.length())),
              1e-6);
}

TEST(EvaluationOfSomeTasks, LeavesEachOtherOneOut) {
  for (const Task left_out : {Task::type, Task::ptr, Task::countdown}) {
    MadeAnswers made = made_answers();
    made.recipe.loss.tasks = {Task::type, Task::ptr, Task::span, Task::countdown};
    std::erase(made.recipe.loss.tasks, left_out);
    const TaskMetrics tasks = evaluate(made.validation(), 5).tasks;
    EXPECT_EQ(std::isnan(tasks.type_accuracy), left_out == Task::type);
    EXPECT_EQ(std::isnan(tasks.center_error), left_out == Task::ptr);
    EXPECT_EQ(std::isnan(tasks.length_error), left_out == Task::ptr);
    EXPECT_EQ(std::isnan(tasks.countdown_error), left_out == Task::countdown);
  }
}

TEST(EvaluationDraws, AreThoseOfTheModel) {
  const MadeAnswers& made = made_answers();
  const EvaluationSets sets = made.held_out_sets();
  const Evaluation e = evaluate(sets, kDraws);
  expect_same(intervals_of(draw_model(sets, kEvaluationSeed, kDraws)), e.model.metrics, "draws");
  const std::vector<Interval> other = intervals_of(draw_model(sets, 2, kDraws));
  EXPECT_EQ(other[0].value, e.model.metrics[0].value);
  EXPECT_NE(other[0].low, e.model.metrics[0].low);
}

TEST(EvaluationWithoutLabels, HasAThresholdOfOneHalf) {
  MadeAnswers made = made_answers();
  std::fill(made.data.dataset.mask.begin(), made.data.dataset.mask.end(), 0.0F);
  for (Window& window : made.data.windows) window.spans.clear();
  const Evaluation e = evaluate(made.validation(), 5);
  EXPECT_EQ(e.model.threshold, 0.5);
  EXPECT_EQ(e.positives, 0);
  EXPECT_EQ(e.base_rate(), 0);
}

TEST(StrongestTrivial, HasTheHighestAveragePrecision) {
  Evaluation evaluation;
  EXPECT_EQ(evaluation.strongest_trivial(), nullptr);
  const double kNan = std::numeric_limits<double>::quiet_NaN();
  for (const double value : {0.1, kNan, 0.4, 0.3}) {
    Judged judged;
    judged.metrics.resize(kMetricCount);
    judged.metrics[static_cast<size_t>(Metric::average_precision)].value = value;
    judged.metrics[static_cast<size_t>(Metric::f1)].value = 1 - value;
    evaluation.trivial.push_back(judged);
  }
  evaluation.trivial.emplace_back();  // without metrics
  EXPECT_EQ(evaluation.strongest_trivial(), &evaluation.trivial[2]);
  evaluation.trivial.erase(evaluation.trivial.begin() + 2, evaluation.trivial.end());
  evaluation.trivial.erase(evaluation.trivial.begin());
  EXPECT_EQ(evaluation.strongest_trivial(), nullptr);
}

}  // namespace
}  // namespace spanlab::test
