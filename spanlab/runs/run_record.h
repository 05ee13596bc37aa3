// The tables of a run read back, as far as they are there.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "spanlab/runs/tables.h"

namespace spanlab {

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
  std::vector<std::string> missing;  ///< file names of the six basic tables that are not there
  std::vector<RecordFault> faults;
};

/// Reads what there is in `folder`: a whole run folder, or nothing but tables of the reported
/// form. Columns may come in any order and more may follow; an empty cell is a missing value, "nan"
/// and "inf" are kept. A last line without its end is dropped and noted.
/// Throws Error naming file, row and column: no folder, none of the tables in it, a column missing,
/// text where a number should be, epochs that go back.
RunRecord read_run_record(const std::filesystem::path& folder);

}  // namespace spanlab
