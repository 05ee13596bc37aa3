// Task weights in a run's report, and why learned ones did or did not compensate for losses of
// different scale.
#include <fmt/format.h>

#include "spanlab/base/text.h"
#include "spanlab/diagnose/sigma_travel.h"
#include "spanlab/document/format.h"
#include "spanlab/report/report_sections.h"

namespace spanlab {
namespace {

Trace cells_of(const RunRecord& record, TaskCells UncertaintyParamsRow::*part, Task task) {
  Trace trace;
  for (const UncertaintyParamsRow& row : record.uncertainty_params) {
    const Cell& cell = (row.*part)[static_cast<size_t>(task)];
    if (cell) trace.add(row.epoch, *cell);
  }
  return trace;
}

std::string budget_text(const SigmaBudget& budget) {
  if (!budget.known()) {
    return "The recipe or the number of windows is missing, so the possible steps of the "
           "log-sigmas are unknown.";
  }
  return fmt::format(
      "Adam moves a log-sigma by at most about its learning rate per step: {} steps between the "
      "first and the last row x {} allow {} nats.",
      budget.steps, number(budget.rate, 2), number(budget.nats(), 3));
}

TextTable travel_table(const std::vector<SigmaTravel>& travels, const SigmaBudget& budget) {
  TextTable table{
      {"task", "log-sigma first", "last", "optimum", "needed", "moved", "budget", "arrived"}, {}};
  for (const SigmaTravel& t : travels) {
    table.rows.push_back({words_of(t.task), number(t.first, 3), number(t.last, 3),
                          number(t.optimum, 3), number(t.needed(), 3), number(t.moved(), 3),
                          budget.known() ? number(budget.nats(), 3) : "–",
                          t.arrived() ? "yes" : "**no**"});
  }
  return table;
}

std::string verdict_of(const std::vector<SigmaTravel>& travels, const SigmaBudget& budget) {
  std::vector<std::string> late, out_of_reach;
  for (const SigmaTravel& t : travels) {
    if (!t.arrived()) late.push_back(words_of(t.task));
    if (!budget.known() || t.needed() <= budget.nats()) continue;
    out_of_reach.push_back(words_of(t.task) + (t.arrived() ? " (near enough)" : ""));
  }
  if (late.empty()) {
    return fmt::format(
        "The weighting compensated: every log-sigma ends within {} nats of half the log of its "
        "loss.",
        number(kSigmaArrived, 2));
  }
  std::string text = fmt::format("The weighting did not compensate for: {}.", listed(late));
  if (!out_of_reach.empty()) {
    text += fmt::format(" The steps are too few for: {}.", listed(out_of_reach));
  }
  return text;
}

void add_weight_chart(const RunEvidence& evidence, Document& document) {
  LineChart chart{"Weights of the tasks", "epoch", "weight (sum 1)", {}};
  for (const Task task : learned_tasks(evidence)) {
    chart.lines.push_back(
        line_of(words_of(task), cells_of(evidence.record, &UncertaintyParamsRow::weight, task)));
  }
  add_chart(std::move(chart), document);
}

}  // namespace

void add_sigma_budget(const RunEvidence& evidence, Document& document) {
  if (!by_uncertainty(evidence)) return;
  const std::vector<SigmaTravel> travels = sigma_travels(evidence);
  if (travels.size() < 2) return;
  const SigmaBudget budget = sigma_budget(evidence);
  document.blocks.emplace_back(Heading{3, "Uncertainty weighting"});
  add_text(fmt::format("A weighted loss is smallest where the log-sigma is half the log of the "
                       "loss; within {} nats counts as reached. ",
                       number(kSigmaArrived, 2)) +
               budget_text(budget),
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
        "The table of sigmas does not apply to this run: its recipe uses another balancing method.",
        document);
  }
  document.blocks.emplace_back(std::move(table));
  add_weight_chart(evidence, document);
}

}  // namespace spanlab
