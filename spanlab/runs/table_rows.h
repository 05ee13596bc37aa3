// The tables of a run: each row type with the one description of its table.
#pragma once

#include <array>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "spanlab/base/number.h"
#include "spanlab/base/task.h"

namespace spanlab {

/// A number, or an empty cell where there is none (a task that is not learned, no validation).
using Cell = std::optional<double>;
/// One cell per task, indexed by Task.
using TaskCells = std::array<Cell, kTaskCount>;

enum class Phase { train, val };

/// A table as a whole.
struct TableForm {
  std::string_view name;     ///< file name without ".csv"
  std::string_view cadence;  ///< which rows are written, for documentation
  int first_epoch = 1;       ///< lowest epoch that a row may have
  bool every_epoch = false;  ///< every epoch has a row
  bool one_row = false;      ///< an epoch has at most one row
  bool diagnostic = false;   ///< written only if the run records for diagnosis

  std::string file() const { return std::string(name) + ".csv"; }
};

/// One column, together with the member of a row that its cells are written from and read into.
struct Column {
  /// A vector contains one value per parameter tensor; its columns are named after the tensors,
  /// and it is the last of its row.
  using Value =
      std::variant<double*, float*, Cell*, int*, char*, Phase*, std::string*, std::vector<double>*>;

  std::string_view name;
  Value value;
  std::string_view help;          ///< meaning and unit; empty: see the column before
  bool figure = false;            ///< NaN, the figure of an empty set, is an empty cell
  std::string_view letters = {};  ///< values of a char
  int highest = 0;                ///< of an int, which starts at 0
  std::string_view prefix = {};   ///< comes before `name`

  std::string full_name() const { return std::string(prefix).append(name); }
};

/// Every row type below has a `kForm` and a function columns(), which calls this for each column
/// after `epoch`, in the order of the file. Writing, reading, checking and documentation all follow
/// from these two.
using ColumnVisitor = std::function<void(const Column&)>;

/// One column per task.
inline void visit_tasks(const ColumnVisitor& visit, std::string_view prefix, TaskCells& cells,
                        std::string_view help,
                        const std::array<Task, kTaskCount>& order = {Task::type, Task::ptr,
                                                                     Task::span, Task::countdown}) {
  for (const Task task : order) {
    visit({.name = name_of(task),
           .value = &cells[static_cast<size_t>(task)],
           .help = task == order.front() ? help : "",
           .prefix = prefix});
  }
}

inline void visit_summary(const ColumnVisitor& visit, std::string_view prefix, Summary& s,
                          std::string_view help) {
  visit({.name = "mean", .value = &s.mean, .help = help, .figure = true, .prefix = prefix});
  visit({.name = "std", .value = &s.std, .help = "", .figure = true, .prefix = prefix});
  visit({.name = "min", .value = &s.min, .help = "", .figure = true, .prefix = prefix});
  visit({.name = "max", .value = &s.max, .help = "", .figure = true, .prefix = prefix});
  visit({.name = "median", .value = &s.median, .help = "", .figure = true, .prefix = prefix});
}

inline constexpr std::string_view kPhaseHelp = "`train` or `val`";

struct EpochMetricsRow {
  int epoch;
  double train_loss;
  Cell val_loss;
  Cell span_f1, span_precision, span_recall;
  double epoch_time;  // seconds

  static constexpr TableForm kForm{.name = "epoch_metrics",
                                   .cadence = "one row per epoch",
                                   .every_epoch = true,
                                   .one_row = true};
  void columns(const ColumnVisitor& visit) {
    visit({"train_loss", &train_loss,
           "training objective, mean over batches; can be negative with learned uncertainties"});
    visit({"val_loss", &val_loss, "plain sum of the tasks' validation losses, mean over batches"});
    visit({"span_f1", &span_f1,
           "bars with a probability above 0.5 against the bars inside spans, computed in each "
           "validation window and averaged over windows: P = TP/(TP+FP+1e-10), "
           "R = TP/(TP+FN+1e-10), F1 = 2PR/(P+R+1e-10). A window without a span counts as 0"});
    visit({"span_precision", &span_precision, ""});
    visit({"span_recall", &span_recall, ""});
    visit({"epoch_time", &epoch_time, "seconds, validation included"});
  }
};

struct LossComponentsRow {
  int epoch;
  Phase phase;
  TaskCells loss;
  Cell total_loss;

  static constexpr TableForm kForm{
      .name = "loss_components", .cadence = "one row per epoch and phase", .every_epoch = true};
  void columns(const ColumnVisitor& visit) {
    visit({"phase", &phase, kPhaseHelp});
    visit_tasks(visit, "loss_", loss, "each task's own loss, unweighted, mean over batches");
    visit({"total_loss", &total_loss, "plain sum of the tasks' losses"});
  }
};

struct UncertaintyParamsRow {
  int epoch;
  TaskCells sigma;
  TaskCells weight;

  static constexpr TableForm kForm{.name = "uncertainty_params",
                                   .cadence = "one row every `record.uncertainty_every` epochs",
                                   .one_row = true};
  void columns(const ColumnVisitor& visit) {
    // The reported run's order.
    const std::array<Task, kTaskCount> order{Task::ptr, Task::type, Task::span, Task::countdown};
    visit_tasks(visit, "sigma_", sigma,
                "learned uncertainty of each task; empty unless the balancing method is "
                "uncertainty weighting",
                order);
    visit_tasks(visit, "weight_", weight,
                "share of each task after the epoch: (1/sigma^2) / sum of (1/sigma^2). With "
                "another balancing method: the task's weight on the encoder over the sum of all "
                "tasks' absolute weights, mean over the epoch's batches",
                order);
  }
};

struct ProbabilityStatsRow {
  int epoch;
  Phase phase;
  Summary in_span, out_span;
  double separation;

  static constexpr TableForm kForm{
      .name = "probability_stats", .cadence = "one row per epoch and phase", .every_epoch = true};
  void columns(const ColumnVisitor& visit) {
    visit({"phase", &phase, kPhaseHelp});
    visit_summary(visit, "in_span_", in_span, "span probabilities of the bars inside spans");
    visit_summary(visit, "out_span_", out_span, "span probabilities of all other bars");
    visit({"separation", &separation, "in_span_mean - out_span_mean", true});
  }
};

struct FeatureStatsRow {
  int epoch;
  Phase phase;
  std::string feature_name;
  Summary values;

  static constexpr TableForm kForm{
      .name = "feature_stats",
      .cadence = "one row per phase and feature every `record.features_every` epochs"};
  void columns(const ColumnVisitor& visit) {
    visit({"phase", &phase, kPhaseHelp});
    visit({"feature_name", &feature_name, "as in `feature_names` of metadata.json"});
    visit_summary(visit, "", values, "over all bars of the phase's windows");
  }
};

struct GradientStatsRow {
  int epoch;
  double total_grad_norm;
  std::vector<double> norms;  // one per parameter tensor

  static constexpr TableForm kForm{.name = "gradient_stats",
                                   .cadence = "one row every `record.gradients_every` epochs",
                                   .one_row = true};
  void columns(const ColumnVisitor& visit) {
    visit({"total_grad_norm", &total_grad_norm,
           "L2 norm of the whole gradient in the first batch of the epoch, before clipping"});
    visit({"", &norms, "L2 norm of the tensor's gradient in the same batch"});
  }
};

struct InitialLossesRow {
  int epoch;
  Phase phase;
  TaskCells loss;

  static constexpr TableForm kForm{.name = "initial_losses",
                                   .cadence = "one row per phase, before the first step (epoch 0)",
                                   .first_epoch = 0,
                                   .diagnostic = true};
  void columns(const ColumnVisitor& visit) {
    visit({"phase", &phase, kPhaseHelp});
    visit_tasks(visit, "loss_", loss,
                "as in loss_components.csv, but without dropout in both phases");
  }
};

/// How the span probabilities order the bars.
struct RankingStatsRow {
  int epoch;
  Phase phase;
  double average_precision, auroc;
  double max_probability;
  double best_f1, best_threshold;

  static constexpr TableForm kForm{.name = "ranking_stats",
                                   .cadence =
                                       "one row every `record.diagnostics_every` epochs and after "
                                       "the last; only with validation windows and the span task",
                                   .diagnostic = true};
  void columns(const ColumnVisitor& visit) {
    visit({"phase", &phase, "`val`"});
    visit({"average_precision", &average_precision, "of the bars by span probability", true});
    visit({"auroc", &auroc, "", true});
    visit({"max_probability", &max_probability, "highest span probability", true});
    visit({"best_f1", &best_f1,
           "over all bars at once, at the threshold that is best on these very bars: an upper "
           "bound, not a score",
           true});
    visit({"best_threshold", &best_threshold, "", true});
  }
};

struct TaskGradientsRow {
  int epoch;
  TaskCells norm;
  TaskCells weight;
  std::array<Cell, 6> cosine;

  static constexpr TableForm kForm{.name = "task_gradients",
                                   .cadence = "one row every `record.diagnostics_every` epochs",
                                   .one_row = true,
                                   .diagnostic = true};
  void columns(const ColumnVisitor& visit) {
    visit_tasks(visit, "norm_", norm,
                "L2 norm of each task's own gradient on the encoder (`lstm.*`) in the first batch, "
                "unweighted; empty without targets");
    visit_tasks(visit, "weight_", weight, "factor that balancing applied to that gradient");
    visit({"cosine_type_ptr", &cosine[0],
           "cosine of the angle between two of them; empty where one is 0"});
    visit({"cosine_type_span", &cosine[1], ""});
    visit({"cosine_type_countdown", &cosine[2], ""});
    visit({"cosine_ptr_span", &cosine[3], ""});
    visit({"cosine_ptr_countdown", &cosine[4], ""});
    visit({"cosine_span_countdown", &cosine[5], ""});
  }
};

struct UpdateStatsRow {
  int epoch;
  double learning_rate;
  std::vector<double> ratios;  // one per parameter tensor

  static constexpr TableForm kForm{.name = "update_stats",
                                   .cadence = "one row every `record.diagnostics_every` epochs",
                                   .one_row = true,
                                   .diagnostic = true};
  void columns(const ColumnVisitor& visit) {
    visit({"learning_rate", &learning_rate, "of the first batch's step"});
    visit({"", &ratios,
           "L2 norm of that step over L2 norm of the weights before it; empty where all of them "
           "were 0",
           true});
  }
};

/// Saturation of the LSTM's gates.
struct GateStatsRow {
  int epoch;
  int layer;
  int direction;
  char gate;
  double low, high;

  static constexpr TableForm kForm{
      .name = "gate_stats",
      .cadence = "one row per layer, direction and gate every `record.diagnostics_every` epochs",
      .diagnostic = true};
  void columns(const ColumnVisitor& visit) {
    visit({.name = "layer", .value = &layer, .help = "from 0", .highest = 1000});
    visit({.name = "direction", .value = &direction, .help = "0 forward, 1 reverse", .highest = 1});
    visit({.name = "gate", .value = &gate, .help = "`i`, `f`, `g` or `o`", .letters = "ifgo"});
    visit({"low", &low,
           "fraction of its pre-activations below -5 and above 5, over all bars, windows and units "
           "of the first batch"});
    visit({"high", &high, ""});
  }
};

/// Something odd about a table that still could be read in part.
struct RecordFault {
  std::string table;  ///< file name: "epoch_metrics.csv"
  std::string what;   ///< "the last line is cut", "8 cells are not numbers"
};

/// Rows of every table, in file order; empty where the table is missing.
struct RunRecord {
  std::vector<EpochMetricsRow> epoch_metrics;
  std::vector<LossComponentsRow> loss_components;
  std::vector<UncertaintyParamsRow> uncertainty_params;
  std::vector<ProbabilityStatsRow> probability_stats;
  std::vector<FeatureStatsRow> feature_stats;
  std::vector<GradientStatsRow> gradient_stats;
  std::vector<InitialLossesRow> initial_losses;
  std::vector<RankingStatsRow> ranking_stats;
  std::vector<TaskGradientsRow> task_gradients;
  std::vector<UpdateStatsRow> update_stats;
  std::vector<GateStatsRow> gate_stats;
  std::vector<std::string> tensors;  ///< columns of gradient_stats.csv and update_stats.csv
  std::vector<std::string> missing;  ///< files of tables not for diagnosis that are not there
  std::vector<RecordFault> faults;

  /// Calls visit(rows) for the rows of every table.
  template <class Visitor>
  void for_each_table(Visitor&& visit) {
    visit(epoch_metrics);
    visit(loss_components);
    visit(uncertainty_params);
    visit(probability_stats);
    visit(feature_stats);
    visit(gradient_stats);
    visit(initial_losses);
    visit(ranking_stats);
    visit(task_gradients);
    visit(update_stats);
    visit(gate_stats);
  }
};

/// File name of the table of these rows: file_of<EpochMetricsRow>() is "epoch_metrics.csv".
template <class Row>
std::string file_of() {
  return Row::kForm.file();
}

/// A table without its rows.
struct TableDescription {
  struct Heading {
    std::string name, help;
  };
  TableForm form;
  std::vector<Heading> columns;  ///< the first is epoch
  std::string tensor_help;       ///< of the columns that follow, one per tensor; empty: none

  /// First line of the file, without its end.
  std::string header(const std::vector<std::string>& tensors) const;
};

/// Every table, in the order of RunRecord.
const std::vector<TableDescription>& described_tables();

}  // namespace spanlab
