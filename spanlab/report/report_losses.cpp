// Losses in a run's report: the parts of the total, and each over the epochs.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "spanlab/diagnose/task_shares.h"
#include "spanlab/document/format.h"
#include "spanlab/report/report_sections.h"

namespace spanlab {
namespace {

std::string share_text(const Cell& share) {
  return share ? percent(*share, 1) : "–";
}

TextTable breakdown_table(const TaskShares& last) {
  TextTable table{{"task", "loss", "weight", "share of the weighted loss"}, {}};
  for (size_t t = 0; t < kTaskCount; ++t) {
    if (!last.loss[t]) continue;
    table.rows.push_back({words_of(static_cast<Task>(t)),
                          number(*last.loss[t], 4) + " (" + share_text(last.raw[t]) + ")",
                          share_text(last.weight[t]), share_text(last.weighted[t])});
  }
  table.rows.push_back({"total", number(last.total, 4), "", ""});
  return table;
}

std::optional<size_t> largest_of(const TaskCells& cells) {
  std::optional<size_t> best;
  for (size_t t = 0; t < kTaskCount; ++t) {
    if (cells[t] && (!best || *cells[t] > *cells[*best])) best = t;
  }
  return best;
}

std::string breakdown_text(const TaskShares& last) {
  const auto raw = largest_of(last.raw), weighted = largest_of(last.weighted);
  if (!raw) return "";
  std::string text = fmt::format("The largest part of the unweighted sum is {} with {}",
                                 words_of(static_cast<Task>(*raw)), share_text(last.raw[*raw]));
  if (!weighted) return text + ". The weights of the losses were not recorded.";
  if (weighted == raw) {
    return text + fmt::format(
                      ". With a weight of {} it is also the largest part of the weighted loss, {}.",
                      share_text(last.weight[*raw]), share_text(last.weighted[*raw]));
  }
  return text + fmt::format(". Of the weighted loss it is {}, and {} is the largest with {}.",
                            share_text(last.weighted[*raw]), words_of(static_cast<Task>(*weighted)),
                            share_text(last.weighted[*weighted]));
}

LineChart share_chart(const std::vector<TaskShares>& shares, TaskCells TaskShares::*part,
                      const std::string& title) {
  LineChart chart{title, "epoch", "share", {}, false, true};
  for (size_t t = 0; t < kTaskCount; ++t) {
    Trace trace;
    for (const TaskShares& s : shares) {
      if ((s.*part)[t]) trace.add(s.epoch, *(s.*part)[t]);
    }
    chart.lines.push_back(line_of(words_of(static_cast<Task>(t)), trace));
  }
  return chart;
}

// The first epoch, the last, and a tenth, a fifth and half of the way.
std::vector<int> key_epochs(const Trace& total) {
  std::vector<int> epochs{total.epoch.front()};
  for (const double part : {0.1, 0.2, 0.5, 1.0}) {
    const int wanted = static_cast<int>(std::lround(part * total.epoch.back()));
    const auto at = std::lower_bound(total.epoch.begin(), total.epoch.end(), wanted);
    if (at != total.epoch.end() && *at > epochs.back()) epochs.push_back(*at);
  }
  return epochs;
}

std::string value_at(const Trace& trace, int epoch) {
  const auto at = std::lower_bound(trace.epoch.begin(), trace.epoch.end(), epoch);
  if (at == trace.epoch.end() || *at != epoch) return "–";
  return number(trace.value[static_cast<size_t>(at - trace.epoch.begin())], 4);
}

// Losses and their names, the total last.
std::vector<std::pair<std::string, Trace>> named_losses(const RunEvidence& evidence, Phase phase) {
  std::vector<std::pair<std::string, Trace>> named;
  for (const Task task : learned_tasks(evidence)) {
    Trace trace = task_loss(evidence.record, phase, task);
    if (!trace.empty()) named.emplace_back(words_of(task), std::move(trace));
  }
  return named;
}

void add_evolution_table(const RunEvidence& evidence, Phase phase, Document& document) {
  const Trace total = raw_loss(evidence.record, phase);
  const auto named = named_losses(evidence, phase);
  TextTable table{{"epoch"}, {}};
  for (const auto& [name, trace] : named) table.header.push_back(name);
  table.header.emplace_back("total");
  for (const int epoch : key_epochs(total)) {
    std::vector<std::string> row{std::to_string(epoch)};
    for (const auto& [name, trace] : named) row.push_back(value_at(trace, epoch));
    row.push_back(value_at(total, epoch));
    table.rows.push_back(std::move(row));
  }
  std::vector<std::string> change{"change"};
  for (const auto& [name, trace] : named) {
    change.push_back(change_text(trace.value.front(), trace.value.back()));
  }
  change.push_back(change_text(total.value.front(), total.value.back()));
  table.rows.push_back(std::move(change));
  document.blocks.emplace_back(std::move(table));
}

void add_loss_charts(const RunEvidence& evidence, Document& document) {
  const auto chart = [&](const std::string& name, const Trace& train, const Trace& val) {
    add_chart({"Loss: " + name,
               "epoch",
               "loss",
               {line_of("training", train), line_of("validation", val)}},
              document);
  };
  const RunRecord& record = evidence.record;
  for (const Task task : learned_tasks(evidence)) {
    chart(words_of(task), task_loss(record, Phase::train, task),
          task_loss(record, Phase::val, task));
  }
  chart("unweighted sum", raw_loss(record, Phase::train), raw_loss(record, Phase::val));
}

}  // namespace

void add_loss_breakdown(const RunEvidence& evidence, Document& document) {
  const Phase phase = judged_phase(evidence.record);
  const std::vector<TaskShares> shares = task_shares(evidence, phase);
  if (shares.empty()) return;
  const TaskShares& last = shares.back();
  document.blocks.emplace_back(Heading{2, "Parts of the loss"});
  add_text(fmt::format("Epoch {}, {}; the share of the unweighted sum in brackets.", last.epoch,
                       words_of(phase)),
           document);
  document.blocks.emplace_back(breakdown_table(last));
  if (std::string text = breakdown_text(last); !text.empty()) add_text(text, document);
  add_chart(share_chart(shares, &TaskShares::raw, "Shares of the unweighted sum of the losses"),
            document);
  add_chart(share_chart(shares, &TaskShares::weighted, "Shares of the weighted loss"), document);
}

void add_loss_evolution(const RunEvidence& evidence, Document& document) {
  const Phase phase = judged_phase(evidence.record);
  if (raw_loss(evidence.record, phase).empty()) return;
  document.blocks.emplace_back(Heading{2, "Losses over the epochs"});
  add_text(fmt::format("Losses of the {} windows at key epochs.", words_of(phase)), document);
  add_evolution_table(evidence, phase, document);
  add_loss_charts(evidence, document);
}

}  // namespace spanlab
