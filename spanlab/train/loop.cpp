// The training loop.
#include "spanlab/train/loop.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <filesystem>

#include "spanlab/base/failpoint.h"
#include "spanlab/train/records.h"
#include "spanlab/windows/batches.h"

namespace spanlab {
namespace {

/// Calls f(windows, number) for each batch of consecutive indices; the last may be short. Stops and
/// returns false as soon as f does.
template <class F>
bool for_each_batch(const std::vector<int>& order, int batch, const F& f) {
  const auto size = static_cast<size_t>(batch);
  for (size_t first = 0; first < order.size(); first += size) {
    const std::span<const int> windows(order.data() + first, std::min(size, order.size() - first));
    if (!f(windows, static_cast<int>(first / size))) return false;
  }
  return true;
}

/// The best parameters so far; in memory until the next checkpoint, so that the file on disk is
/// never older than what that checkpoint knows.
struct Best {
  std::vector<float> parameters;
  bool unsaved = false;
};

ValidationReport validation_report(const LossConfig& loss, const PhaseRecord& record) {
  ValidationReport report{{}, record.sum(), {}, {}};
  for (int t = 0; t < kTaskCount; ++t) {
    report.task[static_cast<size_t>(t)] = record.task_loss(static_cast<Task>(t));
  }
  if (loss.has(Task::span)) {
    report.span_f1 = record.scores().f1;
    report.separation = record.probabilities(0, Phase::val).separation;
  }
  return report;
}

PhaseRecord evaluate(const Recipe& recipe, const Dataset& dataset, const std::vector<int>& windows,
                     Learner& learner) {
  PhaseRecord record(recipe.loss, dataset);
  for_each_batch(windows, recipe.train.batch, [&](std::span<const int> batch, int) {
    record.add(learner, batch, learner.evaluate_batch(batch));
    return true;
  });
  return record;
}

bool ended(const TrainConfig& train, const RunProgress& progress) {
  if (progress.epoch >= train.epochs) return true;
  return train.patience > 0 && progress.epoch - progress.best_epoch >= train.patience;
}

}  // namespace

LoopResult train_loop(const Recipe& recipe, const Dataset& dataset, const Split& split,
                      const RunFolder& folder, Learner& learner, RunTables& tables,
                      RunProgress progress, const LoopHooks& hooks) {
  using Clock = std::chrono::steady_clock;
  Recorder recorder(recipe.record, recipe.loss, recipe.balancing.method, dataset, split.train,
                    split.validation, tables);
  Best best;
  LoopResult result;
  const auto stop_requested = [&] { return hooks.stop_requested && hooks.stop_requested(); };
  const auto save = [&](const std::filesystem::path& path, const AdamWState& state,
                        const std::vector<double>& balancing) {
    tables.sync();
    if (best.unsaved) {
      save_best_model(folder.best_model(), learner.table(), best.parameters, progress.best_epoch,
                      progress.best_loss);
      best.unsaved = false;
    }
    save_checkpoint(path, learner.table(), state, balancing, progress);
  };

  if (progress.epoch == 0 && recipe.record.diagnostics_every > 0) {
    recorder.initial_losses(Phase::train, evaluate(recipe, dataset, split.train, learner));
    recorder.initial_losses(Phase::val, evaluate(recipe, dataset, split.validation, learner));
  }
  while (!ended(recipe.train, progress)) {
    const int epoch = progress.epoch + 1;
    const auto begin = Clock::now();
    const AdamWState at_start = learner.state();
    const std::vector<double> balancing_at_start = learner.balancing_state();

    const std::vector<int> order = epoch_order(
        split.train, static_cast<uint64_t>(recipe.train.seed), static_cast<uint32_t>(epoch));
    PhaseRecord train(recipe.loss, dataset), validation(recipe.loss, dataset);
    bool whole =
        for_each_batch(order, recipe.train.batch, [&](std::span<const int> windows, int number) {
          BatchDiagnostics diagnostics;
          const bool diagnosed = number == 0 && recorder.diagnoses(epoch);
          train.add(
              learner, windows,
              learner.train_batch(windows, epoch, number, diagnosed ? &diagnostics : nullptr));
          if (number == 0) recorder.first_batch(epoch, learner);
          if (diagnosed) recorder.diagnostics(diagnostics);
          return !stop_requested();
        });
    if (whole) learner.end_epoch(train.mean_losses());
    whole =
        whole && for_each_batch(split.validation, recipe.train.batch,
                                [&](std::span<const int> windows, int) {
                                  validation.add(learner, windows, learner.evaluate_batch(windows));
                                  return !stop_requested();
                                });
    if (!whole) {
      save(folder.resume_state(), at_start, balancing_at_start);
      result.stopped = true;
      break;
    }

    const double seconds = std::chrono::duration<double>(Clock::now() - begin).count();
    const bool validated = validation.batches() > 0;
    const double loss = validated ? validation.sum() : train.total();
    if (!std::isfinite(loss) && progress.first_bad_epoch == 0) progress.first_bad_epoch = epoch;
    if (loss < progress.best_loss) {
      progress.best_loss = loss;
      progress.best_epoch = epoch;
      best.parameters = learner.state().model();
      best.unsaved = true;
    }
    progress.epoch = epoch;
    const bool last = ended(recipe.train, progress);
    recorder.epoch(epoch, last, learner, train, validation, seconds);
    failpoint("epoch");
    if (epoch % recipe.record.checkpoint_every == 0 || last) {
      save(folder.checkpoint(epoch), learner.state(), learner.balancing_state());
    }
    if (hooks.on_epoch) {
      EpochReport report{epoch, recipe.train.epochs,    train.total(),
                         {},    learner.task_weights(), seconds};
      if (validated) report.validation = validation_report(recipe.loss, validation);
      hooks.on_epoch(report);
    }
  }
  result.progress = progress;
  return result;
}

}  // namespace spanlab
