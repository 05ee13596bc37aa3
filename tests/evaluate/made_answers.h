// Windows of a simulated market with hand-made answers of three kinds: those of training windows,
// of validation windows and of a held-out stretch need thresholds far from one another.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "spanlab/evaluate/evaluation_sets.h"
#include "spanlab/market/simulate.h"
#include "tests/diagnose/make_evidence.h"
#include "tests/temporary_folder.h"

namespace spanlab::test {

inline constexpr int kMadeWindow = 60;  // bars

/// The held-out stretch with these spans labelled: from `first_row`, or where the stretch begins by
/// itself.
inline HeldOutWindows held_out_of(const Recipe& recipe, const RunData& data,
                                  const std::vector<Span>& spans,
                                  std::optional<int64_t> first_row) {
  return held_out_data(recipe, data, {spans, first_row, "spans.csv"});
}

/// Answers around `outside` and `inside` spans, with noise that depends on window and bar alone.
inline Predictions answers(const Dataset& dataset, const std::vector<int>& windows, double outside,
                           double inside) {
  Predictions said{windows, {}};
  const auto length = static_cast<size_t>(dataset.length);
  for (const int window : windows) {
    const auto w = static_cast<size_t>(window);
    for (size_t c = 0; c < kTypeClasses; ++c) {
      const bool right = static_cast<int>(c) == dataset.type[w];
      said.output.logits.push_back(right ? 0.5F : static_cast<float>((w + c) % 4) * 0.2F);
    }
    for (size_t k = 0; k < 2; ++k) {
      said.output.pointers.push_back(dataset.pointers[2 * w + k] +
                                     0.01F * static_cast<float>((w + k) % 5));
    }
    for (size_t t = 0; t < length; ++t) {
      const size_t bar = w * length + t;
      const double noise = static_cast<double>((bar * 7919) % 1009) / 1009 - 0.5;
      const double centre = dataset.mask[bar] > 0 ? inside : outside;
      said.output.span.push_back(static_cast<float>(centre * (1 + 1.2 * noise)));
      said.output.countdown.push_back(dataset.countdown[bar] + 0.03F * static_cast<float>(bar % 3));
    }
  }
  return said;
}

struct MadeAnswers {
  Recipe recipe;
  std::vector<Span> spans;  ///< of the whole series
  RunData data;
  HeldOutWindows stretch;
  Predictions train, validated, held_out;

  int length() const { return recipe.data.window; }
  /// These view this: it must outlive them.
  EvaluationSets validation() const { return validation_sets(recipe, data, train, validated); }
  EvaluationSets held_out_sets() const {
    return spanlab::held_out_sets(recipe, data, train, validated, stretch, held_out);
  }
};

/// 40 windows of 60 bars of which every third validates, then a stretch without windows.
inline MadeAnswers make_answers() {
  MadeAnswers made;
  made.recipe = healthy_recipe();
  made.recipe.data.window = kMadeWindow;
  const SimulatedMarket market = simulate_market(9000, 7, MarketModel{});
  made.spans = market.spans;
  made.data.source = TrainingData(Labelled{market.bars, {}, {}, {}});
  int64_t free_from = 0;
  for (const Span& span : made.spans) {
    const auto n = static_cast<int64_t>(made.data.windows.size());
    if (n == 40) break;
    const int64_t first = span.start_row - 3 - (n * 17) % 40;
    if (first < free_from || span.end_row >= first + kMadeWindow) continue;
    free_from = first + kMadeWindow;
    const std::string id = std::to_string(n);
    made.data.windows.push_back({id,
                                 id,
                                 0,
                                 first,
                                 1.0,
                                 {{static_cast<int>(span.start_row - first),
                                   static_cast<int>(span.end_row - first), span.type}}});
  }
  // The last two validate, share bars, and one of them has a second span.
  std::vector<Window>& windows = made.data.windows;
  const auto count = static_cast<int>(windows.size());
  Window& last = windows.back();
  last.first_row = windows[windows.size() - 2].first_row + 20;
  last.spans = {{10, 14, SpanType::retracement}, {30, 33, SpanType::consolidation}};
  made.data.dataset = build_dataset(made.data.series(), windows, made.recipe.data,
                                    made.recipe.loss.countdown_target);
  for (int w = 0; w < count; ++w) {
    (w % 3 == 0 || w >= count - 2 ? made.data.split.validation : made.data.split.train)
        .push_back(w);
  }
  made.stretch = held_out_of(made.recipe, made.data, made.spans, {});
  made.train = answers(made.data.dataset, made.data.split.train, 0.4, 0.6);
  made.validated = answers(made.data.dataset, made.data.split.validation, 0.1, 0.2);
  made.held_out = answers(made.stretch.dataset, made.stretch.chosen, 0.2, 0.3);
  return made;
}

/// Made once.
inline const MadeAnswers& made_answers() {
  static const MadeAnswers made = make_answers();
  return made;
}

}  // namespace spanlab::test
