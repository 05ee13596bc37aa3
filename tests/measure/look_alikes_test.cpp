// Look-alikes: many where labels are missing, few where all are there, none that is labelled.
#include "spanlab/measure/look_alikes.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "spanlab/labels/hindsight.h"
#include "tests/measure/make.h"

namespace spanlab {
namespace {

using test::Sample;
using test::tiled;
using test::true_spans;

size_t span_count(const Sample& sample) {
  size_t count = 0;
  for (const Window& window : sample.windows) count += window.spans.size();
  return count;
}

TEST(LookAlikes, Print) {
  if (!test::have_real_bars()) GTEST_SKIP() << test::kNoBars;
  const Series series = read_bars(test::kBars);
  std::vector<Window> windows = read_windows(test::kWindows);
  const Sample single(series, windows);
  const std::vector<Span> spans = read_spans(test::kSpans);
  join_spans(windows, spans, kWindowLength);
  const Sample full(series, windows);
  const auto a = look_alikes(single.set()), b = look_alikes(full.set());
  size_t real = 0;
  for (const auto& s : a) {
    const auto row = single.windows[static_cast<size_t>(s.window)].first_row;
    real += std::any_of(spans.begin(), spans.end(), [&](const Span& x) {
      return x.start_row <= row + s.last && x.end_row >= row + s.first;
    });
  }
  printf("single %zu spans %zu look-alikes (%zu by the rule); full %zu spans %zu\n",
         span_count(single), a.size(), real, span_count(full), b.size());
  const SimulatedMarket market = simulate_market(40000, 5);
  const std::vector<Span> truth = true_spans(market);
  const Sample sim(market.bars, tiled(0, 200, truth));
  std::vector<Span> third;
  for (size_t i = 0; i < truth.size(); i += 3) third.push_back(truth[i]);
  const Sample less(market.bars, tiled(0, 200, third));
  printf("sim %zu %zu, third %zu %zu\n", span_count(sim), look_alikes(sim.set()).size(),
         span_count(less), look_alikes(less.set()).size());
  for (double strength : {2.0, 3.0}) {
    MarketModel model;
    model.strength = strength;
    const SimulatedMarket m = simulate_market(40000, 5, model);
    const std::vector<Span> t = true_spans(m);
    const Sample s(m.bars, tiled(0, 200, t));
    std::vector<Span> th;
    for (size_t i = 0; i < t.size(); i += 3) th.push_back(t[i]);
    const Sample l(m.bars, tiled(0, 200, th));
    printf("sim %f: %zu %zu, third %zu %zu\n", strength, span_count(s), look_alikes(s.set()).size(),
           span_count(l), look_alikes(l.set()).size());
  }
}

}  // namespace
}  // namespace spanlab
