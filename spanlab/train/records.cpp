// Turns batches into rows.
#include "spanlab/train/records.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "spanlab/metrics/distribution.h"
#include "spanlab/metrics/ranking.h"

namespace spanlab {
namespace {

std::vector<Summary> feature_summaries(const Dataset& dataset, const std::vector<int>& windows) {
  std::vector<Summary> summaries;
  const auto features = static_cast<size_t>(dataset.features);
  const auto length = static_cast<size_t>(dataset.length);
  for (size_t f = 0; f < features && !windows.empty(); ++f) {
    std::vector<float> values;
    values.reserve(windows.size() * length);
    for (const int window : windows) {
      const float* from = dataset.input_of(window) + f;
      for (size_t t = 0; t < length; ++t) values.push_back(from[t * features]);
    }
    summaries.push_back(summarize(std::move(values)));
  }
  return summaries;
}

/// F1 of "inside where score >= threshold"; NaN for a threshold of NaN.
double f1_at(const ScoreLevels& levels, double threshold) {
  double hits = 0, predicted = 0, inside = 0;
  for (size_t k = 0; k < levels.score.size(); ++k) {
    const ScoreLevels::Weight& bars = levels.weight[k];
    inside += bars.inside;
    if (levels.score[k] < threshold) continue;
    hits += bars.inside;
    predicted += bars.inside + bars.outside;
  }
  if (std::isnan(threshold)) return threshold;
  return 2 * hits / (predicted + inside);
}

}  // namespace

void PhaseRecord::add(const Learner& learner, std::span<const int> windows,
                      const BatchLosses& losses) {
  ++batches_;
  for (const Task task : loss_.tasks) {
    const auto t = static_cast<size_t>(task);
    task_sum_[t] += losses.tasks.loss[t];
    task_batches_[t] += losses.tasks.present[t];
  }
  total_ += losses.total;
  const std::vector<float>& p = learner.span_probabilities();
  const ptrdiff_t length = dataset_.length;
  for (size_t i = 0; i < windows.size(); ++i) {
    // Of a window that was moved, the bars that are its own.
    const ptrdiff_t shift = learner.views()[i].shift;
    const auto said = p.begin() + static_cast<ptrdiff_t>(i) * length;
    const auto mask = dataset_.mask.begin() + windows[i] * length;
    const ptrdiff_t first = std::max<ptrdiff_t>(-shift, 0),
                    last = length - std::max<ptrdiff_t>(shift, 0);
    probability_.insert(probability_.end(), said + first, said + last);
    mask_.insert(mask_.end(), mask + first + shift, mask + last + shift);
  }
}

Cell PhaseRecord::task_loss(Task task) const {
  const auto t = static_cast<size_t>(task);
  if (task_batches_[t] == 0) return {};
  return task_sum_[t] / task_batches_[t];
}

std::array<double, kTaskCount> PhaseRecord::mean_losses() const {
  std::array<double, kTaskCount> means{};
  for (int t = 0; t < kTaskCount; ++t) {
    means[static_cast<size_t>(t)] =
        task_loss(static_cast<Task>(t)).value_or(std::numeric_limits<double>::quiet_NaN());
  }
  return means;
}

double PhaseRecord::sum() const {
  double sum = 0;
  for (const Task task : loss_.tasks) sum += task_loss(task).value_or(0);
  return sum;
}

SpanScores PhaseRecord::scores() const {
  const int windows = static_cast<int>(mask_.size()) / dataset_.length;
  return span_scores(probability_.data(), mask_.data(), windows, dataset_.length);
}

ProbabilityStatsRow PhaseRecord::probabilities(int epoch, Phase phase) const {
  if (!loss_.has(Task::span)) return {epoch, phase, summarize({}), summarize({}), kNone};
  const ProbabilityStats stats =
      probability_stats(probability_.data(), mask_.data(), probability_.size());
  return {epoch, phase, stats.in_span, stats.out_span, stats.separation};
}

RankingStatsRow PhaseRecord::ranking(int epoch, Phase phase) const {
  RankingStatsRow row{epoch, phase, kNone, kNone, kNone, kNone, kNone};
  const auto is_nan = [](float p) { return std::isnan(p); };
  if (std::any_of(probability_.begin(), probability_.end(), is_nan)) return row;
  const int windows = static_cast<int>(mask_.size()) / dataset_.length;
  const RankedBars bars({windows, dataset_.length, probability_, mask_, {}});
  const std::vector<double> once(static_cast<size_t>(windows), 1.0);
  const ScoreLevels levels = bars.weigh(once);
  row.average_precision = average_precision(levels);
  row.auroc = auroc(levels);
  row.max_probability = levels.score.front();
  row.best_threshold = best_f1_threshold(levels);
  row.best_f1 = f1_at(levels, row.best_threshold);
  return row;
}

Recorder::Recorder(const RecordConfig& config, const LossConfig& loss, Balancing balancing,
                   const Dataset& dataset, const std::vector<int>& train,
                   const std::vector<int>& validation, RunTables& tables)
    : config_(config),
      loss_(loss),
      sigmas_(balancing == Balancing::uncertainty),
      dataset_(dataset),
      tables_(tables),
      train_features_(feature_summaries(dataset, train)),
      validation_features_(feature_summaries(dataset, validation)) {}

void Recorder::initial_losses(Phase phase, const PhaseRecord& record) {
  if (record.batches() == 0) return;
  InitialLossesRow row{0, phase, {}};
  for (int t = 0; t < kTaskCount; ++t) {
    row.loss[static_cast<size_t>(t)] = record.task_loss(static_cast<Task>(t));
  }
  tables_.append(row);
}

bool Recorder::diagnoses(int epoch) const {
  const int every = config_.diagnostics_every;
  return every > 0 && epoch % every == 0;
}

void Recorder::diagnostics(const BatchDiagnostics& batch) {
  tables_.append(batch.task_gradients);
  tables_.append(batch.updates);
  for (const GateStatsRow& row : batch.gates) tables_.append(row);
}

bool Recorder::ranks(int epoch, bool last) const {
  if (config_.diagnostics_every == 0 || !loss_.has(Task::span)) return false;
  return diagnoses(epoch) || last;
}

void Recorder::first_batch(int epoch, const Learner& learner) {
  if (epoch % config_.gradients_every != 0) return;
  GradientStatsRow row{epoch, 0, {}};
  double total = 0;
  for (const Parameter& p : learner.table().entries()) {
    double squares = 0;
    for (size_t i = p.offset; i < p.offset + p.size; ++i) {
      const auto g = static_cast<double>(learner.gradient()[i]);
      squares += g * g;
    }
    row.norms.push_back(std::sqrt(squares));
    total += squares;
  }
  row.total_grad_norm = std::sqrt(total);
  tables_.append(row);
}

void Recorder::epoch(int epoch, bool last, const Learner& learner, const PhaseRecord& train,
                     const PhaseRecord& validation, double seconds) {
  const bool validated = validation.batches() > 0;
  losses(epoch, Phase::train, train);
  tables_.append(train.probabilities(epoch, Phase::train));
  if (validated) {
    losses(epoch, Phase::val, validation);
    tables_.append(validation.probabilities(epoch, Phase::val));
    if (ranks(epoch, last)) tables_.append(validation.ranking(epoch, Phase::val));
  }
  if (epoch % config_.uncertainty_every == 0) {
    UncertaintyParamsRow row{epoch, {}, {}};
    const auto weights = learner.task_weights();
    for (const Task task : loss_.tasks) {
      const auto t = static_cast<size_t>(task);
      if (sigmas_) row.sigma[t] = learner.sigma(task);
      row.weight[t] = weights[t];
    }
    tables_.append(row);
  }
  if (epoch % config_.features_every == 0) {
    features(epoch, Phase::train, train_features_);
    features(epoch, Phase::val, validation_features_);
  }
  EpochMetricsRow row{epoch, train.total(), {}, {}, {}, {}, seconds};
  if (validated) row.val_loss = validation.sum();
  if (validated && loss_.has(Task::span)) {
    const SpanScores scores = validation.scores();
    row.span_f1 = scores.f1;
    row.span_precision = scores.precision;
    row.span_recall = scores.recall;
  }
  tables_.append(row);
}

void Recorder::losses(int epoch, Phase phase, const PhaseRecord& record) {
  LossComponentsRow row{epoch, phase, {}, record.sum()};
  for (int t = 0; t < kTaskCount; ++t) {
    row.loss[static_cast<size_t>(t)] = record.task_loss(static_cast<Task>(t));
  }
  tables_.append(row);
}

void Recorder::features(int epoch, Phase phase, const std::vector<Summary>& summaries) {
  for (size_t f = 0; f < summaries.size(); ++f) {
    tables_.append(FeatureStatsRow{epoch, phase, dataset_.feature_names[f], summaries[f]});
  }
}

}  // namespace spanlab
