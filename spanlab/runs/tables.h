// The tables of a run, written row by row as it goes: the six of the reported run, and those that
// diagnosis needs.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "spanlab/base/summary.h"
#include "spanlab/base/task.h"
#include "spanlab/runs/append_file.h"
#include "spanlab/runs/run_folder.h"
#include "spanlab/runs/table_forms.h"

namespace spanlab {

/// A number, or an empty cell where there is none (a task that is not learned, no validation).
using Cell = std::optional<double>;
/// One cell a task, indexed by Task.
using TaskCells = std::array<Cell, kTaskCount>;

enum class Phase { train, val };

/// epoch_metrics.csv, every epoch.
struct EpochMetricsRow {
  int epoch;
  double train_loss;  ///< mean over batches of what training minimises
  Cell val_loss;      ///< mean over batches of the plain sum of the tasks' losses
  Cell span_f1, span_precision, span_recall;
  double epoch_time;  ///< seconds
};

/// loss_components.csv, every epoch and phase.
struct LossComponentsRow {
  int epoch;
  Phase phase;
  TaskCells loss;
  Cell total_loss;  ///< plain sum
};

/// uncertainty_params.csv.
struct UncertaintyParamsRow {
  int epoch;
  TaskCells sigma;
  TaskCells weight;  ///< (1 / sigma^2) / sum of (1 / sigma^2)
};

/// probability_stats.csv, every epoch and phase. NaN of an empty set becomes an empty cell.
struct ProbabilityStatsRow {
  int epoch;
  Phase phase;
  Summary in_span, out_span;
  double separation;
};

/// feature_stats.csv.
struct FeatureStatsRow {
  int epoch;
  Phase phase;
  std::string feature_name;
  Summary values;
};

/// gradient_stats.csv: L2 norms, first batch of the epoch, before the step.
struct GradientStatsRow {
  int epoch;
  double total_grad_norm;
  std::vector<double> norms;  ///< one a parameter tensor, in the order of the table's columns
};

// The rows below are written only if the run records for diagnosis.

/// initial_losses.csv: losses without dropout before the first step, a row a phase (epoch 0).
struct InitialLossesRow {
  int epoch;
  Phase phase;
  TaskCells loss;
};

/// ranking_stats.csv: how the span probabilities order the bars, a row an epoch, validation.
struct RankingStatsRow {
  int epoch;
  Phase phase;
  double average_precision, auroc;
  double max_probability;
  double best_f1, best_threshold;  ///< over all thresholds on these very bars: a ceiling, no score
};

/// task_gradients.csv: each task's own gradient on the shared encoder, first batch of the epoch.
struct TaskGradientsRow {
  int epoch;
  TaskCells norm;    ///< L2 norm, unweighted
  TaskCells weight;  ///< what the balancing multiplied it with
  /// Cosines of type-ptr, type-span, type-countdown, ptr-span, ptr-countdown, span-countdown.
  std::array<Cell, 6> cosine;
};

/// update_stats.csv: L2 norm of the step over L2 norm of the weights before it, first batch of the
/// epoch. NaN, where all weights were 0, becomes an empty cell.
struct UpdateStatsRow {
  int epoch;
  double learning_rate;
  std::vector<double> ratios;  ///< one a parameter tensor, in the order of the table's columns
};

/// gate_stats.csv: share of LSTM activations in saturation, first batch of the epoch.
struct GateStatsRow {
  int epoch;
  int layer;
  int direction;  ///< 0 forward, 1 reverse
  char gate;      ///< i, f, g, o
  double low;     ///< pre-activation below -5
  double high;    ///< pre-activation above 5
};

/// Every row is on disk, whole, when append() returns; a killed process leaves whole rows.
class RunTables {
 public:
  /// Opens the tables of a run that has completed `epochs` epochs; rows of later epochs are
  /// dropped, each file being replaced atomically. With 0, all are made anew. The tables for
  /// diagnosis are among them only if `diagnostics`; their rows may only be appended then.
  /// `parameter_names`: the last columns of gradient_stats.csv and update_stats.csv.
  /// Throws Error naming file and row: a table missing, another header, a cut or unreadable row, or
  /// one that does not reach `epochs`.
  RunTables(const RunFolder& folder, const std::vector<std::string>& parameter_names,
            bool diagnostics, int epochs = 0);

  void append(const EpochMetricsRow& row);
  void append(const LossComponentsRow& row);
  void append(const UncertaintyParamsRow& row);
  void append(const ProbabilityStatsRow& row);
  void append(const FeatureStatsRow& row);
  void append(const GradientStatsRow& row);
  void append(const InitialLossesRow& row);
  void append(const RankingStatsRow& row);
  void append(const TaskGradientsRow& row);
  void append(const UpdateStatsRow& row);
  void append(const GateStatsRow& row);

  /// Makes the rows survive a power cut. To be called before a state is saved that counts on them.
  void sync();

 private:
  AppendFile& file(Table table);

  size_t parameters_;
  std::vector<AppendFile> files_;  // indexed by Table; without diagnostics the first six
};

}  // namespace spanlab
