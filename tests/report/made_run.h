// Evidence of a run made by hand for golden pages: every number differs from the others, so that
// any two that are swapped show.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "spanlab/evaluate/run_evidence.h"
#include "tests/report/made_up_results.h"

namespace spanlab::test {

/// Summary with distinct numbers around `mean`.
inline Summary summary_around(double mean) {
  return {mean, mean / 3, static_cast<float>(mean / 7), static_cast<float>(mean * 2),
          static_cast<float>(mean * 0.9)};
}

/// A run's loss of a task: falls by a line, from another level at another pace in each phase.
inline double made_loss(Phase phase, size_t task, int epoch) {
  constexpr double kStart[2][kTaskCount] = {{1.20, 0.050, 0.40, 3.10}, {1.31, 0.057, 0.43, 3.37}};
  constexpr double kStep[2][kTaskCount] = {{0.031, 0.0013, 0.011, 0.083},
                                           {0.029, 0.0011, 0.009, 0.071}};
  const size_t p = phase == Phase::val ? 1 : 0;
  return kStart[p][task] - kStep[p][task] * (epoch - 1);
}

/// Tables of 20 epochs in both phases. `scale` moves the losses and scores of another run.
inline RunRecord made_record(double scale = 1) {
  RunRecord record;
  record.tensors = {"lstm.weight_ih_l0", "projection.0.weight", "expansion_span_emission.1.weight"};
  record.initial_losses = {{0, Phase::train, {1.41, 0.061, 0.71, 4.3}},
                           {0, Phase::val, {1.43, 0.067, 0.73, 4.7}}};
  constexpr double kSigma[] = {0.91, 0.43, 0.77, 1.39}, kWeight[] = {0.23, 0.41, 0.29, 0.07};
  for (int epoch = 1; epoch <= 20; ++epoch) {
    double total_of_validation = 0;
    for (const Phase phase : {Phase::train, Phase::val}) {
      TaskCells loss;
      double total = 0;
      for (size_t t = 0; t < kTaskCount; ++t) {
        loss[t] = scale * made_loss(phase, t, epoch);
        total += *loss[t];
      }
      record.loss_components.push_back({epoch, phase, loss, total});
      total_of_validation = total;
      const double lift = phase == Phase::val ? 0.013 : 0.0, far = epoch - 13;
      const double apart = 0.21 + lift - 0.0017 * far * far, out = 0.09 + lift + 0.0031 * epoch;
      record.probability_stats.push_back(
          {epoch, phase, summary_around(out + scale * apart), summary_around(out), scale * apart});
    }
    record.epoch_metrics.push_back({epoch, 2.9 - 0.07 * epoch, total_of_validation,
                                    scale * (0.05 + 0.021 * epoch), 0.07 + 0.025 * epoch,
                                    0.04 + 0.017 * epoch, 3 + 0.1 * epoch});
    record.ranking_stats.push_back({epoch, Phase::val, 0.11 + 0.012 * epoch, 0.52 + 0.016 * epoch,
                                    0.31 + 0.019 * epoch, 0.13 + 0.023 * epoch,
                                    0.17 + 0.008 * epoch});
    if (epoch % 5 != 0) continue;
    UncertaintyParamsRow sigmas{epoch, {}, {}};
    for (size_t t = 0; t < kTaskCount; ++t) {
      const double way = static_cast<double>(t) + 1;
      sigmas.sigma[t] = kSigma[t] - 0.003 * way * epoch;
      sigmas.weight[t] = kWeight[t] + 0.001 * epoch * (t < 2 ? way : 1.5 - way);
    }
    record.uncertainty_params.push_back(sigmas);
    int f = 0;
    for (const char* feature : {"body_pct", "open_norm", "range_z"}) {
      ++f;
      for (const Phase phase : {Phase::train, Phase::val}) {
        const double lift = phase == Phase::val ? 0.3 : 0.0;
        record.feature_stats.push_back({epoch,
                                        phase,
                                        feature,
                                        {0.1 * f + lift + 0.007 * f * f * epoch,
                                         0.8 + 0.11 * f + lift + 0.001 * epoch, -3, 3, 0}});
      }
    }
    record.gradient_stats.push_back(
        {epoch, 1.7 + 0.13 * epoch, {0.3 + epoch, 0.7 + epoch, 0.9 + epoch}});
    record.update_stats.push_back(
        {epoch, 1e-3, {0.0011 + 1e-4 * epoch, 0.0023 + 1e-4 * epoch, 0.0047 + 1e-4 * epoch}});
    record.task_gradients.push_back({epoch,
                                     {0.51, 0.023, 0.27, 0.37},
                                     {0.31, 0.37, 0.23, 0.09},
                                     {0.1, 0.05, 0.2, 0.15, 0.07, 0.13}});
    for (const int direction : {0, 1}) {
      int g = 0;
      for (const char gate : {'i', 'f', 'g', 'o'}) {
        ++g;
        const double share = 0.001 * epoch + 0.01 * g + 0.05 * direction * (g == 3);
        record.gate_stats.push_back({epoch, 0, direction, gate, share, 0.7 * share + 0.002});
      }
    }
  }
  return record;
}

/// 9 windows of 5 bars, of which 7 validate, with what a model says of them. The order of the
/// validation windows is none by number.
inline RunData made_windows() {
  RunData data;
  Labelled labelled;
  Bars& bars = labelled.bars;
  for (int row = 0; row < 60; ++row) {
    const double open = 100 + 0.5 * row + 0.25 * (row % 3);
    bars.time_ms.push_back(1'700'000'000'000 + 60'000 * row);
    bars.open.push_back(open);
    bars.high.push_back(open + 2);
    bars.low.push_back(open - 1);
    bars.close.push_back(open + 1.125);
  }
  bars.bar_ms = 60'000;
  data.source = TrainingData(std::move(labelled));
  constexpr int kLength = 5;
  data.dataset.windows = 9;
  data.dataset.length = kLength;
  for (int w = 0; w < 9; ++w) {
    const int start = w % 3, end = start + 1 + w % 2;
    data.windows.push_back({"w" + std::to_string(w),
                            "w" + std::to_string(w),
                            0,
                            6 * w + 1,
                            1.0,
                            {{start, end, SpanType::consolidation}}});
    for (int t = 0; t < kLength; ++t) {
      data.dataset.mask.push_back(t >= start && t <= end ? 1.0F : 0.0F);
    }
  }
  data.split.train = {1, 4};
  data.split.validation = {7, 2, 5, 0, 8, 3, 6};
  return data;
}

/// Probabilities of windows whose spans are found less and less well along the list.
inline Predictions made_predictions(const RunData& data, const std::vector<int>& windows) {
  Predictions said{windows, {}};
  const auto length = static_cast<size_t>(data.dataset.length);
  for (size_t i = 0; i < windows.size(); ++i) {
    for (size_t t = 0; t < length; ++t) {
      const auto bar = static_cast<size_t>(windows[i]) * length + t;
      const double noise = 0.03 * static_cast<double>((i + 3) * ((7 * i + 3 * t) % 5));
      const double slope = 0.01 * static_cast<double>(t) + 0.001 * static_cast<double>(i);
      said.output.span.push_back(
          static_cast<float>(0.13 + slope + noise / 2 + (data.dataset.mask[bar] > 0 ? 0.2 : 0)));
    }
  }
  return said;
}

/// The whole run: tables, recipe with uncertainty weighting, metadata, windows, evaluation.
inline RunEvidence made_run() {
  RunEvidence evidence;
  evidence.folder = "runs/made/run";
  evidence.record = made_record();
  Recipe recipe;
  recipe.balancing.method = Balancing::uncertainty;
  recipe.train.epochs = 25;
  recipe.train.batch = 32;
  recipe.train.rate.peak = 2e-3;
  recipe.criteria.loss_drop = 0.31;
  recipe.criteria.span_f1 = 0.44;
  recipe.criteria.separation = 0.12;
  evidence.recipe = recipe;
  Metadata metadata;
  metadata.timestamp = "2025-10-26T23:10:00Z";
  metadata.status = RunStatus::stopped;
  metadata.inputs = {{"bars", "data/my bars.csv"}, {"windows", "data/w.csv"}, {"spans", "s.csv"}};
  metadata.dataset_size = 211;
  metadata.train_size = 167;
  metadata.val_size = 43;
  metadata.feature_names = {"body_pct", "open_norm", "range_z"};
  metadata.epochs_completed = 20;
  metadata.best_epoch = 17;
  evidence.metadata = metadata;
  evidence.data = made_windows();
  evidence.model = ModelEvidence{"checkpoint_epoch_20.safetensors",
                                 {},
                                 made_predictions(*evidence.data, evidence.data->split.train),
                                 made_predictions(*evidence.data, evidence.data->split.validation)};
  evidence.evaluation = made_up_evaluation();
  evidence.notes = {"the run was stopped at epoch 20 of 25", "a second note."};
  return evidence;
}

/// Tables alone, without validation, some of them damaged, short or missing.
inline RunEvidence made_tables() {
  RunEvidence evidence;
  evidence.folder = "tables";
  RunRecord& record = evidence.record;
  record = made_record();
  const auto validates = [](const auto& row) { return row.phase == Phase::val; };
  std::erase_if(record.loss_components,
                [&](const auto& row) { return validates(row) || row.epoch > 3; });
  std::erase_if(record.probability_stats, validates);
  record.ranking_stats.clear();
  record.uncertainty_params.clear();
  record.initial_losses.clear();
  for (EpochMetricsRow& row : record.epoch_metrics) {
    row.val_loss = row.span_f1 = row.span_precision = row.span_recall = std::nullopt;
    row.epoch_time *= 10;
  }
  for (LossComponentsRow& row : record.loss_components) {
    row.loss[static_cast<size_t>(Task::countdown)].reset();
  }
  record.epoch_metrics[4].train_loss = std::numeric_limits<double>::quiet_NaN();
  record.gradient_stats[1].total_grad_norm = 123;
  record.missing = {"uncertainty_params.csv", "feature_stats.csv"};
  record.faults = {{"epoch_metrics.csv", "the last line is cut"}};
  record.feature_stats.clear();
  return evidence;
}

}  // namespace spanlab::test
