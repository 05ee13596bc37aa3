// M6: tasks whose loss ends where a constant answer would have it.
#include <fmt/format.h>

#include <algorithm>

#include "spanlab/base/text.h"
#include "spanlab/diagnose/balancing_rules-inl.h"
#include "spanlab/diagnose/trace.h"
#include "spanlab/diagnose/trivial_losses.h"

namespace spanlab {
namespace {

constexpr double kStarved = 0.98, kLearned = 0.8;  // of the constant answer's loss
constexpr double kLastPart = 0.1;                  // of the epochs, over which the end is averaged

// A task's loss at the end over that of the best constant answer; none where one is missing.
std::optional<double> of_constant(const RunRecord& record, Phase phase, Task task,
                                  const TrivialLosses& trivial) {
  const Trace trace = task_loss(record, phase, task);
  const Cell& constant = trivial.constant[static_cast<size_t>(task)];
  if (trace.empty() || !constant || *constant <= 0) return std::nullopt;
  return mean_of(trace.tail(kLastPart).value) / *constant;
}

struct TaskEnd {
  Task task;
  std::optional<double> train, validation;
};

std::vector<TaskEnd> task_ends(const RunEvidence& evidence) {
  const RunData& data = *evidence.data;
  const TrivialLosses train = trivial_losses(*evidence.recipe, data.dataset, data.split.train);
  const TrivialLosses val = trivial_losses(*evidence.recipe, data.dataset, data.split.validation);
  std::vector<TaskEnd> ends;
  for (const Task task : learned_tasks(evidence)) {
    ends.push_back({task, of_constant(evidence.record, Phase::train, task, train),
                    of_constant(evidence.record, Phase::val, task, val)});
  }
  return ends;
}

bool starved(const TaskEnd& end) {
  return end.train && *end.train >= kStarved && (!end.validation || *end.validation >= kStarved);
}

}  // namespace

std::optional<Finding> check_starvation(const RunEvidence& evidence) {
  if (!evidence.recipe || !evidence.data) return std::nullopt;
  std::optional<TaskEnd> winner;
  std::vector<TaskEnd> losers;
  for (const TaskEnd& end : task_ends(evidence)) {
    if (starved(end)) losers.push_back(end);
    if (end.train && *end.train <= kLearned && (!winner || *end.train < *winner->train)) {
      winner = end;
    }
  }
  if (losers.empty() || !winner) return std::nullopt;
  Finding f;
  f.severity = Severity::medium;
  std::vector<std::string> words;
  std::vector<Task> starving;
  for (const TaskEnd& end : losers) {
    words.emplace_back(name_of(end.task));
    starving.push_back(end.task);
    f.evidence.push_back(
        {fmt::format("training loss of {} over that of a constant answer", name_of(end.task)),
         100 * *end.train,
         "%",
         100 * kStarved,
         {},
         file_of(Table::loss_components)});
    if (!end.validation) continue;
    f.evidence.push_back(
        {fmt::format("validation loss of {} over that of a constant answer", name_of(end.task)),
         100 * *end.validation,
         "%",
         100 * kStarved,
         {},
         file_of(Table::loss_components)});
  }
  f.evidence.push_back(
      {fmt::format("training loss of {} over that of a constant answer", name_of(winner->task)),
       100 * *winner->train,
       "%",
       100 * kLearned,
       {},
       file_of(Table::loss_components)});
  const std::string names = listed(words);
  f.title = names + (losers.size() == 1 ? " learns nothing" : " learn nothing") +
            fmt::format(" while {} learns", name_of(winner->task));
  f.explanation = fmt::format(
      "At the end of training {} {} no better than the best constant answer, while {} is at {:.0f} "
      "% "
      "of it.",
      names, losers.size() == 1 ? "is" : "are", name_of(winner->task), 100 * *winner->train);
  if (evidence.recipe->loss.balancing != Balancing::initial_loss) {
    f.remedies.push_back({{"loss.balancing=initial_loss"},
                          "divide each loss by its value before the first step",
                          "all tasks ask for steps of the same size from the start"});
  }
  // Spans are what the model is for: the span task is never left out.
  if (std::find(starving.begin(), starving.end(), Task::span) != starving.end()) {
    f.remedies.push_back({{tasks_patch({Task::span}), "loss.balancing=sum"},
                          "train the span task alone",
                          "if it stays at a constant answer, its inputs hold no signal for it"});
    return f;
  }
  std::vector<Task> others = learned_tasks(evidence);
  std::erase_if(others, [&](Task task) {
    return std::find(starving.begin(), starving.end(), task) != starving.end();
  });
  f.remedies.push_back({{tasks_patch(others)},
                        "leave out what does not learn",
                        "the encoder serves the tasks that do"});
  return f;
}

}  // namespace spanlab
