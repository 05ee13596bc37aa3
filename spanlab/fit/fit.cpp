// Trains the folds, then the members, and computes thresholds from the folds' predictions.
#include "spanlab/fit/fit_shared.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "spanlab/base/error.h"
#include "spanlab/base/file.h"
#include "spanlab/base/settings.h"
#include "spanlab/base/settings_toml.h"
#include "spanlab/base/version.h"
#include "spanlab/detect/operating_points.h"
#include "spanlab/evaluate/evaluation_sets.h"
#include "spanlab/evaluate/predict.h"
#include "spanlab/evaluate/run_evidence.h"
#include "spanlab/fit/out_of_fold.h"
#include "spanlab/metrics/distribution.h"
#include "spanlab/metrics/metric_draws.h"
#include "spanlab/train/run_queue.h"

namespace spanlab {

void check_fit(const FitConfig& config) {
  if (!config.recipe.has(Task::span)) {
    throw Error("a detector needs the span task, but the recipe does not train it",
                "add \"span\" to loss.tasks");
  }
  const int room = config.recipe.data.window - config.stride;
  if (room < 0) {
    throw Error(
        fmt::format(
            "fit.stride: a stride of {} bars is longer than the window of {}: some bars would be "
            "in no window",
            config.stride, config.recipe.data.window),
        "choose a stride that leaves room for a delay in the window, such as 16");
  }
  for (const int delay : config.delays) {
    if (delay < 0 || delay > room) {
      throw Error(
          fmt::format("fit.delays: a delay of {} bars does not fit: delay and stride together must "
                      "lie within the window's {} bars",
                      delay, config.recipe.data.window),
          fmt::format("with a stride of {} the longest delay is {}", config.stride, room));
    }
  }
  if (std::find(config.delays.begin(), config.delays.end(), config.default_delay) ==
      config.delays.end()) {
    throw Error(fmt::format("fit.default_delay is {}, which is not one of the delays",
                            config.default_delay),
                "add it to fit.delays");
  }
}

namespace {

/// What a fold, a member and the test would throw of the inputs, before any of them begins.
void check_inputs(const FitConfig& config, const TrainingData& source, const Recipe& fold,
                  const Recipe& member) {
  prepare(fold, source);
  const RunData data = prepare(member, source);
  if (config.held_out) held_out_data(config.recipe, data, *config.held_out);
}

LabRun make_run(const FitConfig& config, const std::string& name, int number, Recipe recipe,
                const TrainingData& data) {
  const std::string folder = run_folder_name(name, number, recipe, data);
  return {.experiment = name,
          .repetition = number,
          .recipe = std::move(recipe),
          .folder = config.folder / "runs" / folder};
}

std::vector<LabRun> fold_runs(const FitConfig& config, const TrainingData& data) {
  std::vector<LabRun> runs;
  for (int fold = 0; fold < config.folds; ++fold) {
    Recipe recipe = config.recipe;
    if (recipe.split.kind != SplitKind::purged) recipe.split.kind = SplitKind::kfold;
    recipe.split.folds = config.folds;
    recipe.split.fold = fold;
    recipe.record.diagnostics_every = 0;
    runs.push_back(make_run(config, "fold", fold, std::move(recipe), data));
  }
  return runs;
}

std::vector<LabRun> member_runs(const FitConfig& config, const TrainingData& data) {
  std::vector<LabRun> runs;
  for (int member = 0; member < config.members; ++member) {
    Recipe recipe = config.recipe;
    recipe.split.kind = SplitKind::grouped;
    recipe.split.validation = 0;
    recipe.train.seed += member;
    recipe.record.diagnostics_every = 0;
    runs.push_back(make_run(config, "member", member, std::move(recipe), data));
  }
  return runs;
}

/// A detector is replaced by one of the same recipe and data only: its first member is then there.
void refuse_another_detector(const FitConfig& config, const LabRun& first_member) {
  const std::filesystem::path file = detector_file(config.folder);
  if (!is_there(file) || is_there(first_member.folder)) return;
  throw Error(file.string() + " is a detector of another recipe or other data",
              "name another folder, or delete that file");
}

RunEvidence trained(const LabRun& run, const TrainingData& data) {
  RunEvidence evidence = gather_run(run.folder, 1, &data);
  if (evidence.model) return evidence;
  throw Error(run.folder.string() + " contains no model",
              "delete the folder: it is then trained again");
}

std::vector<InputScale> input_scales(const Dataset& dataset) {
  std::vector<InputScale> scales;
  const auto features = static_cast<size_t>(dataset.features);
  for (size_t f = 0; f < features; ++f) {
    std::vector<float> values;
    for (size_t i = f; i < dataset.input.size(); i += features) values.push_back(dataset.input[i]);
    const Summary summary = summarize(std::move(values));
    scales.push_back({summary.mean, summary.std});
  }
  return scales;
}

int shortest_span(const Dataset& dataset) {
  int shortest = dataset.length;
  for (const std::vector<DirectedSpan>& spans : dataset.spans) {
    for (const DirectedSpan& span : spans) {
      // A span at an edge is cut: how long it is, nobody knows.
      if (span.start == 0 || span.end == dataset.length - 1) continue;
      shortest = std::min(shortest, span.length());
    }
  }
  return shortest == dataset.length ? 1 : shortest;
}

DelayRow delay_row(int delay, const OutOfFold& folds, int length) {
  DelayRow row{.delay = delay, .threshold = best_f1_threshold(folds.scored(length))};
  if (std::isnan(row.threshold)) row.threshold = 0.5;
  const std::vector<double> values = metric_values(folds.scored(length), row.threshold);
  row.average_precision = values[static_cast<size_t>(Metric::average_precision)];
  row.f1 = values[static_cast<size_t>(Metric::f1)];
  row.precision = values[static_cast<size_t>(Metric::precision)];
  row.recall = values[static_cast<size_t>(Metric::recall)];
  return row;
}

/// The members, alone and as their mean, on the held-out stretch, at the folds' threshold.
void test_members(const FitConfig& config, const std::vector<RunEvidence>& members, int threads,
                  FitResult& result) {
  const RunData& data = *members.front().data;
  const HeldOutWindows stretch = held_out_data(config.recipe, data, *config.held_out);
  const auto test_of = [&](std::span<const float> said) {
    EvaluationSets sets = test_on(data.series(), stretch, said);
    sets.threshold = result.threshold;
    sets.threshold_from = "the training windows, each by a model that was not trained on it";
    return sets;
  };
  std::vector<float> mean;
  std::vector<MetricDraws> draws;
  for (const RunEvidence& member : members) {
    const std::vector<float> said =
        predict(config.recipe.model, config.recipe.train.batch, stretch.dataset,
                member.model->parameters, stretch.chosen, threads)
            .output.span;
    mean.resize(said.size());
    for (size_t i = 0; i < said.size(); ++i) {
      mean[i] += said[i] / static_cast<float>(members.size());
    }
    draws.push_back(draw_model(test_of(said), kEvaluationSeed));
  }
  result.member = intervals_of(mean_over_repetitions(draws, kEvaluationSeed));
  const Predictions& seen = members.front().model->train;
  EvaluationSets together = test_of(mean);
  together.train = {{.series = &data.series(),
                     .windows = &data.windows,
                     .dataset = &data.dataset,
                     .chosen = seen.windows},
                    seen.output.span};
  together.countdown = config.recipe.loss.countdown_target;
  result.test = evaluate(together);
}

}  // namespace

std::filesystem::path detector_file(const std::filesystem::path& folder) {
  return folder / "detector.safetensors";
}

FitResult fit_detector(const FitConfig& config, const TrainingData& source, const Job& job) {
  check_fit(config);
  std::vector<LabRun> runs = fold_runs(config, source);
  const std::vector<LabRun> of_members = member_runs(config, source);
  refuse_another_detector(config, of_members.front());
  runs.insert(runs.end(), of_members.begin(), of_members.end());
  check_inputs(config, source, runs.front().recipe, of_members.front().recipe);
  train_runs(runs, source, "folds and members", job);
  const StopScope scope(job);
  const int threads = job.thread_count();

  std::vector<FoldModel> folds;
  std::vector<RunEvidence> members;
  for (size_t i = 0; i < runs.size(); ++i) {
    RunEvidence run = trained(runs[i], source);
    if (i >= static_cast<size_t>(config.folds)) {
      members.push_back(std::move(run));
      continue;
    }
    Predictions& said = run.model->validation;
    folds.push_back(
        {std::move(run.model->parameters), std::move(said.windows), std::move(said.output.span)});
  }
  const RunData& data = *members.front().data;
  const int length = data.dataset.length;
  OutOfFold all = join_folds(folds, data);

  FitResult result;
  result.threshold = best_f1_threshold(all.scored(length));
  if (std::isnan(result.threshold)) result.threshold = 0.5;
  result.folds = metric_intervals(all.scored(length), result.threshold, kEvaluationSeed);
  result.windows = static_cast<int>(all.windows.size());
  result.groups = 1 + *std::max_element(all.group.begin(), all.group.end());

  Detector& detector = result.detector;
  detector.recipe = config.recipe;
  for (const RunEvidence& member : members) detector.members.push_back(member.model->parameters);
  detector.calibration = fit_calibration(all.probability, all.mask);
  detector.stride = config.stride;
  detector.shortest = shortest_span(data.dataset);
  detector.default_delay = config.default_delay;
  detector.bar_ms = data.series().bar_ms;
  detector.inputs = input_scales(data.dataset);
  detector.data_hash = data.hash;
  detector.version = version();
  for (const int delay : config.delays) {
    OutOfFold delayed = all;
    delayed.probability = delayed_probabilities(folds, data, detector, delay, threads);
    if (delay == config.default_delay && detector.bar_ms > 0) {
      detector.points =
          operating_points(delayed.scored(length), detector.shortest, detector.bar_ms);
    }
    detector.delays.push_back(delay_row(delay, delayed, length));
  }
  if (config.held_out) test_members(config, members, threads, result);
  write_detector(detector_file(config.folder), detector);
  return result;
}

std::vector<Setting> settings_of(FitConfig& config) {
  std::vector<Setting> settings{
      integer_setting("fit.folds", config.folds, {2, 100},
                      "folds of the windows; each is scored by models trained on the others"),
      integer_setting("fit.members", config.members, {1, 100},
                      "models in the ensemble; their mean probability is used"),
      integer_setting("fit.stride", config.stride, {1, 10'000},
                      "bars between windows in detection; fewer is slower and more accurate"),
      integer_setting(
          "fit.delays", config.delays, {0, 10'000},
          "delays in bars after which a bar may be decided; each gets its own threshold"),
      integer_setting("fit.default_delay", config.default_delay, {0, 10'000},
                      "delay that detection uses, one of fit.delays")
          .as_option("--delay")};
  Setting& delays = settings[3];
  delays.assign = [assign = delays.assign, &values = config.delays](const SettingValue& given,
                                                                    const std::string& called) {
    assign(given, called);
    std::sort(values.begin(), values.end());
    values.erase(std::unique(values.begin(), values.end()), values.end());
  };
  return settings;
}

namespace {

std::vector<Setting> all_settings_of(FitConfig& config) {
  std::vector<Setting> settings = settings_of(config);
  for (Setting& setting : settings_of(config.recipe)) settings.push_back(std::move(setting));
  return settings;
}

}  // namespace

std::string fit_text(const FitConfig& config) {
  FitConfig copy = config;
  return settings_toml(all_settings_of(copy));
}

void read_fit(const std::filesystem::path& path, FitConfig& config) {
  const char* const kHint = "give the fit.toml that an earlier fit wrote";
  if (!is_there(path)) throw Error("there is no file " + path.string(), kHint);
  std::vector<Setting> settings = all_settings_of(config);
  bool is_fit = false;
  for (Setting& setting : settings) {
    if (section_of(setting) != "fit") continue;
    setting.assign = [assign = setting.assign, &is_fit](const SettingValue& value,
                                                        const std::string& called) {
      is_fit = true;
      assign(value, called);
    };
  }
  read_recipe_settings(path, settings);
  if (!is_fit) throw Error(path.string() + " is a recipe: it has no section [fit]", kHint);
}

}  // namespace spanlab
