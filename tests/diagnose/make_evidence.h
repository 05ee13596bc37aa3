// Evidence of a healthy run, made up, for tests to break one thing of it.
#pragma once

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "spanlab/base/random.h"
#include "spanlab/evaluate/run_evidence.h"
#include "spanlab/market/simulate.h"
#include "spanlab/model/jade.h"
#include "spanlab/recipe/jade_config.h"

namespace spanlab::test {

constexpr size_t at(Task task) {
  return static_cast<size_t>(task);
}

/// The recipe of the healthy run: targets of one scale, weights of 1 / L(0), no leak.
inline Recipe healthy_recipe() {
  Recipe recipe;
  recipe.split.kind = SplitKind::grouped;
  recipe.model.span_start = SpanStart::prior;
  recipe.loss.countdown_target = CountdownTarget::unit;
  recipe.balancing.method = Balancing::initial_loss;
  recipe.train.epochs = 40;
  return recipe;
}

/// The parameter tensors of a model with one layer, as gradient_stats.csv names them.
inline std::vector<std::string> tensor_names() {
  std::vector<std::string> names;
  const Jade<float> model(JadeConfig{});
  for (const Parameter& p : model.table().entries()) names.push_back(p.name);
  return names;
}

/// From `first` at epoch 1 to `last`, ever more slowly: e^-4 of the way is left at the last epoch.
inline double falling(double first, double last, int epoch, int epochs) {
  return last + (first - last) * std::exp(-4.0 * (epoch - 1) / (epochs - 1));
}

/// All eleven tables of a run of `epochs` epochs in which every task learns.
inline RunRecord healthy_record(int epochs = 40) {
  const double first[] = {1.05, 0.030, 0.26, 0.030}, last[] = {0.45, 0.004, 0.14, 0.010};
  RunRecord record;
  record.tensors = tensor_names();
  const std::vector<double> norms(record.tensors.size(), 0.1), ratios(record.tensors.size(), 3e-3);
  const TaskCells initial{1.09, 0.032, 0.262, 0.031};
  for (const Phase phase : {Phase::train, Phase::val})
    record.initial_losses.push_back({0, phase, initial});
  for (int epoch = 1; epoch <= epochs; ++epoch) {
    const auto summary = [](double mean, double std, float min, float max) -> Summary {
      return {mean, std, min, max, static_cast<float>(mean)};
    };
    TaskCells loss, weight;
    double total = 0, train_loss = 0;
    for (size_t t = 0; t < kTaskCount; ++t) {
      // A wave of half a percent: no run is smooth.
      loss[t] = falling(first[t], last[t], epoch, epochs) * (1 + 0.005 * std::sin(2.0 * epoch));
      weight[t] = 0.25;
      total += *loss[t];
      train_loss += *loss[t] / *initial[t];
    }
    const double f1 = falling(0.05, 0.5, epoch, epochs);
    record.epoch_metrics.push_back({epoch, train_loss, total, f1, f1, f1, 1.0});
    for (const Phase phase : {Phase::train, Phase::val}) {
      record.loss_components.push_back({epoch, phase, loss, total});
      const double in = falling(0.08, 0.45, epoch, epochs);
      record.probability_stats.push_back({epoch, phase, summary(in, 0.15, 0.01F, 0.95F),
                                          summary(0.06, 0.1, 0.001F, 0.9F), in - 0.06});
    }
    record.ranking_stats.push_back(
        {epoch, Phase::val, falling(0.1, 0.5, epoch, epochs), 0.85, 0.95, f1 + 0.05, 0.4});
    if (epoch % 5 == 0) {
      record.uncertainty_params.push_back({epoch, TaskCells{1, 1, 1, 1}, weight});
      for (const std::string& feature : Recipe().data.features) {
        for (const Phase phase : {Phase::train, Phase::val}) {
          record.feature_stats.push_back({epoch, phase, feature, {0.02, 0.95, -3, 3, 0}});
        }
      }
      record.gradient_stats.push_back(
          {epoch, 0.1 * std::sqrt(static_cast<double>(norms.size())), norms});
      record.update_stats.push_back({epoch, 1e-3, ratios});
      record.task_gradients.push_back({epoch,
                                       TaskCells{0.5, 0.02, 0.2, 0.02},
                                       TaskCells{1 / 1.09, 1 / 0.032, 1 / 0.262, 1 / 0.031},
                                       {0.1, 0.05, 0.2, 0.1, 0.05, 0.1}});
      for (const int direction : {0, 1}) {
        for (const char gate : {'i', 'f', 'g', 'o'}) {
          record.gate_stats.push_back({epoch, 0, direction, gate, 0.01, 0.02});
        }
      }
    }
  }
  return record;
}

/// Tables, recipe and metadata, without data and model: as after the inputs were moved away.
inline RunEvidence healthy_evidence() {
  RunEvidence evidence;
  evidence.folder = "healthy";
  evidence.record = healthy_record();
  evidence.recipe = healthy_recipe();
  Metadata metadata;
  metadata.status = RunStatus::completed;
  metadata.version = "0";
  metadata.dataset_size = 210;
  metadata.train_size = 168;
  metadata.val_size = 42;
  metadata.feature_names = evidence.recipe->data.features;
  metadata.epochs_completed = 40;
  metadata.best_epoch = 40;
  evidence.metadata = metadata;
  return evidence;
}

/// `count` windows of 105 bars without a common bar, each around an expansion of a simulated
/// market, at places spread over the window.
inline RunData made_data(const Recipe& recipe, int count = 60) {
  const SimulatedMarket market = simulate_market(count * 400, 5, MarketModel{});
  RunData data;
  data.source = TrainingData(Labelled{market.bars, {}, {}, {}});
  int64_t free_from = 0;
  for (const Span& e : market.spans) {
    const auto n = static_cast<int64_t>(data.windows.size());
    if (n == count) break;
    const int64_t first = e.start_row - 5 - (n * 37) % 80;
    if (first < free_from || e.end_row >= first + recipe.data.window) continue;
    if (first + recipe.data.window > data.series().size()) break;
    free_from = first + recipe.data.window;
    const SpanType type = n % 2 == 0 ? SpanType::consolidation : SpanType::retracement;
    data.windows.push_back(
        {std::to_string(n),
         std::to_string(n),
         0,
         first,
         1.0,
         {{static_cast<int>(e.start_row - first), static_cast<int>(e.end_row - first), type}}});
  }
  data.dataset =
      build_dataset(data.series(), data.windows, recipe.data, recipe.loss.countdown_target);
  data.split = split_windows(
      data.windows, recipe.data.window,
      {recipe.split.kind, recipe.split.validation, static_cast<uint64_t>(recipe.split.seed)});
  return data;
}

/// What a model says that has learned its tasks: right, with noise.
inline Predictions good_predictions(const Dataset& dataset, const std::vector<int>& windows) {
  Predictions p{windows, {}};
  const auto length = static_cast<size_t>(dataset.length);
  RandomStream noise(1, Purpose::parameter_init, 0, 0);
  for (const int window : windows) {
    const auto w = static_cast<size_t>(window);
    for (int c = 0; c < kTypeClasses; ++c) {
      p.output.logits.push_back((c == dataset.type[w] ? 1.0F : 0.0F) +
                                static_cast<float>(noise.uniform(-1, 1)));
    }
    for (size_t k = 0; k < 2; ++k) {
      p.output.pointers.push_back(dataset.pointers[2 * w + k] +
                                  static_cast<float>(noise.uniform(-0.05, 0.05)));
    }
    for (size_t t = 0; t < length; ++t) {
      const size_t bar = w * length + t;
      const double mean = dataset.mask[bar] > 0 ? 0.5 : 0.05;
      p.output.span.push_back(
          static_cast<float>(std::clamp(mean + noise.uniform(-0.4, 0.4), 0.01, 0.95)));
      p.output.countdown.push_back(dataset.countdown[bar] +
                                   static_cast<float>(noise.uniform(-0.1, 0.1)));
    }
  }
  return p;
}

/// The same with data and model.
inline RunEvidence healthy_evidence_with_model() {
  RunEvidence evidence = healthy_evidence();
  evidence.data = made_data(*evidence.recipe);
  const RunData& data = *evidence.data;
  evidence.metadata->dataset_size = data.dataset.windows;
  evidence.metadata->train_size = static_cast<int64_t>(data.split.train.size());
  evidence.metadata->val_size = static_cast<int64_t>(data.split.validation.size());
  const Jade<float> model(
      jade_config(evidence.recipe->model, data.dataset.length, data.dataset.features));
  std::vector<float> parameters(model.table().size());
  model.table().initialise(0, parameters.data());
  evidence.model = ModelEvidence{"checkpoint_epoch_40.safetensors", parameters,
                                 good_predictions(data.dataset, data.split.train),
                                 good_predictions(data.dataset, data.split.validation)};
  return evidence;
}

}  // namespace spanlab::test
