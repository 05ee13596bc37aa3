// The six tables: columns, and rows as text.
#include "spanlab/runs/tables.h"

#include <cassert>
#include <cmath>
#include <initializer_list>

#include "spanlab/base/text.h"
#include "spanlab/runs/table_rows.h"

namespace spanlab {
namespace {

/// Places in RunTables::files_.
enum Table : size_t {
  kEpochMetrics,
  kLossComponents,
  kUncertaintyParams,
  kProbabilityStats,
  kFeatureStats,
  kGradientStats,
};

struct TableInfo {
  const char* name;
  std::string header;
  bool every_epoch;  // has rows for every epoch
};

std::vector<TableInfo> table_infos(const std::vector<std::string>& parameter_names) {
  std::string gradients = "epoch,total_grad_norm";
  for (const std::string& name : parameter_names) gradients += "," + name;
  return {
      {"epoch_metrics", "epoch,train_loss,val_loss,span_f1,span_precision,span_recall,epoch_time",
       true},
      {"loss_components", "epoch,phase,loss_type,loss_ptr,loss_span,loss_countdown,total_loss",
       true},
      {"uncertainty_params",
       "epoch,sigma_ptr,sigma_type,sigma_span,sigma_countdown,"
       "weight_ptr,weight_type,weight_span,weight_countdown",
       false},
      {"probability_stats",
       "epoch,phase,"
       "in_span_mean,in_span_std,in_span_min,in_span_max,in_span_median,"
       "out_span_mean,out_span_std,out_span_min,out_span_max,out_span_median,separation",
       true},
      {"feature_stats", "epoch,phase,feature_name,mean,std,min,max,median", false},
      {"gradient_stats", gradients, false},
  };
}

std::string_view name_of(Phase phase) {
  return phase == Phase::train ? "train" : "val";
}

/// One line of a table, cell by cell.
class Line {
 public:
  explicit Line(int epoch) : text_(number_text(int64_t{epoch})) {}

  Line& text(std::string_view text) {
    text_ += ',';
    text_ += text;
    return *this;
  }
  Line& number(double value) { return text(number_text(value)); }
  Line& cell(const Cell& value) { return text(value ? number_text(*value) : ""); }
  /// NaN stands for a figure of an empty set.
  template <class Float>
  Line& figure(Float value) {
    return text(std::isnan(value) ? "" : number_text(value));
  }
  Line& summary(const Summary& s) {
    return figure(s.mean).figure(s.std).figure(s.min).figure(s.max).figure(s.median);
  }

  /// The finished line, its end included.
  std::string done() { return std::move(text_) + "\n"; }

 private:
  std::string text_;
};

}  // namespace

RunTables::RunTables(const RunFolder& folder, const std::vector<std::string>& parameter_names,
                     int epochs)
    : parameters_(parameter_names.size()) {
  for (const TableInfo& info : table_infos(parameter_names)) {
    const std::filesystem::path path = folder.table(info.name);
    if (epochs == 0) {
      files_.push_back(AppendFile::create(path));
      files_.back().append(info.header + "\n");
    } else {
      drop_later_rows(path, info.header, epochs, info.every_epoch);
      files_.push_back(AppendFile::open(path));
    }
  }
}

void RunTables::append(const EpochMetricsRow& row) {
  files_[kEpochMetrics].append(Line(row.epoch)
                                   .number(row.train_loss)
                                   .cell(row.val_loss)
                                   .cell(row.span_f1)
                                   .cell(row.span_precision)
                                   .cell(row.span_recall)
                                   .number(row.epoch_time)
                                   .done());
}

void RunTables::append(const LossComponentsRow& row) {
  Line line(row.epoch);
  line.text(name_of(row.phase));
  for (const Cell& loss : row.loss) line.cell(loss);
  files_[kLossComponents].append(line.cell(row.total_loss).done());
}

void RunTables::append(const UncertaintyParamsRow& row) {
  Line line(row.epoch);
  for (const TaskCells* cells : {&row.sigma, &row.weight}) {
    for (const Task task : {Task::ptr, Task::type, Task::span, Task::countdown}) {
      line.cell((*cells)[static_cast<size_t>(task)]);
    }
  }
  files_[kUncertaintyParams].append(line.done());
}

void RunTables::append(const ProbabilityStatsRow& row) {
  files_[kProbabilityStats].append(Line(row.epoch)
                                       .text(name_of(row.phase))
                                       .summary(row.in_span)
                                       .summary(row.out_span)
                                       .figure(row.separation)
                                       .done());
}

void RunTables::append(const FeatureStatsRow& row) {
  files_[kFeatureStats].append(
      Line(row.epoch).text(name_of(row.phase)).text(row.feature_name).summary(row.values).done());
}

void RunTables::append(const GradientStatsRow& row) {
  assert(row.norms.size() == parameters_);
  Line line(row.epoch);
  line.number(row.total_grad_norm);
  for (const double norm : row.norms) line.number(norm);
  files_[kGradientStats].append(line.done());
}

void RunTables::sync() {
  for (AppendFile& file : files_) file.sync();
}

}  // namespace spanlab
