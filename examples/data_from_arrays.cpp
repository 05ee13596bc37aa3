// Data from arrays instead of files: bars, labels by a rule, windows around them, features of each
// bar, and a run on all of it.
#include <cmath>
#include <cstdio>

#include "spanlab/spanlab.h"

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr, "usage: data_from_arrays RUN_FOLDER\n");
    return 2;
  }
  try {
    spanlab::Labelled data;
    spanlab::Bars& bars = data.bars;
    bars.bar_ms = 60'000;
    double price = 100;
    for (int i = 0; i < 20'000; ++i) {  // a quiet price that now and then runs away
      const double move = std::sin(i * 0.7) * 0.05 + (i % 180 < 8 ? 0.25 : 0);
      bars.time_ms.push_back(1'700'000'000'000 + i * bars.bar_ms);
      bars.open.push_back(price);
      bars.close.push_back(price += i % 360 < 180 ? move : -move);
      bars.high.push_back(std::max(bars.open.back(), price) + 0.02);
      bars.low.push_back(std::min(bars.open.back(), price) - 0.02);
    }
    data.spans = spanlab::hindsight_spans(bars);
    data.windows = spanlab::cut_windows(bars, *data.spans, {});

    float features[spanlab::kFeatureCount];
    spanlab::FeatureStream stream(spanlab::kWindowLength);
    for (int64_t row = 0; row < 500; ++row) stream.push(bars.bar(row), features);
    std::printf("%s of bar 499: %.3f\n", spanlab::feature_table()[13].name.data(), features[13]);

    spanlab::Recipe recipe = spanlab::recommended_recipe();
    recipe.train.epochs = 2;
    const spanlab::Run run = spanlab::Run::train(recipe, data, argv[1]);
    const spanlab::Evaluation tested = run.evaluate().figures;
    std::printf("%d windows, %zu spans, F1 %.3f on %d validation windows\n",
                static_cast<int>(data.windows.size()), data.spans->size(),
                of(tested.model.metrics, spanlab::Metric::f1).value, tested.windows);
    return 0;
  } catch (const spanlab::Error& e) {
    std::fprintf(stderr, "error: %s\nhint: %s\n", e.what(), e.hint().c_str());
    return 1;
  }
}
