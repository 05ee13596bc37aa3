// Faults of bars, features, labels and splits.
#include <algorithm>
#include <cmath>
#include <string>

#include "spanlab/base/random.h"
#include "spanlab/market/simulate.h"
#include "tests/gallery/setup.h"

namespace spanlab::gallery {
namespace {

/// Labels are `spans` alone; each window takes those that show in it.
void relabel(Setup& setup, std::vector<Span> spans) {
  for (Window& window : setup.windows) {
    window.spans.clear();
    window.visible_fraction = 0;
  }
  setup.labelled = std::move(spans);
}

/// Lengths and types stay, the places are drawn anew.
void shuffle_labels(Setup& setup) {
  RandomStream random(setup.seed, Purpose::market, 1);
  std::vector<Span> spans = setup.truth;
  int64_t free = 0;  // bars that no span needs
  for (const Span& s : spans) free -= s.end_row - s.start_row + 2;
  free += setup.bars.size();
  std::vector<int64_t> gaps(spans.size());
  for (int64_t& gap : gaps) gap = static_cast<int64_t>(random.below(static_cast<uint64_t>(free)));
  std::sort(gaps.begin(), gaps.end());
  int64_t used = 0;
  for (size_t i = 0; i < spans.size(); ++i) {
    const int64_t length = spans[i].end_row - spans[i].start_row;
    spans[i].start_row = gaps[i] + used;
    spans[i].end_row = spans[i].start_row + length;
    used += length + 2;
  }
  relabel(setup, spans);
}

void shift_labels(Setup& setup, int64_t bars) {
  std::vector<Span> spans;
  for (Span s : setup.truth) {
    s.start_row += bars;
    s.end_row += bars;
    if (s.end_row < setup.bars.size()) spans.push_back(s);
  }
  relabel(setup, spans);
}

/// Every window's one span stands at the same bars, whatever the price does.
void fixed_place(Setup& setup) {
  setup.labelled.clear();
  for (Window& window : setup.windows) {
    window.spans = {{48, 54, SpanType::consolidation}};
    window.visible_fraction = 1;
  }
}

/// A third of the windows again, their span elsewhere.
void contradict(Setup& setup) {
  setup.labelled.clear();
  const size_t count = setup.windows.size() / 3;
  for (size_t i = 0; i < count; ++i) {
    Window copy = setup.windows[i];
    copy.id += "_again";
    WindowSpan& span = copy.spans.front();
    const int length = span.end - span.start;
    span.start = (span.start + kWindowLength / 2) % (kWindowLength - length);
    span.end = span.start + length;
    setup.windows.push_back(std::move(copy));
  }
}

void one_class(Setup& setup) {
  for (Span& span : setup.labelled) span.type = SpanType::consolidation;
  for (Window& window : setup.windows) {
    for (WindowSpan& span : window.spans) span.type = SpanType::consolidation;
  }
}

void random_types(Setup& setup) {
  RandomStream random(setup.seed, Purpose::market, 2);
  for (Window& window : setup.windows) {
    for (WindowSpan& span : window.spans) {
      span.type = random.below(2) == 0 ? SpanType::consolidation : SpanType::retracement;
    }
  }
}

/// Only one window in twelve keeps its span.
void rare_labels(Setup& setup) {
  setup.labelled.clear();
  for (size_t i = 0; i < setup.windows.size(); ++i) {
    if (i % 12 == 0) continue;
    setup.windows[i].spans.clear();
    setup.windows[i].visible_fraction = 0;
  }
}

void label_every_other(Setup& setup) {
  std::vector<Span> spans;
  for (size_t i = 0; i < setup.truth.size(); i += 2) spans.push_back(setup.truth[i]);
  relabel(setup, spans);
}

/// Every other bar of a span is a span of its own.
void chop_labels(Setup& setup) {
  std::vector<Span> spans;
  for (const Span& s : setup.truth) {
    for (int64_t row = s.start_row; row <= s.end_row; row += 2) {
      spans.push_back({row, row, s.direction, s.type, s.score});
    }
  }
  relabel(setup, spans);
}

void no_wicks(Setup& setup) {
  Bars& bars = setup.bars;
  for (size_t i = 0; i < bars.open.size(); ++i) {
    bars.high[i] = std::max(bars.open[i], bars.close[i]);
    bars.low[i] = std::min(bars.open[i], bars.close[i]);
  }
}

/// The labels of one market on the bars of another.
void other_bars(Setup& setup) {
  Bars bars = simulate_market(setup.bars.size(), 9000 + setup.seed, MarketModel{}).bars;
  setup.bars = std::move(bars);
}

/// Calls f(value) for every input of one feature, as long as the recipe has it.
template <class F>
void on_feature(Setup& setup, const std::string& name, F f) {
  setup.options.on_data = [name, f](RunData& data) {
    const std::vector<std::string>& names = data.dataset.feature_names;
    const auto width = names.size();
    const auto feature =
        static_cast<size_t>(std::find(names.begin(), names.end(), name) - names.begin());
    if (feature == width) return;
    std::vector<float>& input = data.dataset.input.own();
    for (size_t i = feature; i < input.size(); i += width) f(input[i]);
  };
}

void zero_inputs(Setup& setup) {
  setup.options.on_data = [](RunData& data) {
    std::vector<float>& input = data.dataset.input.own();
    std::fill(input.begin(), input.end(), 0.0f);
  };
}

}  // namespace

std::vector<Fault> data_faults() {
  return {
      {"shuffled labels", {"R3", "G4", "T1", "C1"}, shuffle_labels},
      {"labels 30 bars late", {"R3", "G4", "C1", "L1"}, [](Setup& s) { shift_labels(s, 30); }},
      {"bars of another market", {"R3", "G4", "T1", "C1"}, other_bars},
      {"labels at one place", {"L2", "C5"}, fixed_place},
      {"windows again with other labels", {"D5"}, contradict},
      {"one class", {"D4"}, one_class},
      {"types at random", {"M6", "G1"}, random_types},
      {"half of the spans labelled", {"L1"}, label_every_other},
      {"rare labels", {"D4", "D6", "L1"}, rare_labels},
      {"no label at all", {"N2", "D4"}, [](Setup& s) { relabel(s, {}); }},
      {"chopped labels", {"C7"}, chop_labels},
      {"leaking split", {"D5"}, [](Setup& s) { set(s, {"split.kind=random"}); }},
      {"tiny validation", {"D6"}, [](Setup& s) { set(s, {"split.validation=0.02"}); }},
      {"few windows", {"D6"}, [](Setup& s) { s.windows.resize(24); }},
      {"constant features", {"D1"}, no_wicks},
      {"unscaled feature",
       {"D1"},
       [](Setup& s) { on_feature(s, "close_norm", [](float& x) { x = 1000 * x + 5000; }); }},
      {"feature that is not a number",
       {"N1"},
       [](Setup& s) { on_feature(s, "body_pct", [](float& x) { x = std::nanf(""); }); }},
      {"inputs of zeros", {"D1", "G4"}, zero_inputs},
      {"features that say nothing",
       {"T2", "T1", "C1"},
       [](Setup& s) { set(s, {R"(data.features=["position_encoding"])"}); }},
      {"features without moves",
       {"T2"},
       [](Setup& s) {
         set(s, {R"(data.features=["upper_wick_pct", "lower_wick_pct", "position_encoding"])"});
       }},
  };
}

std::vector<Fault> all_faults() {
  std::vector<Fault> all;
  for (const auto& part : {optimisation_faults(), loss_faults(), model_faults(), data_faults()}) {
    all.insert(all.end(), part.begin(), part.end());
  }
  return all;
}

}  // namespace spanlab::gallery
