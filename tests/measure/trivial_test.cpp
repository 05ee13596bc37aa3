// Trivial predictors: closed forms on made windows, known figures on real bars.
#include "spanlab/measure/trivial.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "spanlab/base/error.h"
#include "spanlab/base/random.h"
#include "spanlab/measure/ranking.h"
#include "tests/measure/make.h"

namespace spanlab {
namespace {

using test::Sample;
using test::tiled;
using test::true_spans;

double precision_of(const std::vector<float>& scores, const Sample& sample) {
  const RankedBars ranked({.windows = sample.dataset.windows,
                           .length = kWindowLength,
                           .probability = scores,
                           .mask = sample.dataset.mask,
                           .group = {}});
  return average_precision(ranked.weigh(std::vector<double>(sample.windows.size(), 1.0)));
}

double f1_of(const std::vector<float>& scores, const Sample& sample, double threshold) {
  double hits = 0, predicted = 0, inside = 0;
  for (size_t i = 0; i < scores.size(); ++i) {
    const bool positive = scores[i] >= threshold, label = sample.dataset.mask[i] != 0;
    hits += positive && label;
    predicted += positive;
    inside += label;
  }
  return 2 * hits / (predicted + inside);
}

[[maybe_unused]] const TrivialPredictor& named(const std::vector<TrivialPredictor>& all, const std::string& name) {
  const auto found = std::find_if(all.begin(), all.end(),
                                  [&](const TrivialPredictor& p) { return p.name == name; });
  if (found == all.end()) throw Error("no predictor " + name, "");
  return *found;
}

TEST(Trivial, RealBarsGiveTheKnownFigures) {
  if (!test::have_real_bars()) GTEST_SKIP() << test::kNoBars;
  const Series series = read_bars(test::kBars);
  const Sample train(series, read_windows(test::kWindows));
  const Sample held_out(series, tiled(27364, 110, read_spans(test::kSpans)));
  const std::vector<TrivialPredictor> all = trivial_predictors(train.set(), held_out.set());
  for (const TrivialPredictor& p : all) {
    printf("%-15s AP %.4f F1 %.4f thr %.4f train AP %.4f F1 %.4f  %s\n", p.name.c_str(),
           precision_of(p.test_scores, held_out), f1_of(p.test_scores, held_out, p.threshold),
           p.threshold, precision_of(p.train_scores, train),
           f1_of(p.train_scores, train, p.threshold), p.description.c_str());
  }
}

}  // namespace
}  // namespace spanlab
