// Trains the reported run's recipe on bars and windows from CSV files and prints why it fails.
#include <cstdio>
#include <cstdlib>

#include "spanlab/spanlab.h"

int main(int argc, char** argv) {
  if (argc < 4) {
    std::fprintf(stderr, "usage: train_and_diagnose BARS.csv WINDOWS.csv RUN_FOLDER [EPOCHS]\n");
    return 2;
  }
  try {
    spanlab::Recipe recipe;  // the reported run; read_recipe("recipes/weighted.toml") for another
    if (argc > 4) recipe.train.epochs = std::atoi(argv[4]);
    const spanlab::Labelled data = spanlab::read_labelled({argv[1], argv[2]}, recipe.data.window);

    spanlab::Job job;
    job.on_progress = [](const spanlab::Progress& progress) {
      for (const std::string& note : progress.notes) std::printf("note: %s\n", note.c_str());
      if (progress.step % 10 != 0 || progress.step == 0) return;
      std::printf("epoch %3d of %d", int(progress.step), int(progress.steps));
      for (const auto& [name, value] : progress.figures) {
        if (name == "validation loss" || name == "span F1") {
          std::printf("  %s %.3f", name.c_str(), value);
        }
      }
      std::printf("\n");
    };
    const spanlab::Run run = spanlab::Run::train(recipe, data, argv[3], job);

    std::printf("weights %s, best epoch %d\n", run.summary().weights_hash.c_str(),
                run.summary().best_epoch);
    for (const spanlab::Finding& finding : run.diagnose().findings) {
      std::printf("%-3s %s\n", finding.rule.c_str(), finding.title.c_str());
    }
    return 0;
  } catch (const spanlab::Error& e) {
    std::fprintf(stderr, "error: %s\nhint: %s\n", e.what(), e.hint().c_str());
    return 1;
  }
}
