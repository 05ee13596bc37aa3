// From a set-up to findings and held-out figures.
#include "tests/gallery/trial.h"

#include <algorithm>

#include "spanlab/base/error.h"
#include "spanlab/diagnose/diagnose.h"
#include "spanlab/evaluate/evaluate_run.h"
#include "spanlab/train/run.h"

namespace spanlab::gallery {

Trial run_trial(const Setup& setup, const std::filesystem::path& folder) {
  Trial trial;
  std::filesystem::remove_all(folder);
  try {
    const TrainingData inputs = inputs_of(setup);
    train_run(setup.recipe, inputs, folder / "run", setup.options);
    const RunEvidence evidence = gather_evidence(folder / "run", 1, &inputs);
    trial.findings = diagnose(evidence);
    trial.held_out = draw_run(evidence, HeldOut{setup.truth, setup.test_row}, kEvaluationSeed, 1);
  } catch (const Error& error) {
    trial.error = error.what();
  }
  std::filesystem::remove_all(folder);
  return trial;
}

const Finding* find_any(const std::vector<Finding>& findings,
                        const std::vector<std::string>& rules) {
  const auto found = std::find_if(findings.begin(), findings.end(), [&](const Finding& finding) {
    return std::find(rules.begin(), rules.end(), finding.rule) != rules.end();
  });
  return found == findings.end() ? nullptr : &*found;
}

}  // namespace spanlab::gallery
