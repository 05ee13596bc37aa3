// What rules find in tables with one fault each: numbers, limits, epochs and order of the findings,
// against a golden file.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <string>
#include <vector>

#include "tests/diagnose/uneven_evidence.h"
#include "tests/golden_file.h"
#include "tests/reported_tables.h"

namespace spanlab::test {
namespace {

struct Fault {
  std::string name, rule;
  std::function<void(RunEvidence&)> make;
};

void expect_findings(const std::string& file, const std::vector<Fault>& faults) {
  std::string text;
  for (const Fault& fault : faults) {
    RunEvidence evidence = uneven_evidence();
    fault.make(evidence);
    text += text_of(fault.name, fault.rule, evidence);
  }
  expect_golden("tests/diagnose/golden/" + file, text);
}

void each_loss(RunEvidence& e, const std::function<void(LossComponentsRow&)>& change) {
  std::for_each(e.record.loss_components.begin(), e.record.loss_components.end(), change);
}

void scale(LossComponentsRow& row, Task task, double factor) {
  row.loss[at(task)] = *row.loss[at(task)] * factor;
}

/// Steps over weights of the tensors whose name contains `part`.
void set_ratios(RunEvidence& e, const std::string& part, double ratio) {
  for (UpdateStatsRow& row : e.record.update_stats) {
    for (size_t i = 0; i < row.ratios.size(); ++i) {
      if (e.record.tensors[i].find(part) == std::string::npos) continue;
      row.ratios[i] = ratio * (1 + 0.01 * static_cast<double>(i));
    }
  }
}

const std::vector<Fault>& optimisation_faults() {
  static const std::vector<Fault> faults{
      {"no fault", kNoRule, [](RunEvidence&) {}},
      {"NaN from epoch 7 on", "N1",
       [](RunEvidence& e) {
         each_loss(e, [](auto& row) {
           if (row.epoch >= 7) row.loss[at(Task::span)] = std::nan("");
         });
       }},
      {"a gradient of exactly 0", "N2",
       [](RunEvidence& e) {
         for (size_t i = 1; i < 7; ++i) e.record.gradient_stats[i].total_grad_norm = 0;
       }},
      {"gradients vanish", "O1",
       [](RunEvidence& e) {
         for (auto& row : e.record.gradient_stats) row.total_grad_norm = 1e-6 / row.epoch;
       }},
      {"gradients vanish in the encoder", "O1",
       [](RunEvidence& e) {
         for (auto& row : e.record.gradient_stats) {
           for (size_t i = 0; i < row.norms.size(); ++i) {
             const bool lstm = e.record.tensors[i].starts_with("lstm");
             row.norms[i] = (lstm ? 1e-7 : 1e-2) * static_cast<double>(i + 1) * row.epoch;
           }
         }
       }},
      {"a gradient explodes", "O2",
       [](RunEvidence& e) {
         e.record.gradient_stats[5].total_grad_norm *= 17;
         e.record.gradient_stats[6].total_grad_norm *= 13;
       }},
      {"small steps", "O3", [](RunEvidence& e) { set_ratios(e, "", 1e-6); }},
      {"large steps", "O3", [](RunEvidence& e) { set_ratios(e, "", 0.5); }},
      {"saturated gates", "O4",
       [](RunEvidence& e) {
         for (auto& row : e.record.gate_stats) {
           row.low = 0.01 + 0.001 * row.epoch;
           if (row.gate == 'f' && row.direction == 1) row.high = 0.5 + 0.01 * row.epoch;
         }
       }},
      {"a frozen tensor", "O5", [](RunEvidence& e) { set_ratios(e, "lstm.weight_hh_l0", 0); }},
      {"no progress", "O6",
       [](RunEvidence& e) {
         each_loss(e, [](auto& row) {
           for (size_t t = 0; t < kTaskCount; ++t) {
             row.loss[t] = (row.phase == Phase::val ? 0.6 : 0.5) + 0.1 * static_cast<double>(t) -
                           2e-5 * row.epoch;
           }
         });
       }},
      {"no progress in the second half", "O6",
       [](RunEvidence& e) {
         const TaskCells last = e.record.loss_components[41].loss;
         each_loss(e, [&](auto& row) {
           if (row.epoch > 20) row.loss = last;
         });
       }},
      {"the training loss of a task rises", "O7",
       [](RunEvidence& e) {
         each_loss(e, [](auto& row) {
           if (row.phase == Phase::train) row.loss[at(Task::ptr)] = 0.03 * (1 + 0.1 * row.epoch);
         });
       }},
      {"the training losses rise", "O7",
       [](RunEvidence& e) {
         each_loss(e, [](auto& row) {
           if (row.phase != Phase::train) return;
           for (Cell& loss : row.loss) *loss *= 1 + std::max(0, row.epoch - 15) * 0.1;
         });
       }},
      {"a spike", "O7",
       [](RunEvidence& e) {
         each_loss(e, [](auto& row) {
           for (Cell& loss : row.loss) *loss *= row.epoch == 25 ? 3.0 : 1.0;
         });
       }},
      {"the training loss swings", "O8",
       [](RunEvidence& e) {
         each_loss(e, [](auto& row) {
           const double swing = row.phase == Phase::train ? 1.3 : 1.9;
           for (Cell& loss : row.loss) *loss *= row.epoch % 2 == 0 ? swing : 1.0;
         });
       }},
      {"a large learning rate", "O10", [](RunEvidence& e) { e.recipe->train.rate.peak = 0.05; }},
      {"a small learning rate", "O10", [](RunEvidence& e) { e.recipe->train.rate.peak = 1e-5; }},
      {"a rate that is soon over", "O10",
       [](RunEvidence& e) {
         for (auto& row : e.record.update_stats) row.learning_rate = row.epoch > 10 ? 0 : 1e-3;
       }},
      {"strong weight decay", "O12",
       [](RunEvidence& e) {
         e.recipe->train.rate.peak = 8e-3;
         e.recipe->train.adamw.weight_decay = 0.5;
       }},
      {"slow epochs", "P1",
       [](RunEvidence& e) {
         e.record.epoch_metrics[7].epoch_time = 9;
         e.record.epoch_metrics[9].epoch_time = 7;
       }},
  };
  return faults;
}

const std::vector<Fault>& balancing_faults() {
  static const std::vector<Fault> faults{
      {"a plain sum of unequal losses", "M1",
       [](RunEvidence& e) {
         e.recipe->balancing.method = Balancing::sum;
         each_loss(e, [](auto& row) { scale(row, Task::span, row.epoch > 11 ? 100 : 1); });
       }},
      {"fixed weights of unequal losses", "M1",
       [](RunEvidence& e) {
         e.recipe->balancing.method = Balancing::fixed;
         e.recipe->balancing.weights[0] = 1.1;
         e.recipe->balancing.weights[1] = 0.9;
         e.recipe->balancing.weights[3] = 0.8;
         e.recipe->balancing.weights[2] = 1.2;
         each_loss(e, [](auto& row) { scale(row, Task::countdown, 300); });
       }},
      {"a gradient dominates", "M2",
       [](RunEvidence& e) {
         for (auto& row : e.record.task_gradients) {
           row.norm[at(Task::countdown)] = 1 + 0.03 * row.epoch;
         }
       }},
      {"sigmas lag", "M3",
       [](RunEvidence& e) {
         e.recipe->balancing.method = Balancing::uncertainty;
         each_loss(e, [](auto& row) { scale(row, Task::countdown, 1000); });
         for (auto& row : e.record.uncertainty_params) row.sigma = {1.0, 0.74, 0.5, 1.1};
       }},
      {"a total below 0", "M4",
       [](RunEvidence& e) {
         e.recipe->balancing.method = Balancing::uncertainty;
         const TaskCells first = e.record.loss_components[0].loss;
         each_loss(e, [&](auto& row) { row.loss = first; });
         for (auto& row : e.record.epoch_metrics) row.train_loss = -0.1 * row.epoch;
       }},
      {"a task has no weight", "M4",
       [](RunEvidence& e) {
         e.recipe->balancing.method = Balancing::uncertainty;
         for (auto& row : e.record.uncertainty_params) row.weight = {0.4, 0.35, 0.001, 0.249};
       }},
      {"gradients in conflict", "M5",
       [](RunEvidence& e) {
         for (auto& row : e.record.task_gradients) {
           for (size_t i = 0; i < 6; ++i) {
             row.cosine[i] = 0.03 * static_cast<double>(i) - (i == 4 ? 0.5 + 0.001 * row.epoch : 0);
           }
         }
       }},
      {"a method that depends on the scale", "M8",
       [](RunEvidence& e) {
         e.recipe->balancing.method = Balancing::dwa;
         each_loss(e, [](auto& row) { scale(row, Task::countdown, 1000); });
         for (auto& row : e.record.initial_losses) row.loss[at(Task::countdown)] = 31.7;
       }},
      {"the reported run's dominance", "M1",
       [](RunEvidence& e) { e = RunEvidence{}, e.record = reported_record(); }},
      {"the reported run's sigmas", "M3",
       [](RunEvidence& e) { e = RunEvidence{}, e.record = reported_record(); }},
      {"the reported run's targets", "D2",
       [](RunEvidence& e) { e = RunEvidence{}, e.record = reported_record(); }},
      {"sigmas without training losses", "M3",
       [](RunEvidence& e) {
         e.recipe->balancing.method = Balancing::uncertainty;
         std::erase_if(e.record.loss_components,
                       [](const auto& row) { return row.phase == Phase::train; });
         for (auto& row : e.record.uncertainty_params) row.sigma = {1.0, 0.74, 0.5, 1.1};
       }},
      {"a feature of another unit", "D1",
       [](RunEvidence& e) {
         for (auto& row : e.record.feature_stats) {
           if (row.feature_name == "range_z") row.values.mean = -30.0 - row.epoch;
         }
       }},
      {"odd features", "D1",
       [](RunEvidence& e) {
         for (auto& row : e.record.feature_stats) {
           if (row.phase != Phase::train) continue;
           if (row.feature_name == "open_norm") row.values.std = 0;
           if (row.feature_name == "range_z") row.values.mean = 2000 + row.epoch;
           if (row.feature_name == "body_pct") row.values.std = 0.3 + 0.001 * row.epoch;
         }
       }},
  };
  return faults;
}

void set(RunEvidence& e, Phase phase, Task task, const std::function<double(int)>& loss_at) {
  each_loss(e, [&](auto& row) {
    if (row.phase == phase) row.loss[at(task)] = loss_at(row.epoch);
  });
}

const std::vector<Fault>& score_faults() {
  static const std::vector<Fault> faults{
      {"over-fitting", "G1",
       [](RunEvidence& e) {
         set(e, Phase::val, Task::type, [](int n) { return 0.5 + 0.01 * std::abs(n - 15); });
         set(e, Phase::val, Task::ptr, [](int n) { return 0.02 + 0.001 * std::abs(n - 25); });
       }},
      {"validation is better", "G2",
       [](RunEvidence& e) {
         set(e, Phase::train, Task::span, [](int n) { return 0.2 - 0.0001 * n; });
         set(e, Phase::val, Task::span, [](int n) { return 0.15 - 0.0002 * n; });
       }},
      {"the loss falls and the score is still", "G6",
       [](RunEvidence& e) {
         for (auto& row : e.record.epoch_metrics) {
           row.val_loss = 2.0 - 0.02 * std::min(row.epoch, 60 - row.epoch);
           row.span_f1 = 0.0;
         }
       }},
      {"the loss rises with the score", "G6",
       [](RunEvidence& e) {
         for (auto& row : e.record.epoch_metrics) row.span_f1 = *row.val_loss / 5;
       }},
      {"much dropout", "G7",
       [](RunEvidence& e) {
         e.recipe->model.layers = 2;
         e.recipe->model.head_dropout = 0.95;
         e.recipe->model.layer_dropout = 0.71;
         e.recipe->model.input_dropout = 0.53;
       }},
      {"little progress", "R1",
       [](RunEvidence& e) {
         for (auto& row : e.record.epoch_metrics) {
           row.val_loss =
               2.0 - 0.005 * std::min(row.epoch, 33) + 0.001 * std::max(0, row.epoch - 33);
         }
       }},
      {"no skill", "C1",
       [](RunEvidence& e) {
         answer_constantly(e.record, 0.0705, 0.003, 0.001, 0.2549);
         for (auto& row : e.record.probability_stats) {
           if (row.phase == Phase::train) row.separation = 0.3, row.in_span.mean = 0.5;
         }
         e.record.ranking_stats.clear();
       }},
      {"a threshold out of reach", "C2",
       [](RunEvidence& e) {
         answer_constantly(e.record, 0.2, 0.05, 0.03, 0.3);
         for (auto& row : e.record.probability_stats) {
           if (row.phase == Phase::train) row.in_span.max = 0.9F;
         }
       }},
      {"F1 of predicting every bar", "C3",
       [](RunEvidence& e) {
         answer_constantly(e.record, 0.0705, 0.0, 0.001, 0.2549);
         e.record.epoch_metrics.back().span_f1 = 0.135;
       }},
      {"the reported run's collapse", "C1",
       [](RunEvidence& e) { e = RunEvidence{}, e.record = reported_record(); }},
      {"the reported run's threshold", "C2",
       [](RunEvidence& e) { e = RunEvidence{}, e.record = reported_record(); }},
  };
  return faults;
}

TEST(GoldenFindings, OfOptimisation) {
  expect_findings("optimisation.txt", optimisation_faults());
}

TEST(GoldenFindings, OfBalancing) {
  expect_findings("balancing.txt", balancing_faults());
}

TEST(GoldenFindings, OfScores) {
  expect_findings("scores.txt", score_faults());
}

}  // namespace
}  // namespace spanlab::test
