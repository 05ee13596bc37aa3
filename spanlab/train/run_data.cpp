// From files of bars, windows and spans to what training sees.
#include "spanlab/train/run_data.h"

#include <algorithm>

#include "spanlab/bars/check.h"
#include "spanlab/bars/csv_bars.h"
#include "spanlab/base/error.h"
#include "spanlab/base/hash.h"
#include "spanlab/windows/check.h"
#include "spanlab/windows/join.h"
#include "spanlab/windows/window_file.h"

namespace spanlab {
namespace {

std::string hash_of(const RunData& data) {
  std::string hashes;
  const auto add = [&](const auto& values) {
    hashes += hash_text(values.data(), values.size() * sizeof(values[0]));
  };
  add(data.dataset.input);
  if (!data.dataset.wide.input.empty()) add(data.dataset.wide.input);
  add(data.dataset.labelled);
  add(data.dataset.type);
  add(data.dataset.pointers);
  add(data.dataset.mask);
  add(data.dataset.countdown);
  add(data.dataset.complete);
  if (!data.dataset.countdown_counted.empty()) add(data.dataset.countdown_counted);
  add(data.split.train);
  add(data.split.validation);
  return hash_text(hashes.data(), hashes.size());
}

SplitSettings split_settings(const Recipe& recipe) {
  const auto& split = recipe.split;
  return {split.kind,  split.validation, static_cast<uint64_t>(split.seed),
          split.folds, split.fold,       split.embargo};
}

/// Of a window that was moved, some bars are unknown: only what can leave bars out goes with that.
void check_shift(const Recipe& recipe) {
  if (recipe.train.shift == 0) return;
  const auto refuse = [](const std::string& why, const std::string& hint) {
    throw Error("train.shift: " + why, hint + ", or train.shift to 0");
  };
  if (recipe.train.shift >= recipe.data.window) {
    refuse("a window that is moved by its whole length sees none of its bars",
           "set it below data.window");
  }
  if (recipe.loss.tasks != std::vector<Task>{Task::span}) {
    refuse("only the span task knows windows that are moved", "set loss.tasks to [\"span\"]");
  }
  if (recipe.data.feature_mode != FeatureMode::continuous) {
    refuse("features that start afresh in each window cannot be moved",
           "set data.feature_mode to continuous");
  }
  if (recipe.model.span_head == SpanHead::one_span) {
    refuse("the one_span head knows no bars without label", "set model.span_head to semi_markov");
  }
  if (recipe.loss.unlabelled == Unlabelled::positive_unlabelled) {
    refuse("positive_unlabelled leaves no bars out", "set loss.unlabelled to ignored");
  }
  if (recipe.model.span_head == SpanHead::bar && recipe.loss.span_loss != SpanLoss::cross_entropy) {
    refuse("only the cross-entropy leaves bars out", "set loss.span_loss to cross_entropy");
  }
}

}  // namespace

RunData read_run_data(const Recipe& recipe, const RunInputs& inputs) {
  check_shift(recipe);
  RunData data;
  data.windows = read_windows(inputs.windows, recipe.data.window);
  data.series = read_bars(inputs.bars);
  data.bar_faults = check_bars(data.series).faults();
  check_windows(data.series, data.windows, recipe.data.window, inputs.windows.string());
  if (!inputs.spans.empty()) {
    const std::vector<Span> spans = read_spans(inputs.spans);
    check_spans(data.series, spans, inputs.spans.string());
    join_spans(data.windows, spans, recipe.data.window);
  }
  data.dataset = build_dataset(data.series, data.windows, recipe.data.window, recipe.data.features,
                               recipe.data.feature_mode, recipe.loss.countdown_target);
  if (recipe.train.mirror) {
    add_mirrored_input(data.series, data.windows, recipe.data.feature_mode, data.dataset);
  }
  if (recipe.train.shift > 0) {
    add_wide_input(data.series, data.windows, recipe.train.shift, recipe.train.mirror,
                   data.dataset);
  }
  data.split = split_windows(data.windows, recipe.data.window, split_settings(recipe));
  if (recipe.train.patience > 0 && data.split.validation.empty()) {
    throw Error("train.patience asks for the validation loss, but no window validates",
                "set split.validation above 0, or train.patience to 0");
  }
  const auto labelled = [&](int w) { return data.dataset.labelled[static_cast<size_t>(w)] != 0; };
  if (!recipe.has(Task::span) &&
      std::none_of(data.split.train.begin(), data.split.train.end(), labelled)) {
    throw Error(inputs.windows.string() +
                    ": no training window holds a labelled span, so the "
                    "recipe's tasks have nothing to learn",
                "label windows, or train the span task too: loss.tasks = [\"span\"]");
  }
  data.hash = hash_of(data);
  return data;
}

}  // namespace spanlab
