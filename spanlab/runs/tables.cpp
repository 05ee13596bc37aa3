// The rows of the tables as text.
#include "spanlab/runs/tables.h"

#include <cassert>
#include <cmath>

#include "spanlab/base/text.h"
#include "spanlab/runs/table_rows.h"

namespace spanlab {
namespace {

/// The first line of a table, without its end.
std::string header_of(const TableForm& form, const std::vector<std::string>& parameter_names) {
  std::string header(form.columns);
  if (!form.tensors_follow) return header;
  for (const std::string& name : parameter_names) header += "," + name;
  return header;
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
  /// One a task or pair of tasks.
  template <size_t N>
  Line& cells(const std::array<Cell, N>& values) {
    for (const Cell& value : values) cell(value);
    return *this;
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
                     bool diagnostics, int epochs)
    : parameters_(parameter_names.size()) {
  for (size_t table = 0; table < (diagnostics ? kTables : kBasicTables); ++table) {
    const TableForm& form = kTableForms[table];
    const std::string header = header_of(form, parameter_names);
    const std::filesystem::path path = folder.table(std::string(form.name));
    if (epochs == 0) {
      files_.push_back(AppendFile::create(path));
      files_.back().append(header + "\n");
    } else {
      drop_later_rows(path, form, header, epochs);
      files_.push_back(AppendFile::open(path));
    }
  }
}

AppendFile& RunTables::file(Table table) {
  assert(static_cast<size_t>(table) < files_.size());
  return files_[static_cast<size_t>(table)];
}

void RunTables::append(const EpochMetricsRow& row) {
  file(Table::epoch_metrics)
      .append(Line(row.epoch)
                  .number(row.train_loss)
                  .cell(row.val_loss)
                  .cell(row.span_f1)
                  .cell(row.span_precision)
                  .cell(row.span_recall)
                  .number(row.epoch_time)
                  .done());
}

void RunTables::append(const LossComponentsRow& row) {
  file(Table::loss_components)
      .append(Line(row.epoch).text(name_of(row.phase)).cells(row.loss).cell(row.total_loss).done());
}

void RunTables::append(const UncertaintyParamsRow& row) {
  Line line(row.epoch);
  for (const TaskCells* cells : {&row.sigma, &row.weight}) {
    for (const Task task : kUncertaintyOrder) {
      line.cell((*cells)[static_cast<size_t>(task)]);
    }
  }
  file(Table::uncertainty_params).append(line.done());
}

void RunTables::append(const ProbabilityStatsRow& row) {
  file(Table::probability_stats)
      .append(Line(row.epoch)
                  .text(name_of(row.phase))
                  .summary(row.in_span)
                  .summary(row.out_span)
                  .figure(row.separation)
                  .done());
}

void RunTables::append(const FeatureStatsRow& row) {
  file(Table::feature_stats)
      .append(Line(row.epoch)
                  .text(name_of(row.phase))
                  .text(row.feature_name)
                  .summary(row.values)
                  .done());
}

void RunTables::append(const GradientStatsRow& row) {
  assert(row.norms.size() == parameters_);
  Line line(row.epoch);
  line.number(row.total_grad_norm);
  for (const double norm : row.norms) line.number(norm);
  file(Table::gradient_stats).append(line.done());
}

void RunTables::append(const InitialLossesRow& row) {
  file(Table::initial_losses)
      .append(Line(row.epoch).text(name_of(row.phase)).cells(row.loss).done());
}

void RunTables::append(const RankingStatsRow& row) {
  file(Table::ranking_stats)
      .append(Line(row.epoch)
                  .text(name_of(row.phase))
                  .figure(row.average_precision)
                  .figure(row.auroc)
                  .figure(row.max_probability)
                  .figure(row.best_f1)
                  .figure(row.best_threshold)
                  .done());
}

void RunTables::append(const TaskGradientsRow& row) {
  file(Table::task_gradients)
      .append(Line(row.epoch).cells(row.norm).cells(row.weight).cells(row.cosine).done());
}

void RunTables::append(const UpdateStatsRow& row) {
  assert(row.ratios.size() == parameters_);
  Line line(row.epoch);
  line.number(row.learning_rate);
  for (const double ratio : row.ratios) line.figure(ratio);
  file(Table::update_stats).append(line.done());
}

void RunTables::append(const GateStatsRow& row) {
  file(Table::gate_stats)
      .append(Line(row.epoch)
                  .number(row.layer)
                  .number(row.direction)
                  .text(std::string_view(&row.gate, 1))
                  .number(row.low)
                  .number(row.high)
                  .done());
}

void RunTables::sync() {
  for (AppendFile& file : files_) file.sync();
}

}  // namespace spanlab
