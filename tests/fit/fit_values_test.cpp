// What a fitted detector contains, recomputed by plain code from the folders of its folds and
// members.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <memory>

#include "spanlab/base/version.h"
#include "spanlab/evaluate/evaluation_sets.h"
#include "spanlab/fit/fit_shared.h"
#include "spanlab/metrics/segment_scores.h"
#include "spanlab/windows/groups.h"
#include "tests/evaluate/run_values.h"
#include "tests/train/small_run.h"

namespace spanlab {
namespace {

constexpr int kFolds = 3, kMembers = 2;
constexpr int64_t kBarMs = 300'000;

/// Bars of five minutes; one window that shares its base window with another; and two spans of
/// which a window's edge leaves a single bar.
TrainingData make_special(SmallData& data) {
  Bars& series = data.bars;
  for (int64_t row = 0; row < series.size(); ++row) {
    series.time_ms[static_cast<size_t>(row)] = row * kBarMs;
  }
  series.bar_ms = kBarMs;
  const int64_t begin = data.windows[0].first_row, end = data.windows[5].first_row + 29;
  Window shifted = data.windows[0];
  shifted.id += "_+3";
  shifted.offset = 3;
  shifted.first_row += 3;
  shifted.spans[0].start -= 3;
  shifted.spans[0].end -= 3;
  data.windows.push_back(shifted);
  return data.with_spans({{begin - 7, begin, Direction::up, SpanType::consolidation, 1},
                          {end, end + 7, Direction::up, SpanType::consolidation, 1}});
}

FitConfig config_of(const SmallData& data) {
  FitConfig config;
  config.recipe = small_detector_recipe(6);
  config.recipe.train.rate.peak = 0.01;
  config.recipe.train.seed = 11;
  config.recipe.split.seed = 5;
  config.folder = data.out("fit");
  config.folds = kFolds;
  config.members = kMembers;
  config.stride = 5;
  config.delays = {0, 10, 25};
  config.default_delay = 10;
  return config;
}

/// A fit and all that it was made from, read anew.
class FitValues : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    data_ = std::make_unique<SmallData>();
    const TrainingData inputs = make_special(*data_);
    config_ = config_of(*data_);
    add_held_out();
    const auto result = fit_detector(config_, inputs, Job{.threads = 2});
    result_ = result;
    for (int i = 0; i < kFolds; ++i) read_fold(i);
    for (int i = 0; i < kMembers; ++i) {
      const std::string name = "member-" + std::to_string(i + 1) + "-";
      members_.push_back(gather_run(run_folder(config_.folder / "runs", name), 1));
      ASSERT_TRUE(members_.back().model);
    }
    stretch_ = held_out_data(config_.recipe, seen(), *config_.held_out);
  }
  static void TearDownTestSuite() {
    data_.reset();
    folds_.clear();
    fold_runs_.clear();
    members_.clear();
  }

  static void add_held_out() {
    int64_t end = 0;
    for (const Window& window : data_->windows) end = std::max(end, window.first_row + 30);
    std::vector<Span> spans;
    for (int64_t row = end + 40; row + 50 < 6000 && spans.size() < 30; row += 43) {
      spans.push_back({row, row + 6, Direction::up, SpanType::consolidation, 1});
    }
    ASSERT_GE(spans.size(), 3u);
    config_.held_out = HeldOut{spans, end + 7};
  }

  static void read_fold(int fold) {
    const std::string name = "fold-" + std::to_string(fold + 1) + "-";
    RunEvidence run = gather_run(run_folder(config_.folder / "runs", name), 1);
    ASSERT_TRUE(run.model);
    folds_.push_back(
        {run.model->parameters, run.model->validation.windows, run.model->validation.output.span});
    fold_runs_.push_back(std::move(run));
  }

  /// What the members learned from.
  static const RunData& seen() { return *members_.front().data; }

  /// The folds' windows with the given probabilities and the groups of the windows.
  static ScoredBars out_of_fold(const std::vector<float>& probability) {
    std::vector<int> windows;
    for (const FoldModel& fold : folds_) {
      windows.insert(windows.end(), fold.windows.begin(), fold.windows.end());
    }
    ScoredBars bars = bars_of(seen().dataset, windows, probability);
    const Groups groups = group_windows(seen().windows, seen().dataset.length);
    for (size_t i = 0; i < windows.size(); ++i) {
      bars.group[i] = groups.of[static_cast<size_t>(windows[i])];
    }
    return bars;
  }

  static ScoredBars out_of_fold() {
    std::vector<float> probability;
    for (const FoldModel& fold : folds_) {
      probability.insert(probability.end(), fold.probability.begin(), fold.probability.end());
    }
    return out_of_fold(probability);
  }

  static ScoredBars delayed(int delay) {
    return out_of_fold(delayed_probabilities(folds_, seen(), result_.detector, delay, 1));
  }

  /// Of one member on the held-out windows.
  static std::vector<float> said_by(const RunEvidence& member) {
    return predict(config_.recipe.model, config_.recipe.train.batch, stretch_.dataset,
                   member.model->parameters, stretch_.chosen, 1)
        .output.span;
  }

  static inline std::unique_ptr<SmallData> data_;
  static inline FitConfig config_;
  static inline FitResult result_;
  static inline std::vector<FoldModel> folds_;
  static inline std::vector<RunEvidence> fold_runs_, members_;
  static inline HeldOutWindows stretch_;
};

TEST_F(FitValues, FoldsShareOutTheWindows) {
  std::vector<int> windows;
  for (int i = 0; i < kFolds; ++i) {
    const Recipe& recipe = *fold_runs_[static_cast<size_t>(i)].recipe;
    EXPECT_EQ(recipe.split.kind, SplitKind::kfold);
    EXPECT_EQ(recipe.split.folds, kFolds);
    EXPECT_EQ(recipe.split.fold, i);
    EXPECT_EQ(recipe.split.seed, 5);
    EXPECT_EQ(recipe.train.seed, 11);
    EXPECT_EQ(recipe.record.diagnostics_every, 0);
    const std::vector<int>& own = folds_[static_cast<size_t>(i)].windows;
    windows.insert(windows.end(), own.begin(), own.end());
  }
  std::sort(windows.begin(), windows.end());
  ASSERT_EQ(windows.size(), 25u);
  for (int i = 0; i < 25; ++i) EXPECT_EQ(windows[static_cast<size_t>(i)], i);
  EXPECT_EQ(result_.windows, 25);
  const Groups groups = group_windows(seen().windows, 30);
  EXPECT_LT(groups.count, 25);
  EXPECT_EQ(result_.groups, groups.count);
}

TEST_F(FitValues, MembersLearnFromAllWindowsWithSeedsOfTheirOwn) {
  ASSERT_EQ(result_.detector.members.size(), static_cast<size_t>(kMembers));
  for (size_t i = 0; i < kMembers; ++i) {
    const Recipe& recipe = *members_[i].recipe;
    EXPECT_EQ(recipe.split.validation, 0);
    EXPECT_EQ(recipe.split.kind, SplitKind::grouped);
    EXPECT_EQ(recipe.train.seed, 11 + static_cast<int64_t>(i));
    EXPECT_EQ(recipe.record.diagnostics_every, 0);
    EXPECT_EQ(members_[i].model->train.windows.size(), 25u);
    EXPECT_EQ(result_.detector.members[i], members_[i].model->parameters);
  }
}

TEST_F(FitValues, InputsAreMeanAndDeviationOfEveryFeature) {
  const Dataset& dataset = seen().dataset;
  const auto features = static_cast<size_t>(dataset.features);
  const size_t bars = dataset.input.size() / features;
  ASSERT_EQ(bars, 25u * 30u);
  ASSERT_EQ(result_.detector.inputs.size(), features);
  for (size_t f = 0; f < features; ++f) {
    double sum = 0, squares = 0;
    for (size_t i = 0; i < bars; ++i) sum += double{dataset.input[i * features + f]};
    const double mean = sum / static_cast<double>(bars);
    for (size_t i = 0; i < bars; ++i) {
      squares += std::pow(double{dataset.input[i * features + f]} - mean, 2);
    }
    const double deviation = std::sqrt(squares / static_cast<double>(bars));
    EXPECT_NEAR(result_.detector.inputs[f].mean, mean, 1e-9) << f;
    EXPECT_NEAR(result_.detector.inputs[f].deviation, deviation, 1e-9) << f;
  }
}

TEST_F(FitValues, ShortestSpanIsOneThatNoEdgeCuts) {
  int shortest = 30;
  std::vector<WindowSpan> cut_spans;
  for (const Window& window : seen().windows) {
    for (const WindowSpan& span : window.spans) {
      if (span.start == 0 || span.end == 29) {
        cut_spans.push_back(span);
      } else {
        shortest = std::min(shortest, span.end - span.start + 1);
      }
    }
  }
  const auto has = [&](int bar) {
    return std::any_of(cut_spans.begin(), cut_spans.end(),
                       [&](const WindowSpan& s) { return s.start == bar && s.end == bar; });
  };
  ASSERT_TRUE(has(0) && has(29));
  ASSERT_GT(shortest, 1);
  EXPECT_EQ(result_.detector.shortest, shortest);
}

TEST_F(FitValues, FactsAreThoseOfTheConfigurationAndTheData) {
  const Detector& detector = result_.detector;
  EXPECT_EQ(detector.bar_ms, kBarMs);
  EXPECT_EQ(detector.stride, 5);
  EXPECT_EQ(detector.default_delay, 10);
  EXPECT_EQ(recipe_text(detector.recipe), recipe_text(config_.recipe));
  EXPECT_EQ(detector.data_hash, seen().hash);
  EXPECT_EQ(detector.version, version());
}

TEST_F(FitValues, FileIsTheDetector) {
  const Detector& detector = result_.detector;
  const Detector read = read_detector(detector_file(config_.folder));
  EXPECT_EQ(detector_file(config_.folder), config_.folder / "detector.safetensors");
  EXPECT_EQ(read.members, detector.members);
  EXPECT_EQ(read.calibration, detector.calibration);
  EXPECT_EQ(read.delays, detector.delays);
  EXPECT_EQ(read.points, detector.points);
  EXPECT_EQ(read.inputs, detector.inputs);
  EXPECT_EQ(read.shortest, detector.shortest);
  EXPECT_EQ(read.stride, detector.stride);
  EXPECT_EQ(read.default_delay, detector.default_delay);
  EXPECT_EQ(read.bar_ms, detector.bar_ms);
  EXPECT_EQ(read.data_hash, detector.data_hash);
  EXPECT_EQ(recipe_text(read.recipe), recipe_text(detector.recipe));
}

TEST_F(FitValues, CalibrationIsFittedOutOfFold) {
  const ScoredBars bars = out_of_fold();
  EXPECT_EQ(result_.detector.calibration, fit_calibration(bars.probability, bars.mask));
}

TEST_F(FitValues, FiguresOfTheFoldsAreAtTheirThresholdOfBestF1) {
  const ScoredBars bars = out_of_fold();
  const Counts counts = counts_at(bars, result_.threshold);
  EXPECT_DOUBLE_EQ(counts.f1(), highest_f1(bars));
  const auto value = [](Metric m) { return result_.folds[static_cast<size_t>(m)].value; };
  EXPECT_DOUBLE_EQ(value(Metric::f1), counts.f1());
  EXPECT_DOUBLE_EQ(value(Metric::precision), counts.precision());
  EXPECT_DOUBLE_EQ(value(Metric::recall), counts.recall());
  EXPECT_DOUBLE_EQ(result_.threshold, best_f1_threshold(bars.scored()));
  expect_same_intervals(result_.folds,
                        metric_intervals(bars.scored(), result_.threshold, kEvaluationSeed));
}

TEST_F(FitValues, EveryDelayHasAThresholdAndFiguresOfItsOwn) {
  ASSERT_EQ(result_.detector.delays.size(), config_.delays.size());
  for (size_t i = 0; i < config_.delays.size(); ++i) {
    const DelayRow& row = result_.detector.delays[i];
    EXPECT_EQ(row.delay, config_.delays[i]);
    const ScoredBars bars = delayed(row.delay);
    const Counts counts = counts_at(bars, row.threshold);
    EXPECT_DOUBLE_EQ(row.f1, highest_f1(bars));
    EXPECT_DOUBLE_EQ(row.f1, counts.f1());
    EXPECT_DOUBLE_EQ(row.precision, counts.precision());
    EXPECT_DOUBLE_EQ(row.recall, counts.recall());
    EXPECT_NE(row.precision, row.recall) << "a swap would not show";
    EXPECT_DOUBLE_EQ(row.threshold, best_f1_threshold(bars.scored()));
    const std::vector<double> values = metric_values(bars.scored(), row.threshold);
    EXPECT_DOUBLE_EQ(row.average_precision, values[static_cast<size_t>(Metric::average_precision)]);
    EXPECT_NE(bars.probability, out_of_fold().probability) << "delay " << row.delay;
  }
}

TEST_F(FitValues, OperatingPointsAreOfTheDefaultDelay) {
  const ScoredBars bars = delayed(config_.default_delay);
  const double days = 25 * 30 * static_cast<double>(kBarMs) / (24 * 3600 * 1000.0);
  ASSERT_FALSE(result_.detector.points.empty());
  for (const OperatingPoint& point : result_.detector.points) {
    double detections = 0, hits = 0, predicted = 0;
    const double inside = counts_at(bars, 0).inside;
    for (size_t w = 0; w < 25; ++w) {
      const std::span<const float> window = std::span(bars.probability).subspan(w * 30, 30);
      for (const BarSegment& run : segments_above(window, point.threshold)) {
        if (run.length() < result_.detector.shortest) continue;
        ++detections;
        for (int t = run.start; t <= run.end; ++t) {
          ++predicted;
          hits += double{bars.mask[w * 30 + static_cast<size_t>(t)]};
        }
      }
    }
    EXPECT_DOUBLE_EQ(point.per_day, detections / days) << point.threshold;
    EXPECT_DOUBLE_EQ(point.precision, hits / predicted) << point.threshold;
    EXPECT_DOUBLE_EQ(point.recall, hits / inside) << point.threshold;
  }
}

TEST_F(FitValues, MembersTogetherAreTheirMeanProbability) {
  ASSERT_TRUE(result_.test);
  const Evaluation& test = *result_.test;
  std::vector<double> mean(stretch_.windows.size() * 30);
  for (const RunEvidence& member : members_) {
    const std::vector<float> said = said_by(member);
    ASSERT_EQ(said.size(), mean.size());
    for (size_t i = 0; i < mean.size(); ++i) mean[i] += double{said[i]} / kMembers;
  }
  ASSERT_EQ(test.model.test_scores.size(), mean.size());
  for (size_t i = 0; i < mean.size(); ++i) {
    ASSERT_NEAR(test.model.test_scores[i], mean[i], 1e-6) << i;
  }
  // The threshold is the folds', whatever is tested.
  EXPECT_DOUBLE_EQ(test.model.threshold, result_.threshold);
  const ScoredBars bars = bars_of(stretch_.dataset, stretch_.chosen, test.model.test_scores);
  expect_same_intervals(test.model.metrics, metric_intervals(bars.scored(), result_.threshold,
                                                             kEvaluationSeed, kEvaluationDraws));
  EXPECT_EQ(test.mask, bars.mask);
  EXPECT_EQ(test.windows, static_cast<int>(stretch_.windows.size()));
  EXPECT_EQ(test.groups, test.windows);
}

TEST_F(FitValues, SingleMembersAreTestedAtTheSameThreshold) {
  std::vector<double> mean(kMetricCount);
  for (const RunEvidence& member : members_) {
    const ScoredBars bars = bars_of(stretch_.dataset, stretch_.chosen, said_by(member));
    const std::vector<double> values = metric_values(bars.scored(), result_.threshold);
    for (size_t m = 0; m < kMetricCount; ++m) mean[m] += values[m] / kMembers;
  }
  ASSERT_EQ(result_.member.size(), mean.size());
  for (size_t m = 0; m < kMetricCount; ++m) {
    if (std::isnan(mean[m])) continue;  // a member's is not defined: it is left out
    EXPECT_NEAR(result_.member[m].value, mean[m], 1e-12) << name_of_metric(m);
    EXPECT_LE(result_.member[m].low, result_.member[m].high) << name_of_metric(m);
  }
}

TEST_F(FitValues, TrivialPredictorsAreTunedOnWhatMembersSaw) {
  const Evaluation& test = *result_.test;
  EXPECT_EQ(test.train_windows, 25);
  EXPECT_EQ(test.train_mask, seen().dataset.mask);
  EXPECT_EQ(test.model.train_scores, members_.front().model->train.output.span);
  EXPECT_EQ(test.tested_on, "a held-out stretch, from row " + std::to_string(stretch_.first_row) +
                                " of the bars on");
  EXPECT_EQ(test.threshold_from,
            "the training windows, each by a model that was not trained on it");
}

}  // namespace
}  // namespace spanlab
