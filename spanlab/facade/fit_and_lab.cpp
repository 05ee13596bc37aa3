// Calls fit or lab and writes the reports and settings into its folder.
#include "spanlab/facade/fit_and_lab.h"

#include "spanlab/base/file.h"
#include "spanlab/facade/run_shared.h"
#include "spanlab/fit/fit.h"
#include "spanlab/fit/fit_shared.h"
#include "spanlab/lab/lab.h"
#include "spanlab/lab/lab_runs.h"
#include "spanlab/report/reports.h"

namespace spanlab {

FitResult fit_detector(const FitConfig& config, const Labelled& labelled, const Job& job,
                       const StartWeights& start) {
  FitResult result = fit_detector(config, TrainingData::viewing(labelled, start), job);
  const Document report = fit_report(result);
  write_file_atomically(config.folder / "fit.toml", fit_text(config));
  write_document(config.folder / "fit.html", report);
  write_document(config.folder / "fit.md", report);
  return result;
}

LabResult run_lab(const LabConfig& config, const Labelled& labelled, const Job& job,
                  const std::string& program) {
  const TrainingData data = TrainingData::viewing(labelled);
  LabResult result = run_lab(config, data, job);
  const Document report = lab_report(result);
  write_document(config.folder / "lab.html", report);
  write_document(config.folder / "lab.md", report);
  write_file_atomically(config.folder / "lab.json", lab_json(result));
  write_file_atomically(config.folder / "best.toml",
                        recipe_text(result.recipes[result.best].recipe));
  for (const RecipeResult& recipe : result.recipes) {
    const std::filesystem::path& run = recipe.runs.front();
    write_diagnosis(diagnosis_of(run, &data, job, program), run);
  }
  return result;
}

}  // namespace spanlab
