// spanlab windows split: the training and validation windows of each kind of split.
#include <fmt/format.h>

#include <string>
#include <utility>
#include <vector>

#include "cli/commands.h"
#include "cli/shared_options.h"
#include "spanlab/base/text.h"
#include "spanlab/labels/spans.h"
#include "spanlab/recipe/recipe.h"
#include "spanlab/windows/labelled.h"
#include "spanlab/windows/split.h"
#include "spanlab/windows/window.h"

namespace spanlab::cli {
namespace {

struct SplitOptions {
  std::string windows, spans;
  int length = kWindowLength;
  Recipe recipe;  // of which the section split

  SplitOptions() { recipe.split.kind = SplitKind::grouped; }
};

/// Those of the section split; each fold is shown, so none is chosen.
std::vector<Setting> split_settings(Recipe& recipe) {
  std::vector<Setting> found;
  for (Setting& setting : settings_of(recipe)) {
    if (section_of(setting) == "split" && setting.name != "split.fold") {
      found.push_back(std::move(setting));
    }
  }
  return found;
}

bool has_folds(SplitKind kind) {
  return kind == SplitKind::kfold || kind == SplitKind::purged || kind == SplitKind::walk_forward;
}

std::string side_text(const SampleSize& side) {
  return fmt::format("{:>8} {:>7} {:>10}", side.windows, side.groups, side.positive_bars);
}

void print_row(const std::string& name, const Split& split, const std::vector<Window>& windows,
               int length) {
  const EffectiveSample sample = effective_sample(windows, split, length);
  fmt::print("  {:>4} {} {} {:>7} {:>7} {:>8}\n", name, side_text(sample.train),
             side_text(sample.validation), split.purged,
             static_cast<int>(split.left_out.size()) - split.purged,
             leaking_windows(split, windows, length).size());
}

void split(const SplitOptions& options) {
  Recipe recipe = options.recipe;
  const std::string kind = plain_text(split_settings(recipe).front().get());
  const auto& chosen = recipe.split;
  SplitSettings settings{chosen.kind,  chosen.validation, static_cast<uint64_t>(chosen.seed),
                         chosen.folds, chosen.fold,       chosen.embargo};
  std::vector<Window> windows = read_windows(options.windows, options.length);
  if (!options.spans.empty()) join_spans(windows, read_spans(options.spans), options.length);

  std::vector<Split> splits;  // all of them before a word is printed: one may be impossible
  const int folds = has_folds(settings.kind) ? settings.folds : 1;
  for (settings.fold = 0; settings.fold < folds; ++settings.fold) {
    splits.push_back(split_windows(windows, options.length, settings));
  }
  fmt::print("{}: {} in {}, split {}\n\n", options.windows,
             counted(static_cast<int64_t>(windows.size()), "window"),
             counted(splits.front().groups, "group"), kind);
  fmt::print("  {:>4} {:>27} {:>27}\n", "", "training", "validation");
  fmt::print("  {0:>4} {1:>8} {2:>7} {3:>10} {1:>8} {2:>7} {3:>10} {4:>7} {5:>7} {6:>8}\n", "fold",
             "windows", "groups", "positives", "purged", "waiting", "leaking");
  for (size_t fold = 0; fold < splits.size(); ++fold) {
    print_row(has_folds(settings.kind) ? std::to_string(fold) : "-", splits[fold], windows,
              options.length);
  }
  fmt::print(
      "\n  positives: bars inside spans; purged: windows excluded because they share bars with "
      "the\n  validation windows; waiting: later ones; leaking: validation windows that share bars "
      "or a\n  base window with a training window\n");
}

void declare(Options& options, SplitOptions& values) {
  options.option("--windows", values.windows, "Windows: CSV").required();
  options.option("--spans", values.spans, "Spans: CSV, further spans of the windows");
  add_length_option(options, values.length);
  options.settings(split_settings(values.recipe));
}

}  // namespace

Command windows_split_command() {
  return make_command<SplitOptions>(
      "split", "Show the training and validation windows of a split, by fold", declare, split);
}

}  // namespace spanlab::cli
