// The windows to test on, predicted by the run's model.
#include "spanlab/evaluate/evaluate_run.h"

#include <string>

#include "spanlab/base/error.h"
#include "spanlab/evaluate/evaluation_sets.h"

namespace spanlab {
namespace {

void require_model(const RunEvidence& run) {
  if (!run.model) {
    const Error why = run.obstacle.value_or(
        Error("it has no model", "give the folder of a finished run, with its folder data"));
    throw Error(run.folder.string() + " cannot be tested: " + why.what(), why.hint());
  }
  if (!run.recipe->has(Task::span)) {
    throw Error(
        run.folder.string() + ": the run trained without the span task, so it predicts no spans",
        "train with \"span\" in loss.tasks");
  }
}

/// Calls f(sets) while all that the sets view is there.
template <class F>
auto with_sets(const RunEvidence& run, const std::optional<HeldOut>& held_out, int threads,
               const F& f) {
  require_model(run);
  const ModelEvidence& model = *run.model;
  if (held_out) {
    const HeldOutWindows stretch = held_out_data(*run.recipe, *run.data, *held_out);
    const Predictions tested = predict(run.recipe->model, run.recipe->train.batch, stretch.dataset,
                                       model.parameters, stretch.chosen, threads);
    return f(held_out_sets(*run.recipe, *run.data, model.train, model.validation, stretch, tested));
  }
  if (model.validation.windows.empty()) {
    throw Error(run.folder.string() + ": there are no validation windows to test on",
                "test on a held-out stretch, or train with split.validation above 0");
  }
  return f(validation_sets(*run.recipe, *run.data, model.train, model.validation));
}

}  // namespace

Evaluation evaluate_run(const RunEvidence& run, const std::optional<HeldOut>& held_out,
                        int threads) {
  return with_sets(run, held_out, threads,
                   [](const EvaluationSets& sets) { return evaluate(sets); });
}

MetricDraws draw_run(const RunEvidence& run, const std::optional<HeldOut>& held_out, uint64_t seed,
                     int threads) {
  return with_sets(run, held_out, threads,
                   [&](const EvaluationSets& sets) { return draw_model(sets, seed); });
}

}  // namespace spanlab
