// M6: tasks whose final loss is that of a constant prediction.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "spanlab/base/text.h"
#include "spanlab/diagnose/balancing_checks.h"
#include "spanlab/diagnose/run_facts.h"
#include "spanlab/diagnose/trace.h"
#include "spanlab/diagnose/trivial_losses.h"

namespace spanlab {
namespace {

constexpr double kStarved = 0.98, kLearned = 0.8;  // of the constant prediction's loss
constexpr double kLastPart = 0.1;                  // of the epochs, over which the end is averaged

// A task's loss at the end over that of the best constant prediction; none where one is missing.
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

std::vector<TaskEnd> task_ends(const RunEvidence& e) {
  const RunData& data = *e.data;
  const TrivialLosses train =
      trivial_losses(e.recipe->loss, e.recipe->model.span_head, data.dataset, data.split.train);
  const TrivialLosses val = trivial_losses(e.recipe->loss, e.recipe->model.span_head, data.dataset,
                                           data.split.validation);
  std::vector<TaskEnd> ends;
  for (const Task task : learned_tasks(e)) {
    ends.push_back({task, of_constant(e.record, Phase::train, task, train),
                    of_constant(e.record, Phase::val, task, val)});
  }
  return ends;
}

bool starved(const TaskEnd& end) {
  return end.train && *end.train >= kStarved && (!end.validation || *end.validation >= kStarved);
}

}  // namespace

std::optional<Finding> check_starvation(const RunEvidence& e) {
  if (!e.recipe || !e.data) return std::nullopt;
  std::optional<TaskEnd> winner;
  std::vector<TaskEnd> losers;
  for (const TaskEnd& end : task_ends(e)) {
    if (starved(end)) losers.push_back(end);
    if (end.train && *end.train <= kLearned && (!winner || *end.train < *winner->train)) {
      winner = end;
    }
  }
  if (losers.empty() || !winner) return std::nullopt;
  std::vector<Evidence> evidence;
  std::vector<Remedy> remedies;
  std::vector<std::string> words;
  std::vector<Task> starving;
  for (const TaskEnd& end : losers) {
    words.emplace_back(name_of(end.task));
    starving.push_back(end.task);
    evidence.push_back(measured(
        fmt::format("training loss of {} over that of a constant prediction", name_of(end.task)),
        100 * *end.train, "%", file_of<LossComponentsRow>(), 100 * kStarved));
    if (!end.validation) continue;
    evidence.push_back(measured(
        fmt::format("validation loss of {} over that of a constant prediction", name_of(end.task)),
        100 * *end.validation, "%", file_of<LossComponentsRow>(), 100 * kStarved));
  }
  evidence.push_back(measured(
      fmt::format("training loss of {} over that of a constant prediction", name_of(winner->task)),
      100 * *winner->train, "%", file_of<LossComponentsRow>(), 100 * kLearned));
  const std::string names = listed(words);
  const std::string title = capitalised(names) +
                            (losers.size() == 1 ? " learns nothing" : " learn nothing") +
                            fmt::format(" while {} learns", name_of(winner->task));
  const std::string text = fmt::format(
      "At the end of training, {} {} no better than the best constant prediction, while the loss "
      "of {} is {:.0f} % of it.",
      names, losers.size() == 1 ? "is" : "are", name_of(winner->task), 100 * *winner->train);
  if (e.recipe->balancing.method != Balancing::initial_loss) {
    remedies.push_back({{"balancing.method=initial_loss"},
                        "Divide each loss by its initial value.",
                        "All tasks start with the same weighted loss."});
  }
  // Spans are what the model is for: the span task is never left out.
  if (std::find(starving.begin(), starving.end(), Task::span) != starving.end()) {
    remedies.push_back(
        {{tasks_patch({Task::span}), "balancing.method=sum"},
         "Train the span task alone.",
         "If it stays at a constant prediction, the inputs contain no signal for it."});
    return finding(Severity::medium, text, std::move(evidence), std::move(remedies), title);
  }
  std::vector<Task> others = learned_tasks(e);
  std::erase_if(others, [&](Task task) {
    return std::find(starving.begin(), starving.end(), task) != starving.end();
  });
  remedies.push_back({{tasks_patch(others)},
                      "Train without the tasks that do not learn.",
                      "The encoder serves the tasks that learn."});
  return finding(Severity::medium, text, std::move(evidence), std::move(remedies), title);
}

}  // namespace spanlab
