// Tables read back: what was written, the reported run, and every way in which a table can be odd.
#include "spanlab/runs/run_record.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include "spanlab/base/random.h"
#include "tests/expect_error.h"
#include "tests/gzip_bytes.h"
#include "tests/reported_tables.h"
#include "tests/temporary_folder.h"

namespace spanlab {
namespace {

namespace fs = std::filesystem;

double at(const RunRecord& record, int epoch, Task task) {
  for (const LossComponentsRow& row : record.loss_components) {
    if (row.epoch == epoch && row.phase == Phase::val) return *row.loss[static_cast<size_t>(task)];
  }
  return NAN;
}

std::vector<TableDescription> basic_tables() {
  std::vector<TableDescription> tables;
  for (const TableDescription& table : described_tables()) {
    if (!table.form.diagnostic) tables.push_back(table);
  }
  EXPECT_EQ(tables.size(), 6u);
  return tables;
}

template <class Row>
std::string header_of() {
  for (const TableDescription& table : described_tables()) {
    if (table.form.name == Row::kForm.name) return table.header({});
  }
  return "";
}

class RunRecordTest : public ::testing::Test {
 protected:
  /// One table in a folder of its own, read.
  RunRecord read(const std::string& table, std::string_view bytes) {
    const fs::path folder = folder_ / ("case" + std::to_string(cases_++));
    fs::create_directory(folder);
    folder_.write((folder.filename() / (table + ".csv")).string(), bytes);
    return read_run_record(folder);
  }
  void expect_refused(const std::string& table, std::string_view bytes,
                      std::initializer_list<const char*> parts) {
    SCOPED_TRACE(bytes.substr(0, 200));
    expect_error([&] { read(table, bytes); }, parts);
    expect_error([&] { read(table, bytes); }, {table.c_str()});
  }
  /// The faults of the table, in one text.
  static std::string faults(const RunRecord& record) {
    std::string text;
    for (const RecordFault& fault : record.faults)
      text.append(fault.table).append(": ").append(fault.what).append("; ");
    return text;
  }

  const TemporaryFolder folder_;
  int cases_ = 0;
};

const std::string kMetrics =
    "epoch,train_loss,val_loss,span_f1,span_precision,span_recall,epoch_time\n";

TEST_F(RunRecordTest, TheReportedRunComesBackAsItWasWritten) {
  const RunRecord written = test::reported_record();
  test::write_tables(written, folder_ / "run");
  const RunRecord record = read_run_record(folder_ / "run");
  EXPECT_EQ(faults(record), "");
  EXPECT_TRUE(record.missing.empty());
  EXPECT_EQ(record.tensors, written.tensors);
  // Both written again give the same bytes: no cell was lost or changed.
  test::write_tables(record, folder_ / "again");
  for (const TableDescription& table : basic_tables()) {
    const std::string name = table.form.file();
    EXPECT_EQ(folder_.read("again/" + name), folder_.read("run/" + name)) << name;
  }
  EXPECT_EQ(record.epoch_metrics.size(), 100u);
  EXPECT_EQ(record.loss_components.size(), 200u);
  EXPECT_EQ(record.uncertainty_params.size(), 20u);
  EXPECT_EQ(record.probability_stats.size(), 200u);
  EXPECT_EQ(record.feature_stats.size(), 480u);
  EXPECT_EQ(record.gradient_stats.size(), 10u);
}

TEST_F(RunRecordTest, TheReportedRunHasTheNumbersOfTheReport) {
  const RunRecord record = test::reported_record();
  const struct {
    int epoch;
    double type, ptr, span, countdown, total;
  } report[] = {{1, 1.08, 0.025, 0.57, 16.12, 17.79},
                {10, 0.69, 0.011, 0.25, 15.25, 16.20},
                {20, 0.70, 0.010, 0.27, 12.88, 13.86},
                {50, 0.74, 0.011, 0.29, 11.00, 12.04},
                {100, 0.68, 0.009, 0.28, 10.08, 11.05}};
  for (const auto& r : report) {
    EXPECT_EQ(at(record, r.epoch, Task::type), r.type);
    EXPECT_EQ(at(record, r.epoch, Task::ptr), r.ptr);
    EXPECT_EQ(at(record, r.epoch, Task::span), r.span);
    EXPECT_EQ(at(record, r.epoch, Task::countdown), r.countdown);
    EXPECT_DOUBLE_EQ(*record.epoch_metrics[static_cast<size_t>(r.epoch - 1)].val_loss, r.total);
  }
  const auto best =
      std::min_element(record.epoch_metrics.begin(), record.epoch_metrics.end(),
                       [](const auto& a, const auto& b) { return *a.val_loss < *b.val_loss; });
  EXPECT_EQ(best->epoch, 68);
  double seconds = 0.0;
  for (const EpochMetricsRow& row : record.epoch_metrics) {
    EXPECT_EQ(*row.span_f1, 0.0);
    seconds += row.epoch_time;
  }
  EXPECT_DOUBLE_EQ(seconds, 20 * 60.0);
  const ProbabilityStatsRow& first = record.probability_stats[1];
  const ProbabilityStatsRow& last = record.probability_stats.back();
  EXPECT_NEAR(first.in_span.mean, 0.423, 5e-4);
  EXPECT_NEAR(first.out_span.mean, 0.424, 5e-4);
  EXPECT_EQ(first.separation, -0.0008);
  EXPECT_NEAR(last.in_span.mean, 0.065, 5e-4);
  EXPECT_NEAR(last.out_span.mean, 0.061, 5e-4);
  EXPECT_EQ(last.separation, 0.0036);
  const UncertaintyParamsRow& end = record.uncertainty_params.back();
  for (size_t t = 0; t < kTaskCount; ++t) {  // the weights are those of the sigmas
    double sum = 0.0;
    for (const Cell& sigma : end.sigma) sum += 1.0 / (*sigma * *sigma);
    EXPECT_NEAR(*end.weight[t], 1.0 / (*end.sigma[t] * *end.sigma[t]) / sum, 0.003);
  }
  EXPECT_EQ(record.gradient_stats[0].total_grad_norm, 15.28);
  EXPECT_EQ(record.gradient_stats[4].total_grad_norm, 29.96);
  EXPECT_EQ(record.gradient_stats[9].total_grad_norm, 5.99);
  double squares = 0.0;
  for (const double norm : record.gradient_stats[4].norms) squares += norm * norm;
  EXPECT_NEAR(std::sqrt(squares), 29.96, 1e-9);
}

TEST_F(RunRecordTest, TheTablesOfDiagnosis) {
  EXPECT_EQ(read("initial_losses",
                 "epoch,phase,loss_type,loss_ptr,loss_span,loss_countdown\n0,train,0.7,,0.5,16\n")
                .initial_losses.at(0)
                .loss,
            (TaskCells{0.7, std::nullopt, 0.5, 16.0}));
  const RankingStatsRow ranking =
      read("ranking_stats",
           "epoch,phase,average_precision,auroc,max_probability,best_f1,best_threshold\n"
           "5,val,,0.5,0.25,0.125,0.0625\n")
          .ranking_stats.at(0);
  EXPECT_TRUE(std::isnan(ranking.average_precision));
  EXPECT_EQ(ranking.auroc, 0.5);
  EXPECT_EQ(ranking.max_probability, 0.25);
  EXPECT_EQ(ranking.best_f1, 0.125);
  EXPECT_EQ(ranking.best_threshold, 0.0625);
  const TaskGradientsRow gradients =
      read("task_gradients",
           "epoch,norm_type,norm_ptr,norm_span,norm_countdown,"
           "weight_type,weight_ptr,weight_span,weight_countdown,"
           "cosine_type_ptr,cosine_type_span,cosine_type_countdown,"
           "cosine_ptr_span,cosine_ptr_countdown,cosine_span_countdown\n"
           "10,1,2,3,4,5,6,7,8,.1,.2,.3,.4,,.6\n")
          .task_gradients.at(0);
  EXPECT_EQ(gradients.norm, (TaskCells{1.0, 2.0, 3.0, 4.0}));
  EXPECT_EQ(gradients.weight, (TaskCells{5.0, 6.0, 7.0, 8.0}));
  EXPECT_EQ(gradients.cosine, (std::array<Cell, 6>{.1, .2, .3, .4, std::nullopt, .6}));
  const RunRecord updates = read("update_stats", "epoch,learning_rate,a,b\n10,0.001,1e-3,2e-3\n");
  EXPECT_EQ(updates.update_stats.at(0).ratios, (std::vector<double>{1e-3, 2e-3}));
  EXPECT_EQ(updates.tensors, (std::vector<std::string>{"a", "b"}));
  const GateStatsRow gate =
      read("gate_stats", "epoch,layer,direction,gate,low,high\n10,0,1,f,0.25,0.5\n")
          .gate_stats.at(0);
  EXPECT_EQ(gate.direction, 1);
  EXPECT_EQ(gate.gate, 'f');
  EXPECT_EQ(gate.high, 0.5);
}

TEST_F(RunRecordTest, TensorsAreMatchedByName) {
  fs::create_directory(folder_ / "run");
  folder_.write("run/gradient_stats.csv", "a,epoch,total_grad_norm,b\n1,10,3,2\n");
  folder_.write("run/update_stats.csv", "epoch,b,learning_rate,c,a\n10,20,0.1,7,10\n");
  const RunRecord record = read_run_record(folder_ / "run");
  EXPECT_EQ(record.tensors, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(record.gradient_stats[0].norms, (std::vector<double>{1, 2}));
  EXPECT_EQ(record.update_stats[0].ratios, (std::vector<double>{10, 20}));
  folder_.write("run/update_stats.csv", "epoch,learning_rate,b\n10,0.1,20\n");
  expect_error([&] { read_run_record(folder_ / "run"); },
               {"update_stats.csv: there is no column \"a\""});
}

TEST_F(RunRecordTest, EveryColumnIsNeededAndTheirOrderIsFree) {
  test::write_tables(test::reported_record(), folder_ / "run");
  for (const TableDescription& table : basic_tables()) {
    const std::string name(table.form.name);
    const std::string whole = folder_.read("run/" + name + ".csv");
    const std::string header = whole.substr(0, whole.find('\n'));
    // Rename one column after the other.
    size_t at = 0;
    for (const auto& [column, help] : table.columns) {
      at = header.find(column, at) + column.size();
      std::string text = whole;
      expect_refused(name, text.insert(at, 1, 'x'), {"there is no column", column.c_str()});
    }
    // Move the first column to the end.
    std::string moved;
    for (size_t begin = 0; begin < whole.size();) {
      const size_t end = whole.find('\n', begin), comma = whole.find(',', begin);
      moved.append(whole, comma + 1, end - comma - 1).append(",");
      moved.append(whole, begin, comma - begin).append("\n");
      begin = end + 1;
    }
    EXPECT_EQ(faults(read(name, moved)), "") << name;
    // And every cut of the file leaves whole rows, if the header is there.
    for (const size_t cut :
         {header.size() + 1, header.size() + 3, whole.size() / 2, whole.size() - 1}) {
      const RunRecord record = read(name, whole.substr(0, cut));
      const bool whole_rows = whole[cut - 1] == '\n';
      EXPECT_EQ(faults(record).find("the last line is cut") == std::string::npos, whole_rows)
          << cut;
    }
  }
}

TEST_F(RunRecordTest, FurtherColumnsAndOtherFormsOfCsv) {
  const std::string row = "1,2,3,4,5,6,7\n";
  std::string semicolons = kMetrics + row;
  std::replace(semicolons.begin(), semicolons.end(), ',', ';');
  for (const std::string& text :
       {kMetrics + row, std::string("\xEF\xBB\xBF") + kMetrics + row, semicolons,
        gzip_bytes(kMetrics + row), std::string("lr,") + kMetrics + "9," + row,
        std::string("Epoch,Train Loss,VAL_LOSS,span_f1,span_precision,span_recall,epoch_time\r\n"
                    "1,2,3,4,5,6,7\r\n")}) {
    const RunRecord record = read("epoch_metrics", text);
    EXPECT_EQ(faults(record), "");
    ASSERT_EQ(record.epoch_metrics.size(), 1u);
    EXPECT_EQ(record.epoch_metrics[0].train_loss, 2.0);
    EXPECT_EQ(record.epoch_metrics[0].epoch_time, 7.0);
    EXPECT_EQ(record.missing.size(), 5u);
  }
}

TEST_F(RunRecordTest, OddTablesAreReadAsFarAsTheyGo) {
  const struct {
    std::string text;
    size_t rows;
    std::string fault;
  } cases[] = {
      {"", 0, "the file is empty"},
      {kMetrics, 0, "there is no row"},
      {kMetrics.substr(0, kMetrics.size() - 1), 0, "the last line is cut"},
      {kMetrics + "1,2,3,4,5,6,7", 0, "the last line is cut"},
      {kMetrics + "1,2,3,4,5,6,7\n2,3", 1, "the last line is cut"},
      {kMetrics + "1,2,3,4,5,6,7\n2,te", 1, "the last line is cut"},
      {kMetrics + "1,nan,3,4,5,6,7\n", 1,
       "1 cell is nan or inf, the first in row 2, column train_loss"},
      {kMetrics + "1,1,3,4,5,6,7\n2,inf,-inf,4,5,6,NaN\n", 2,
       "3 cells are nan or inf, the first in row 3, column train_loss"},
      {kMetrics + "1,,,,,,\n", 1, "2 cells are empty, the first in row 2, column train_loss"},
      {kMetrics + "3,2,3,4,5,6,7\n", 1, "2 epochs without a row, the first is 1"},
      {kMetrics + "1,2,3,4,5,6,7\n2,2,3,4,5,6,7\n5,2,3,4,5,6,7\n", 3,
       "2 epochs without a row, the first is 3"},
  };
  for (const auto& c : cases) {
    const RunRecord record = read("epoch_metrics", c.text);
    EXPECT_EQ(record.epoch_metrics.size(), c.rows) << c.text;
    EXPECT_NE(faults(record).find("epoch_metrics.csv: " + c.fault), std::string::npos)
        << c.text << " gave " << faults(record);
  }
}

TEST_F(RunRecordTest, MissingCellsAreNoneAndNanStaysNan) {
  const EpochMetricsRow row =
      read("epoch_metrics", kMetrics + "1,nan,,inf,-inf,,3\n").epoch_metrics[0];
  EXPECT_TRUE(std::isnan(row.train_loss));
  EXPECT_FALSE(row.val_loss.has_value());
  EXPECT_EQ(*row.span_f1, std::numeric_limits<double>::infinity());
  EXPECT_EQ(*row.span_precision, -std::numeric_limits<double>::infinity());
  EXPECT_FALSE(row.span_recall.has_value());
  // No bar inside a span: figures of an empty set are no fault.
  const RunRecord record =
      read("probability_stats", header_of<ProbabilityStatsRow>() +
                                    "\n1,train,,,,,,0.5,0,0.5,0.5,0.5,\n1,val,,,,,,,,,,,\n");
  EXPECT_EQ(faults(record), "");
  EXPECT_TRUE(std::isnan(record.probability_stats[0].in_span.mean));
  EXPECT_TRUE(std::isnan(record.probability_stats[0].in_span.max));
  EXPECT_EQ(record.probability_stats[0].out_span.mean, 0.5);
  EXPECT_TRUE(std::isnan(record.probability_stats[0].separation));
}

TEST_F(RunRecordTest, WhatIsNoTableIsRefused) {
  const std::string row = "1,2,3,4,5,6,7\n";
  expect_refused("epoch_metrics", kMetrics + "1,two,3,4,5,6,7\n",
                 {"row 2, column \"train_loss\": \"two\" is not a number"});
  expect_refused("epoch_metrics", kMetrics + row + "2,2,3,4,None,6,7\n",
                 {"row 3, column \"span_precision\""});
  expect_refused("epoch_metrics", kMetrics + "1,2,3,4,5,6\n", {"row 2", "6 fields"});
  expect_refused("epoch_metrics", kMetrics + "1,2,3,4,5,6,7,8\n", {"row 2", "8 fields"});
  expect_refused("epoch_metrics", kMetrics + "one,2,3,4,5,6,7\n", {"row 2, column \"epoch\""});
  expect_refused("epoch_metrics", kMetrics + ",2,3,4,5,6,7\n", {"column \"epoch\"", "empty"});
  expect_refused("epoch_metrics", kMetrics + "1.5,2,3,4,5,6,7\n", {"not a whole number"});
  expect_refused("epoch_metrics", kMetrics + "-1,2,3,4,5,6,7\n", {"there is no epoch -1"});
  expect_refused("epoch_metrics", kMetrics + "99999999999,2,3,4,5,6,7\n", {"there is no epoch"});
  expect_refused("epoch_metrics", kMetrics + "1e999,2,3,4,5,6,7\n", {"not a whole number"});
  expect_refused("epoch_metrics", kMetrics + "1,1e999,3,4,5,6,7\n", {"not a number"});
  expect_refused("epoch_metrics", kMetrics + "1,\"2,3,4,5,6,7\n", {"row 2", "quotes"});
  expect_refused("epoch_metrics", kMetrics + row + "2,2,3,4,5,6,7\n" + row,
                 {"row 4", "epoch 1 follows epoch 2", "two runs"});
  expect_refused("epoch_metrics", kMetrics + row + row, {"row 3", "epoch 1 follows epoch 1"});
  expect_refused("epoch_metrics", row + row, {"no header"});
  expect_refused("epoch_metrics", "\n\n", {"is empty"});
  expect_refused("epoch_metrics", std::string("PK\3\4\0\0\0\0", 8), {"not a text file"});
  expect_refused("epoch_metrics", "{\"epoch\": 1}\n", {"there is no column"});
  expect_refused("epoch_metrics", "epoch,epoch,train_loss\n1,2,3\n", {"two columns"});
  expect_refused("epoch_metrics", kMetrics + std::string(size_t{2} << 20, '1') + "\n",
                 {"longer than"});
  expect_refused("epoch_metrics", gzip_bytes(kMetrics + row).substr(0, 60), {"gzip"});
  const std::string losses = header_of<LossComponentsRow>() + "\n";
  expect_refused("loss_components", losses + "1,test,1,1,1,1,4\n",
                 {"\"test\" is not a phase", "train or val"});
  expect_refused("loss_components", losses + "1,,1,1,1,1,4\n", {"is not a phase"});
  expect_refused("loss_components", losses + "2,val,1,1,1,1,4\n1,val,1,1,1,1,4\n", {"follows"});
  const std::string gates = header_of<GateStatsRow>() + "\n";
  for (const char* bad : {"1,0,2,f,0,0", "1,-1,0,f,0,0", "1,0,0,x,0,0", "1,0,0,,0,0",
                          "1,0,0,if,0,0", "1,a,0,i,0,0"}) {
    expect_refused("gate_stats", gates + bad + "\n", {"row 2"});
  }
  expect_refused("gradient_stats", "epoch,total_grad_norm,a,a\n1,2,3,4\n", {"two columns"});
}

TEST_F(RunRecordTest, FoldersWithoutTables) {
  expect_error([&] { read_run_record(folder_ / "none"); }, {"there is no folder", "none"});
  folder_.write("file", "x");
  expect_error([&] { read_run_record(folder_ / "file"); }, {"there is no folder", "file"});
  fs::create_directories(folder_ / "empty");
  expect_error([&] { read_run_record(folder_ / "empty"); },
               {"empty contains no table of a run", "epoch_metrics.csv"});
  fs::create_directories(folder_ / "odd/epoch_metrics.csv");  // a folder of that name
  expect_error([&] { read_run_record(folder_ / "odd"); }, {"epoch_metrics.csv"});
}

TEST_F(RunRecordTest, OneTableIsReadFromAReader) {
  const fs::path file = folder_.write("any.csv", kMetrics + "1,2,3,4,5,6,7\n2,2,3");
  CsvReader csv(file);
  RunRecord record;
  read_run_table("epoch_metrics", csv, record);
  EXPECT_EQ(record.epoch_metrics.at(0).epoch_time, 7.0);
  EXPECT_EQ(faults(record), "epoch_metrics.csv: the last line is cut; ");
}

TEST_F(RunRecordTest, MissingTablesAreNamed) {
  for (const TableDescription& gone : basic_tables()) {
    const fs::path folder = folder_ / std::string(gone.form.name);
    test::write_tables(test::reported_record(), folder);
    const std::string name = gone.form.file();
    fs::remove(folder / name);
    const RunRecord record = read_run_record(folder);
    EXPECT_EQ(record.missing, std::vector<std::string>{name});
    EXPECT_EQ(faults(record), "");
  }
}

TEST_F(RunRecordTest, HugeFiles) {
  // A file as large as no table can be is refused before it is read.
  fs::create_directory(folder_ / "run");
  const fs::path path = folder_.write("run/epoch_metrics.csv", kMetrics);
  fs::resize_file(path, (uint64_t{1} << 30) + 1);  // a hole: takes no room on the disk
  expect_error([&] { read_run_record(folder_ / "run"); },
               {"epoch_metrics.csv", "1073741825 bytes"});
  // A long one is read.
  std::string text = kMetrics;
  for (int epoch = 1; epoch <= 100'000; ++epoch) text += std::to_string(epoch) + ",2,3,4,5,6,7\n";
  EXPECT_EQ(read("epoch_metrics", text).epoch_metrics.back().epoch, 100'000);
}

TEST_F(RunRecordTest, AnyBytesGiveRowsOrAnError) {
  const std::string good = kMetrics + "1,2,3,4,5,6,7\n2,2,3,4,5,6,7\n3,2,3,4,5,6,7\n";
  RandomStream random(1, Purpose::market);
  int refused = 0;
  for (int round = 0; round < 100; ++round) {
    std::string text = good;
    for (int k = 0; k < 3; ++k)
      text[random.below(text.size())] = static_cast<char>(random.below(256));
    try {
      EXPECT_LE(read("epoch_metrics", text).epoch_metrics.size(), 6u);
    } catch (const Error& e) {
      ++refused;
      EXPECT_NE(std::string(e.what()).find("epoch_metrics.csv"), std::string::npos) << e.what();
    }
  }
  EXPECT_GT(refused, 30);
}

}  // namespace
}  // namespace spanlab
