// The form of every table of a run: its name and its columns, for those that write and that read.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include "spanlab/base/task.h"

namespace spanlab {

/// The tables: the six of the reported run, then those that a run records for diagnosis.
enum class Table {
  epoch_metrics,
  loss_components,
  uncertainty_params,
  probability_stats,
  feature_stats,
  gradient_stats,
  initial_losses,
  ranking_stats,
  task_gradients,
  update_stats,
  gate_stats,
};

inline constexpr size_t kBasicTables = 6;
inline constexpr size_t kTables = 11;

struct TableForm {
  std::string_view name;        ///< file name without ".csv"
  std::string_view columns;     ///< as in the header; the first is the epoch
  int first_epoch = 1;          ///< lowest epoch that a row may have
  bool every_epoch = false;     ///< every epoch has a row
  bool one_row = false;         ///< an epoch has at most one
  bool tensors_follow = false;  ///< one more column for every parameter tensor
};

/// Indexed by Table.
inline constexpr std::array<TableForm, kTables> kTableForms{{
    {.name = "epoch_metrics",
     .columns = "epoch,train_loss,val_loss,span_f1,span_precision,span_recall,epoch_time",
     .every_epoch = true,
     .one_row = true},
    {.name = "loss_components",
     .columns = "epoch,phase,loss_type,loss_ptr,loss_span,loss_countdown,total_loss",
     .every_epoch = true},
    {.name = "uncertainty_params",
     .columns = "epoch,sigma_ptr,sigma_type,sigma_span,sigma_countdown,"
                "weight_ptr,weight_type,weight_span,weight_countdown",
     .one_row = true},
    {.name = "probability_stats",
     .columns = "epoch,phase,"
                "in_span_mean,in_span_std,in_span_min,in_span_max,in_span_median,"
                "out_span_mean,out_span_std,out_span_min,out_span_max,out_span_median,separation",
     .every_epoch = true},
    {.name = "feature_stats", .columns = "epoch,phase,feature_name,mean,std,min,max,median"},
    {.name = "gradient_stats",
     .columns = "epoch,total_grad_norm",
     .one_row = true,
     .tensors_follow = true},
    {.name = "initial_losses",
     .columns = "epoch,phase,loss_type,loss_ptr,loss_span,loss_countdown",
     .first_epoch = 0},
    {.name = "ranking_stats",
     .columns = "epoch,phase,average_precision,auroc,max_probability,best_f1,best_threshold"},
    {.name = "task_gradients",
     .columns = "epoch,norm_type,norm_ptr,norm_span,norm_countdown,"
                "weight_type,weight_ptr,weight_span,weight_countdown,"
                "cosine_type_ptr,cosine_type_span,cosine_type_countdown,"
                "cosine_ptr_span,cosine_ptr_countdown,cosine_span_countdown",
     .one_row = true},
    {.name = "update_stats",
     .columns = "epoch,learning_rate",
     .one_row = true,
     .tensors_follow = true},
    {.name = "gate_stats", .columns = "epoch,layer,direction,gate,low,high"},
}};

constexpr const TableForm& form_of(Table table) {
  return kTableForms[static_cast<size_t>(table)];
}

/// uncertainty_params.csv names the tasks in this order, all other tables in that of Task.
inline constexpr std::array<Task, kTaskCount> kUncertaintyOrder{Task::ptr, Task::type, Task::span,
                                                                Task::countdown};

}  // namespace spanlab
