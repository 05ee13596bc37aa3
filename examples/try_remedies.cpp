// Runs the lab: the baseline, its diagnosis, the remedies, and which of them help.
#include <cstdio>
#include <cstdlib>

#include "spanlab/spanlab.h"

int main(int argc, char** argv) {
  if (argc < 4) {
    std::fprintf(stderr, "usage: try_remedies BARS.csv WINDOWS.csv FOLDER [EPOCHS]\n");
    return 2;
  }
  try {
    spanlab::LabConfig config;
    if (argc > 4) config.base.train.epochs = std::atoi(argv[4]);
    config.folder = argv[3];
    config.repetitions = 2;
    const spanlab::Labelled data =
        spanlab::read_labelled({argv[1], argv[2]}, config.base.data.window);

    spanlab::Job job;
    job.on_progress = [](const spanlab::Progress& progress) {
      if (progress.step == 0) std::printf("%s\n", progress.stage.c_str());
    };
    const spanlab::LabResult lab = spanlab::run_lab(config, data, job);

    for (const spanlab::RecipeResult& recipe : lab.recipes) {
      const spanlab::Interval& ap = of(recipe.metrics, spanlab::kVerdictMetric);
      std::printf("%-28s %.3f [%.3f, %.3f]  %s\n", recipe.experiment.name.c_str(), ap.value, ap.low,
                  ap.high, recipe.difference.empty() ? "" : name_of(recipe.verdict));
    }
    std::printf("report: %s\n", (config.folder / "lab.html").string().c_str());
    return 0;
  } catch (const spanlab::Error& e) {
    std::fprintf(stderr, "error: %s\nhint: %s\n", e.what(), e.hint().c_str());
    return 1;
  }
}
