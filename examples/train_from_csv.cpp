// Trains the reported run's model on bars and windows from CSV files and says what came out.
#include <cstdio>
#include <cstdlib>
#include <string>

#include "spanlab/base/error.h"
#include "spanlab/train/run.h"

int main(int argc, char** argv) {
  if (argc < 4) {
    std::fprintf(stderr, "usage: train_from_csv BARS.csv WINDOWS.csv RUN_FOLDER [EPOCHS]\n");
    return 2;
  }
  try {
    spanlab::Recipe recipe;  // the reported run; read_recipe("recipes/weighted.toml") for another
    if (argc > 4) recipe.train.epochs = std::atoi(argv[4]);

    spanlab::RunOptions options;
    options.hooks.on_epoch = [](const spanlab::EpochReport& report) {
      if (report.epoch % 10 == 0 && report.validation) {
        std::printf("epoch %3d  validation loss %.3f  span F1 %.3f\n", report.epoch,
                    report.validation->loss, report.validation->span_f1.value_or(0));
      }
    };
    const spanlab::RunResult result =
        spanlab::train_run(recipe, {.bars = argv[1], .windows = argv[2]}, argv[3], options);

    std::printf("best epoch %d, weights %s, all records in %s\n", result.loop.progress.best_epoch,
                result.weights_hash.c_str(), result.folder.string().c_str());
    return 0;
  } catch (const spanlab::Error& e) {
    std::fprintf(stderr, "error: %s\nhint: %s\n", e.what(), e.hint().c_str());
    return 1;
  }
}
