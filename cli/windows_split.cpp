// spanlab windows split: what each kind of split would put on either side.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "cli/number_range.h"
#include "cli/windows_parts.h"
#include "spanlab/base/text.h"
#include "spanlab/labels/spans.h"
#include "spanlab/windows/data_checks.h"
#include "spanlab/windows/join.h"
#include "spanlab/windows/split.h"
#include "spanlab/windows/window_file.h"

namespace spanlab::cli {
namespace {

constexpr std::array kKinds = {
    std::pair{"random", SplitKind::random}, std::pair{"grouped", SplitKind::grouped},
    std::pair{"time", SplitKind::time},     std::pair{"kfold", SplitKind::kfold},
    std::pair{"purged", SplitKind::purged}, std::pair{"walk_forward", SplitKind::walk_forward}};

struct SplitOptions {
  std::string windows, spans;
  std::string kind = "grouped";
  int length = kWindowLength;
  SplitSettings settings;
};

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

void split(SplitOptions options) {
  SplitSettings& settings = options.settings;
  settings.kind = std::find_if(kKinds.begin(), kKinds.end(), [&](const auto& kind) {
                    return options.kind == kind.first;
                  })->second;
  std::vector<Window> windows = read_windows(options.windows, options.length);
  if (!options.spans.empty()) join_spans(windows, read_spans(options.spans), options.length);

  std::vector<Split> splits;  // all of them before a word is printed: one may be impossible
  const int folds = has_folds(settings.kind) ? settings.folds : 1;
  for (settings.fold = 0; settings.fold < folds; ++settings.fold) {
    splits.push_back(split_windows(windows, options.length, settings));
  }
  fmt::print("{}: {} in {}, split {}\n\n", options.windows,
             counted(static_cast<int64_t>(windows.size()), "window"),
             counted(splits.front().groups, "group"), options.kind);
  fmt::print("  {:>4} {:>27} {:>27}\n", "", "training", "validation");
  fmt::print("  {0:>4} {1:>8} {2:>7} {3:>10} {1:>8} {2:>7} {3:>10} {4:>7} {5:>7} {6:>8}\n", "fold",
             "windows", "groups", "positives", "purged", "waiting", "leaking");
  for (size_t fold = 0; fold < splits.size(); ++fold) {
    print_row(has_folds(settings.kind) ? std::to_string(fold) : "-", splits[fold], windows,
              options.length);
  }
  fmt::print(
      "\n  positives: bars inside spans; purged: windows left out for what they share with the\n"
      "  validation windows; waiting: later ones; leaking: validation windows that share bars or "
      "a\n"
      "  base window with a training window\n");
}

}  // namespace

void add_windows_split(CLI::App& group) {
  const auto options = std::make_shared<SplitOptions>();
  SplitSettings& settings = options->settings;
  CLI::App* command =
      group.add_subcommand("split", "Show what a kind of split puts on either side, by fold");
  std::vector<std::string> names;
  for (const auto& kind : kKinds) names.emplace_back(kind.first);
  command->add_option("--windows", options->windows, "Windows: CSV")->required();
  command->add_option("--spans", options->spans, "Spans: CSV, further spans of the windows");
  command->add_option("--length", options->length, "Bars in a window")
      ->check(whole_between(1, 1'000'000))
      ->capture_default_str();
  command->add_option("--kind", options->kind, "Kind of split, as split.kind of a recipe")
      ->check(CLI::IsMember(names))
      ->capture_default_str();
  command
      ->add_option("--validation", settings.validation,
                   "Share of the windows that validate (random, grouped, time)")
      ->capture_default_str();
  command->add_option("--folds", settings.folds, "Folds (kfold, purged, walk_forward)")
      ->check(whole_between(2, 1000))
      ->capture_default_str();
  command
      ->add_option("--embargo", settings.embargo,
                   "Bars that training windows keep away (purged, walk_forward)")
      ->capture_default_str();
  command->add_option("--seed", settings.seed, "Which split (random, grouped, kfold)")
      ->capture_default_str();
  command->callback([options] { split(*options); });
}

}  // namespace spanlab::cli
