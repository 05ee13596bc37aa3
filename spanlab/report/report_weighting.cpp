// Weights of the tasks in a run's report, and why learned ones did or did not make up for losses of
// different scale.
#include <fmt/format.h>

#include <cmath>

#include "spanlab/diagnose/task_shares.h"
#include "spanlab/report/format.h"
#include "spanlab/report/report_sections-inl.h"

namespace spanlab {
namespace {

constexpr double kNear = 0.35;  // of a log-sigma: a factor of 2 in the weight, as rule M3 has it

bool by_uncertainty(const RunEvidence& evidence) {
  return !evidence.recipe || evidence.recipe->loss.balancing == Balancing::uncertainty;
}

Trace cells_of(const RunRecord& record, TaskCells UncertaintyParamsRow::*part, Task task) {
  Trace trace;
  for (const UncertaintyParamsRow& row : record.uncertainty_params) {
    const Cell& cell = (row.*part)[static_cast<size_t>(task)];
    if (cell) trace.add(row.epoch, *cell);
  }
  return trace;
}

// What a log-sigma did and what it should have done, in nats.
struct Travel {
  Task task;
  double first, last, optimum;
  bool arrived() const { return std::abs(optimum - last) <= kNear; }
};

std::optional<Travel> travel_of(const RunEvidence& evidence, Task task) {
  const Trace sigma = cells_of(evidence.record, &UncertaintyParamsRow::sigma, task);
  Trace loss = task_loss(evidence.record, Phase::train, task);
  if (loss.empty()) loss = task_loss(evidence.record, Phase::val, task);
  if (sigma.empty() || loss.empty()) return std::nullopt;
  if (sigma.value.front() <= 0 || sigma.value.back() <= 0 || loss.value.back() <= 0) {
    return std::nullopt;
  }
  return Travel{task, std::log(sigma.value.front()), std::log(sigma.value.back()),
                std::log(loss.value.back()) / 2};
}

std::vector<Travel> travels_of(const RunEvidence& evidence) {
  std::vector<Travel> all;
  for (const Task task : learned_tasks(evidence)) {
    if (const auto travel = travel_of(evidence, task)) all.push_back(*travel);
  }
  return all;
}

double rate_of(const RunEvidence& evidence) {
  if (!evidence.recipe) return 0;
  return evidence.recipe->train.learning_rate * evidence.recipe->loss.sigma_rate;
}

// Steps between the first and the last row of uncertainty_params.csv; 0 if not known.
int64_t steps_between(const RunEvidence& evidence) {
  const auto& rows = evidence.record.uncertainty_params;
  if (rows.empty()) return 0;
  return steps_an_epoch(evidence) * (rows.back().epoch - rows.front().epoch);
}

std::string budget_text(const RunEvidence& evidence) {
  const int64_t steps = steps_between(evidence);
  const double rate = rate_of(evidence);
  if (steps == 0 || rate <= 0) {
    return "Recipe or number of windows is missing, so the steps that the log-sigmas could take "
           "are not known.";
  }
  return fmt::format(
      "Adam moves a log-sigma by about its learning rate a step at most: {} steps between the "
      "first and the last row x {} give {} nats.",
      steps, number(rate, 2), number(rate * static_cast<double>(steps), 3));
}

TextTable travel_table(const std::vector<Travel>& travels, double budget) {
  TextTable table{
      {"task", "log-sigma first", "last", "optimum", "needed", "moved", "budget", "arrived"}, {}};
  for (const Travel& t : travels) {
    const double needed = std::abs(t.optimum - t.first);
    table.rows.push_back({words_of(t.task), number(t.first, 3), number(t.last, 3),
                          number(t.optimum, 3), number(needed, 3),
                          number(std::abs(t.last - t.first), 3),
                          budget > 0 ? number(budget, 3) : "–", t.arrived() ? "yes" : "**no**"});
  }
  return table;
}

std::string verdict_of(const std::vector<Travel>& travels, double budget) {
  std::string late, out_of_reach;
  for (const Travel& t : travels) {
    if (t.arrived()) continue;
    late += (late.empty() ? "" : ", ") + words_of(t.task);
    if (budget <= 0 || std::abs(t.optimum - t.first) <= budget) continue;
    out_of_reach += (out_of_reach.empty() ? "" : ", ") + words_of(t.task);
  }
  if (late.empty()) {
    return fmt::format(
        "The weighting did compensate: every log-sigma ends within {} nats of half "
        "the logarithm of its loss.",
        number(kNear, 2));
  }
  std::string text = fmt::format("The weighting did not compensate for: {}.", late);
  if (!out_of_reach.empty()) {
    text += fmt::format(" More was needed than the steps allow for: {}.", out_of_reach);
  }
  return text;
}

void add_weight_chart(const RunEvidence& evidence, Document& document) {
  LineChart chart{"Weights of the tasks", "epoch", "weight, of a sum of 1", {}};
  for (const Task task : learned_tasks(evidence)) {
    chart.lines.push_back(
        line_of(words_of(task), cells_of(evidence.record, &UncertaintyParamsRow::weight, task)));
  }
  add_chart(std::move(chart), document);
}

}  // namespace

void add_sigma_budget(const RunEvidence& evidence, Document& document) {
  if (!by_uncertainty(evidence)) return;
  const std::vector<Travel> travels = travels_of(evidence);
  if (travels.size() < 2) return;
  const double budget = rate_of(evidence) * static_cast<double>(steps_between(evidence));
  document.blocks.emplace_back(Heading{3, "Whether the weighting compensated"});
  add_text("A weighted loss is smallest where the log-sigma is half the logarithm of the loss. " +
               budget_text(evidence),
           document);
  document.blocks.emplace_back(travel_table(travels, budget));
  add_text(verdict_of(travels, budget), document);
}

void add_weights(const RunEvidence& evidence, Document& document) {
  TextTable table{{"task", "first weight", "last weight", "last sigma"}, {}};
  for (const Task task : learned_tasks(evidence)) {
    const Trace weight = cells_of(evidence.record, &UncertaintyParamsRow::weight, task);
    const Trace sigma = cells_of(evidence.record, &UncertaintyParamsRow::sigma, task);
    if (weight.empty()) continue;
    table.rows.push_back({words_of(task), percent(weight.value.front(), 1),
                          percent(weight.value.back(), 1),
                          sigma.empty() ? "–" : number(sigma.value.back(), 3)});
  }
  if (table.rows.empty()) return;
  document.blocks.emplace_back(Heading{3, "Weights of the tasks"});
  if (!by_uncertainty(evidence)) {
    add_text(
        "The table of sigmas is not what weights this run's losses; its recipe balances them "
        "in another way.",
        document);
  }
  document.blocks.emplace_back(std::move(table));
  add_weight_chart(evidence, document);
}

}  // namespace spanlab
