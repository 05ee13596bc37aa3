// Settings from the recipes, figures from the models, pairs where the windows are the same.
#include "spanlab/evaluate/compare.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "spanlab/base/error.h"
#include "spanlab/evaluate/evaluate_run.h"
#include "spanlab/evaluate/evaluation_sets.h"

namespace spanlab {
namespace {

std::vector<SettingDifference> differing_settings(const std::vector<RunEvidence>& runs) {
  std::vector<SettingDifference> all;
  std::map<std::string, size_t> place;
  for (size_t r = 0; r < runs.size(); ++r) {
    if (!runs[r].recipe) continue;
    Recipe recipe = *runs[r].recipe;
    for (const Setting& setting : settings_of(recipe)) {
      const auto [found, added] = place.try_emplace(setting.name, all.size());
      if (added) all.push_back({setting.name, std::vector<std::string>(runs.size())});
      all[found->second].value[r] = value_text(setting.get());
    }
  }
  std::erase_if(all, [](const SettingDifference& setting) {
    return std::adjacent_find(setting.value.begin(), setting.value.end(), std::not_equal_to<>()) ==
           setting.value.end();
  });
  return all;
}

/// The windows that a run is tested on: where they lie and what is labelled in them.
struct TestedWindows {
  std::vector<std::pair<int64_t, std::vector<WindowSpan>>> windows;
  std::vector<double> closes;  ///< of their first bars: tells one series from another

  bool operator==(const TestedWindows&) const = default;
};

TestedWindows validation_windows(const RunEvidence& run) {
  TestedWindows tested;
  for (const int w : run.data->split.validation) {
    const Window& window = run.data->windows[static_cast<size_t>(w)];
    tested.windows.emplace_back(window.first_row, window.spans);
    tested.closes.push_back(run.data->series().close[static_cast<size_t>(window.first_row)]);
  }
  return tested;
}

/// Whether two runs with data are tested on the same windows of the same bars.
bool same_windows(const RunEvidence& a, const RunEvidence& b,
                  const std::optional<HeldOut>& held_out) {
  const auto stretch = [&](const RunEvidence& run) {
    return std::pair(held_out_begin(*run.recipe, *run.data, *held_out), run.recipe->data.window);
  };
  if (!held_out) return validation_windows(a) == validation_windows(b);
  return stretch(a) == stretch(b) && a.data->series() == b.data->series();
}

std::string name_of(const RunEvidence& run) {
  return run.folder.string();
}

}  // namespace

RunComparison compare_runs(const std::vector<std::filesystem::path>& folders,
                           const std::optional<HeldOut>& held_out, int threads) {
  RunComparison comparison;
  for (const std::filesystem::path& folder : folders) {
    comparison.runs.push_back(gather_run(folder, threads));
  }
  const std::vector<RunEvidence>& runs = comparison.runs;
  comparison.settings = differing_settings(runs);
  comparison.metrics.resize(runs.size());
  comparison.difference.resize(runs.size());

  std::optional<MetricDraws> first;
  std::optional<Error> obstacle;
  bool tested = false;
  for (size_t r = 0; r < runs.size(); ++r) {
    MetricDraws drawn;
    try {
      drawn = draw_run(runs[r], held_out, kEvaluationSeed, threads);
    } catch (const Error& error) {
      if (held_out) throw;
      comparison.warnings.emplace_back(error.what());
      if (!obstacle) obstacle = error;
      continue;
    }
    tested = true;
    comparison.metrics[r] = intervals_of(drawn);
    if (r == 0) {
      first = std::move(drawn);
    } else if (first && same_windows(runs[0], runs[r], held_out)) {
      comparison.difference[r] = intervals_of(difference_of(drawn, *first));
    } else if (first) {
      comparison.warnings.push_back(
          fmt::format("{} and {} {} on different windows: their metrics cannot be paired, and a "
                      "difference may come from the windows alone",
                      name_of(runs[0]), name_of(runs[r]), held_out ? "are tested" : "validate"));
    }
  }
  if (!tested && obstacle) {
    throw Error(fmt::format("none of the runs has metrics to compare; {}", obstacle->what()),
                obstacle->hint());
  }
  comparison.tested_on = held_out ? "the held-out stretch" : "each run's validation windows";
  return comparison;
}

}  // namespace spanlab
