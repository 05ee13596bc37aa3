// Fits a detector on labelled windows and finds spans with it in the same bars.
#include <cstdio>
#include <cstdlib>

#include "spanlab/spanlab.h"

int main(int argc, char** argv) {
  if (argc < 5) {
    std::fprintf(stderr, "usage: fit_and_detect BARS.csv WINDOWS.csv SPANS.csv FOLDER [EPOCHS]\n");
    return 2;
  }
  try {
    spanlab::FitConfig config;
    config.recipe = spanlab::recommended_recipe();
    if (argc > 5) config.recipe.train.epochs = std::atoi(argv[5]);
    config.folder = argv[4];
    const spanlab::Labelled data =
        spanlab::read_labelled({argv[1], argv[2], argv[3]}, config.recipe.data.window);

    const spanlab::FitResult fit = spanlab::fit_detector(config, data);
    std::printf("delay  threshold     F1  precision  recall\n");
    for (const spanlab::DelayRow& row : fit.detector.delays) {
      std::printf("%5d  %9.3f  %5.3f  %9.3f  %6.3f\n", row.delay, row.threshold, row.f1,
                  row.precision, row.recall);
    }

    // The file is all that detection needs, here or on another machine.
    const spanlab::Detector detector =
        spanlab::read_detector(spanlab::detector_file(config.folder));
    const auto found = spanlab::detect(detector, data.bars, detector.default_delay);
    std::printf("%zu spans in %lld bars\n", found.detections.size(),
                static_cast<long long>(data.bars.size()));
    return 0;
  } catch (const spanlab::Error& e) {
    std::fprintf(stderr, "error: %s\nhint: %s\n", e.what(), e.hint().c_str());
    return 1;
  }
}
