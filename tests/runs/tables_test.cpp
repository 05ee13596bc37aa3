// The tables: every column of every row, resuming, full disks, damaged files.
#include "spanlab/runs/tables.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "spanlab/base/failpoint.h"
#include "spanlab/runs/run_record.h"
#include "tests/expect_error.h"
#include "tests/temporary_folder.h"

namespace spanlab {
namespace {

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
const std::vector<std::string> kParameters{"lstm.weight_ih_l0", "log_sigma_ptr"};

class TablesTest : public ::testing::Test {
 protected:
  void TearDown() override { arm_failpoints(""); }

  /// Rows as a run of four tasks writes them; every second epoch in the sparser tables.
  static void append_epoch(RunTables& tables, int epoch) {
    tables.append(EpochMetricsRow{epoch, 1.5, 17.79, 0.25, 0.5, 0.125, 0.03});
    for (const Phase phase : {Phase::train, Phase::val}) {
      tables.append(LossComponentsRow{epoch, phase, {0.68, 0.009, 0.28, 10.08}, 11.049});
      tables.append(ProbabilityStatsRow{
          epoch, phase, {0.5, 0.25, 0.1f, 0.9f, 0.45f}, {0.4, 0.2, 0.0f, 1.0f, 0.35f}, 0.1});
    }
    if (epoch == 1) {
      for (const Phase phase : {Phase::train, Phase::val}) {
        tables.append(InitialLossesRow{0, phase, {1.1, 0.02, 0.69, 16.1}});
      }
    }
    if (epoch % 2 != 0) return;
    tables.append(
        UncertaintyParamsRow{epoch, {0.83, 0.41, 0.6, 1.47}, {0.137, 0.561, 0.26, 0.043}});
    tables.append(FeatureStatsRow{epoch, Phase::train, "open_norm", {0.5, 0.3, 0, 1, 0.5f}});
    tables.append(GradientStatsRow{epoch, 15.28, {15.0, 2.9}});
    tables.append(RankingStatsRow{epoch, Phase::val, 0.125, 0.5625, 0.3, 0.25, 0.05});
    tables.append(TaskGradientsRow{
        epoch, {0.1, 0.2, 0.3, 4.0}, {1.0, 2.0, 1.0, 0.5}, {-1.0, 0.1, 0.2, 0.3, 0.4, 0.5}});
    tables.append(UpdateStatsRow{epoch, 0.001, {0.002, 0.25}});
    tables.append(GateStatsRow{epoch, 0, 1, 'g', 0.125, 0.5});
  }

  std::string read(const std::string& table) const { return folder_.read("run/" + table + ".csv"); }

  const TemporaryFolder folder_;
  RunFolder run_ = RunFolder::create(folder_ / "run");
};

const char* const kNames[] = {"epoch_metrics",     "loss_components", "uncertainty_params",
                              "probability_stats", "feature_stats",   "gradient_stats",
                              "initial_losses",    "ranking_stats",   "task_gradients",
                              "update_stats",      "gate_stats"};
constexpr size_t kBasic = 6;

TEST_F(TablesTest, ColumnsAreThoseOfTheReportedRun) {
  RunTables tables(run_, kParameters, true);
  append_epoch(tables, 2);
  EXPECT_EQ(read("epoch_metrics"),
            "epoch,train_loss,val_loss,span_f1,span_precision,span_recall,epoch_time\n"
            "2,1.5,17.79,0.25,0.5,0.125,0.03\n");
  EXPECT_EQ(read("loss_components"),
            "epoch,phase,loss_type,loss_ptr,loss_span,loss_countdown,total_loss\n"
            "2,train,0.68,0.009,0.28,10.08,11.049\n"
            "2,val,0.68,0.009,0.28,10.08,11.049\n");
  EXPECT_EQ(read("uncertainty_params"),
            "epoch,sigma_ptr,sigma_type,sigma_span,sigma_countdown,"
            "weight_ptr,weight_type,weight_span,weight_countdown\n"
            "2,0.41,0.83,0.6,1.47,0.561,0.137,0.26,0.043\n");
  EXPECT_EQ(read("probability_stats"),
            "epoch,phase,in_span_mean,in_span_std,in_span_min,in_span_max,in_span_median,"
            "out_span_mean,out_span_std,out_span_min,out_span_max,out_span_median,separation\n"
            "2,train,0.5,0.25,0.1,0.9,0.45,0.4,0.2,0,1,0.35,0.1\n"
            "2,val,0.5,0.25,0.1,0.9,0.45,0.4,0.2,0,1,0.35,0.1\n");
  EXPECT_EQ(read("feature_stats"),
            "epoch,phase,feature_name,mean,std,min,max,median\n"
            "2,train,open_norm,0.5,0.3,0,1,0.5\n");
  EXPECT_EQ(read("gradient_stats"),
            "epoch,total_grad_norm,lstm.weight_ih_l0,log_sigma_ptr\n"
            "2,15.28,15,2.9\n");
}

TEST_F(TablesTest, ColumnsOfTheTablesForDiagnosis) {
  RunTables tables(run_, kParameters, true);
  append_epoch(tables, 1);
  append_epoch(tables, 2);
  EXPECT_EQ(read("initial_losses"),
            "epoch,phase,loss_type,loss_ptr,loss_span,loss_countdown\n"
            "0,train,1.1,0.02,0.69,16.1\n"
            "0,val,1.1,0.02,0.69,16.1\n");
  EXPECT_EQ(read("ranking_stats"),
            "epoch,phase,average_precision,auroc,max_probability,best_f1,best_threshold\n"
            "2,val,0.125,0.5625,0.3,0.25,0.05\n");
  EXPECT_EQ(read("task_gradients"),
            "epoch,norm_type,norm_ptr,norm_span,norm_countdown,"
            "weight_type,weight_ptr,weight_span,weight_countdown,"
            "cosine_type_ptr,cosine_type_span,cosine_type_countdown,"
            "cosine_ptr_span,cosine_ptr_countdown,cosine_span_countdown\n"
            "2,0.1,0.2,0.3,4,1,2,1,0.5,-1,0.1,0.2,0.3,0.4,0.5\n");
  EXPECT_EQ(read("update_stats"),
            "epoch,learning_rate,lstm.weight_ih_l0,log_sigma_ptr\n"
            "2,0.001,0.002,0.25\n");
  EXPECT_EQ(read("gate_stats"),
            "epoch,layer,direction,gate,low,high\n"
            "2,0,1,g,0.125,0.5\n");
}

TEST_F(TablesTest, TablesForDiagnosisAreThereOnlyIfAskedFor) {
  const RunTables tables(run_, kParameters, false);
  for (size_t i = 0; i < std::size(kNames); ++i) {
    EXPECT_EQ(std::filesystem::exists(run_.table(kNames[i])), i < kBasic) << kNames[i];
  }
}

TEST_F(TablesTest, WhatWasWrittenIsReadBack) {
  RunTables tables(run_, kParameters, true);
  for (const int epoch : {1, 2}) append_epoch(tables, epoch);
  tables.append(UpdateStatsRow{3, 0.5, {0.25, std::numeric_limits<double>::quiet_NaN()}});
  const RunRecord record = read_run_record(run_.path());
  EXPECT_TRUE(record.faults.empty());
  EXPECT_EQ(record.initial_losses.at(1).loss[3], 16.1);
  EXPECT_EQ(record.ranking_stats.at(0).best_threshold, 0.05);
  EXPECT_EQ(record.task_gradients.at(0).cosine[5], 0.5);
  EXPECT_EQ(record.update_stats.at(0).ratios, (std::vector<double>{0.002, 0.25}));
  EXPECT_TRUE(std::isnan(record.update_stats.at(1).ratios[1]));
  EXPECT_EQ(record.gate_stats.at(0).gate, 'g');
}

TEST_F(TablesTest, WhatIsNotThereIsAnEmptyCell) {
  RunTables tables(run_, kParameters, true);
  const Summary none{kNan, kNan, kNan, kNan, kNan};
  tables.append(EpochMetricsRow{1, 0.5, {}, {}, {}, {}, 1});
  tables.append(
      LossComponentsRow{1, Phase::train, {std::nullopt, std::nullopt, 0.25, std::nullopt}, 0.25});
  tables.append(UncertaintyParamsRow{1, {1.0, 2.0}, {0.8, 0.2}});
  tables.append(ProbabilityStatsRow{1, Phase::val, none, {1, 0, 1, 1, 1}, kNan});
  EXPECT_TRUE(read("epoch_metrics").ends_with("\n1,0.5,,,,,1\n"));
  EXPECT_TRUE(read("loss_components").ends_with("\n1,train,,,0.25,,0.25\n"));
  EXPECT_TRUE(read("uncertainty_params").ends_with("\n1,2,1,,,0.2,0.8,,\n"));
  EXPECT_TRUE(read("probability_stats").ends_with("\n1,val,,,,,,1,0,1,1,1,\n"));
}

TEST_F(TablesTest, ADivergedLossIsShown) {
  RunTables tables(run_, kParameters, true);
  const double infinity = std::numeric_limits<double>::infinity();
  tables.append(LossComponentsRow{1, Phase::val, {kNan, infinity, 1.0, 1.0}, kNan});
  EXPECT_TRUE(read("loss_components").ends_with("\n1,val,nan,inf,1,1,nan\n"));
}

TEST_F(TablesTest, ResumingDropsLaterRowsAndGoesOn) {
  std::string uninterrupted[std::size(kNames)];
  {
    RunTables tables(run_, kParameters, true);
    for (int epoch = 1; epoch <= 6; ++epoch) append_epoch(tables, epoch);
    for (size_t i = 0; i < std::size(kNames); ++i) uninterrupted[i] = read(kNames[i]);
  }
  for (int last = 1; last <= 6; ++last) {
    for (const char* name : kNames) {
      folder_.write("run/" + std::string(name) + ".csv", read(name) + "7,tra");  // killed here
    }
    RunTables tables(run_, kParameters, true, last);
    for (int epoch = last + 1; epoch <= 6; ++epoch) append_epoch(tables, epoch);
    for (size_t i = 0; i < std::size(kNames); ++i)
      EXPECT_EQ(read(kNames[i]), uninterrupted[i]) << last;
  }
}

TEST_F(TablesTest, StartingAnewEmptiesTheTables) {
  {
    RunTables tables(run_, kParameters, true);
    append_epoch(tables, 1);
  }
  RunTables tables(run_, kParameters, true);
  EXPECT_EQ(read("epoch_metrics").find("\n1,"), std::string::npos);
}

TEST_F(TablesTest, DamagedTablesAreRefused) {
  {
    RunTables tables(run_, kParameters, true);
    for (int epoch = 1; epoch <= 4; ++epoch) append_epoch(tables, epoch);
    tables.sync();
  }
  const std::string good = read("epoch_metrics");
  const std::string header = good.substr(0, good.find('\n') + 1);
  const std::string row = "1,1,1,1,1,1,1\n";
  const struct {
    std::string text;
    const char* message;
  } cases[] = {
      {"", "row 1 is not the header"},
      {header.substr(0, header.size() - 1), "row 1 is not the header"},
      {"epoch,loss\n" + row, "row 1 is not the header"},
      {header, "the rows end at epoch 0, but the run has completed 4"},
      {header + row, "the rows end at epoch 1"},
      {good.substr(0, good.size() - 1), "the rows end at epoch 3"},
      {header + "\n", "row 2 is not a row"},
      {header + "one,1,1,1,1,1,1\n", "row 2 is not a row"},
      {header + "1,1,1,1,1,1\n", "row 2 is not a row"},
      {header + "1,1,1,1,1,1,1,1\n", "row 2 is not a row"},
      {header + "0,1,1,1,1,1,1\n", "row 2 is not a row"},
      {header + "1.5,1,1,1,1,1,1\n", "row 2 is not a row"},
      {header + "99999999999,1,1,1,1,1,1\n", "row 2 is not a row"},
      {header + row + "2,1,1,1,1,1,1\n" + row, "row 4 is not a row"},
  };
  for (const auto& c : cases) {
    folder_.write("run/epoch_metrics.csv", c.text);
    expect_error([&] { RunTables(run_, kParameters, true, 4); }, {"epoch_metrics.csv", c.message});
    EXPECT_EQ(read("epoch_metrics"), c.text);  // refused, not changed
  }
  folder_.write("run/epoch_metrics.csv", good);
  expect_error([&] { RunTables(run_, {"another.parameter"}, true, 4); },
               {"gradient_stats.csv: row 1"});
  std::filesystem::remove(run_.table("loss_components"));
  expect_error([&] { RunTables(run_, kParameters, true, 4); }, {"loss_components.csv"});
}

TEST_F(TablesTest, AFullDiskLeavesWholeRows) {
  RunTables tables(run_, kParameters, true);
  append_epoch(tables, 1);
  const std::string before = read("epoch_metrics");
  // The limit lets the next row begin, but not end.
  rlimit old{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &old), 0);
  rlimit small = old;
  small.rlim_cur = before.size() + 5;
  const auto handler = ::signal(SIGXFSZ, SIG_IGN);
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
  expect_error(
      [&] {
        tables.append(EpochMetricsRow{2, 1, 1, 1, 1, 1, 1});
      },
      {"cannot write", "epoch_metrics.csv", "free some space"});
  ::setrlimit(RLIMIT_FSIZE, &old);
  ::signal(SIGXFSZ, handler);
  EXPECT_EQ(read("epoch_metrics"), before);
  append_epoch(tables, 2);  // and goes on when there is room again
  EXPECT_TRUE(read("epoch_metrics").starts_with(before + "2,"));
}

TEST_F(TablesTest, AKilledProcessLeavesWholeRows) {
  for (int pass = 1; pass <= 30; ++pass) {
    const pid_t child = ::fork();
    if (child == 0) {
      RunTables tables(run_, kParameters, true);
      arm_failpoints("append=kill@" + std::to_string(pass));
      for (int epoch = 1;; ++epoch) append_epoch(tables, epoch);
    }
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFSIGNALED(status));
    for (const char* name : kNames) EXPECT_TRUE(read(name).ends_with('\n'));
    const std::string text = read("epoch_metrics");
    // The row of an epoch is the first of its rows: one fewer epoch is complete.
    const auto begun = static_cast<int>(std::count(text.begin(), text.end(), '\n')) - 1;
    if (begun > 1) RunTables(run_, kParameters, true, begun - 1);
  }
}

}  // namespace
}  // namespace spanlab
