// M1 and M8: one loss is so much larger than the others that it alone determines the training.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "spanlab/base/text.h"
#include "spanlab/diagnose/balancing_checks.h"
#include "spanlab/diagnose/run_facts.h"
#include "spanlab/diagnose/trace.h"

namespace spanlab {
namespace {

constexpr double kShareOfEpochs = 0.2;  // in which a task must dominate
constexpr double kHighRaw = 0.8, kHighWeighted = 0.6, kHighGradient = 0.6;
constexpr double kWideDelta = 10;  // bars: half of the clipped target's range

// How often, and how strongly at the end, the tasks' shares are too large.
struct Dominance {
  Task task;
  TaskShares last;
  size_t epochs = 0, seen = 0;
  double limit = 0;  // of the weighted share
  double raw() const { return *last.raw[static_cast<size_t>(task)]; }
  double weighted() const { return *last.weighted[static_cast<size_t>(task)]; }
};

std::optional<Dominance> dominance_in(const std::vector<TaskShares>& shares) {
  if (shares.empty() || filled(shares.back().weighted) < 2) return std::nullopt;
  const Task task = *largest(shares.back().raw);
  Dominance d{task, shares.back()};
  const auto t = static_cast<size_t>(task);
  for (const TaskShares& epoch : shares) {
    if (!epoch.raw[t] || !epoch.weighted[t]) continue;
    d.limit = kLargeShareTimesTasks / filled(epoch.raw);
    ++d.seen;
    if (*epoch.raw[t] > kLargeRawShare && *epoch.weighted[t] > d.limit) ++d.epochs;
  }
  if (static_cast<double>(d.epochs) < kShareOfEpochs * static_cast<double>(d.seen)) {
    return std::nullopt;
  }
  return d.epochs > 0 ? std::optional(d) : std::nullopt;
}

// Whether the gradients, where they were recorded, say otherwise: a loss may be large and its
// gradient on the encoder small, most of all under methods that weigh gradients and not losses.
bool gradients_disagree(const RunRecord& record, Task task) {
  if (record.task_gradients.empty()) return false;
  double sum = 0;
  size_t rows = 0;
  for (const TaskGradientsRow& row : record.task_gradients) {
    const Cell share = gradient_shares(row)[static_cast<size_t>(task)];
    if (!share) continue;
    sum += *share;
    ++rows;
  }
  return rows > 0 && sum / static_cast<double>(rows) < kHighGradient;
}

bool depends_on_scale(Balancing method) {
  switch (method) {
    case Balancing::dwa:
    case Balancing::rlw:
    case Balancing::pcgrad:
    case Balancing::cagrad:
    case Balancing::mgda:
      return true;
    default:
      return false;
  }
}

}  // namespace

std::optional<Task> largest(const TaskCells& cells) {
  std::optional<Task> found;
  for (size_t t = 0; t < kTaskCount; ++t) {
    if (cells[t] && (!found || *cells[t] > *cells[static_cast<size_t>(*found)])) {
      found = static_cast<Task>(t);
    }
  }
  return found;
}

int filled(const TaskCells& cells) {
  return static_cast<int>(
      std::count_if(cells.begin(), cells.end(), [](const Cell& c) { return c.has_value(); }));
}

std::vector<Remedy> remedies_for_scale(const RunEvidence& e, Task task) {
  const Recipe recipe = settings_of_run(e);
  std::vector<Remedy> remedies;
  const bool clipped = recipe.loss.countdown_target == CountdownTarget::clipped;
  if (task == Task::countdown && clipped) {
    remedies.push_back({{"loss.countdown_target=unit", "loss.countdown_delta=1"},
                        "Map the countdown targets to 0..1.",
                        "Its errors are at most 1, so its loss becomes as small as the others."});
  }
  std::vector<Task> others = learned_tasks(e);
  std::erase(others, task);
  if (task != Task::span && !others.empty()) {
    remedies.push_back({{tasks_patch(others)},
                        fmt::format("Train without the {} task.", name_of(task)),
                        "The encoder serves only the other tasks."});
  }
  if (task == Task::countdown && clipped && recipe.loss.countdown_delta < kWideDelta) {
    remedies.push_back({{fmt::format("loss.countdown_delta={:g}", kWideDelta)},
                        "Raise the delta of the countdown's Huber loss.",
                        "Small errors count less. Large errors, and with them the loss, grow: "
                        "watch the task's share."});
  }
  if (task == Task::span && recipe.loss.span_pos_weight > 1) {
    remedies.push_back({{"loss.span_pos_weight=1"},
                        "Give bars inside and outside spans the same weight.",
                        "The span loss becomes a plain cross-entropy of the size of the others."});
  }
  if (recipe.balancing.method != Balancing::initial_loss) {
    remedies.push_back({{"balancing.method=initial_loss"},
                        "Divide each loss by its initial value.",
                        "All tasks start with the same weighted loss."});
  }
  return remedies;
}

std::optional<Finding> check_dominance(const RunEvidence& e) {
  const Phase phase = judged_phase(e.record);
  const auto d = dominance_in(task_shares(e, phase));
  if (!d) return std::nullopt;
  const std::string task(name_of(d->task)), words(words_of(phase));
  const auto t = static_cast<size_t>(d->task);
  const std::string file = file_of<LossComponentsRow>();
  const double loss = *d->last.loss[t], weight = *d->last.weight[t];
  const std::string title = capitalised(task) + " dominates the loss";
  const bool high = d->raw() >= kHighRaw && d->weighted() >= kHighWeighted &&
                    !gradients_disagree(e.record, d->task);
  const Severity severity = high ? Severity::high : Severity::medium;
  const std::string text = fmt::format(
      "The {} task makes up {:.1f} % of the {} loss at epoch {} ({:.4g} of {:.4g}) and {:.1f} % of "
      "the weighted sum that training minimises, with {:.1f} % of the weights. It dominates in {} "
      "of {} epochs. The shared encoder learns mainly this task; the {} others share the rest of "
      "the loss.",
      task, 100 * d->raw(), words, d->last.epoch, loss, d->last.total, 100 * d->weighted(),
      100 * weight, d->epochs, d->seen, filled(d->last.raw) - 1);
  std::vector<Evidence> evidence = {
      measured(fmt::format("share of {} in the {} loss", task, words), 100 * d->raw(), "%", file,
               100 * kLargeRawShare, d->last.epoch),
      measured(fmt::format("share of {} in the weighted loss", task), 100 * d->weighted(), "%",
               file, 100 * d->limit, d->last.epoch),
      measured(fmt::format("share of {} in the weights", task), 100 * weight, "%", file, {},
               d->last.epoch),
      measured(fmt::format("{} loss of {}", words, task), loss, "", file, {}, d->last.epoch),
      measured("epochs in which it dominates",
               100 * static_cast<double>(d->epochs) / static_cast<double>(d->seen), "%", file,
               100 * kShareOfEpochs)};
  return finding(severity, text, std::move(evidence), remedies_for_scale(e, d->task), title);
}

std::optional<Finding> check_method(const RunEvidence& e) {
  constexpr double kLimit = 0.8;
  if (!e.recipe || !depends_on_scale(e.recipe->balancing.method)) return std::nullopt;
  const std::vector<TaskShares> shares = task_shares(e, Phase::train);
  if (shares.empty() || filled(shares.front().raw) < 2) return std::nullopt;
  const Task task = *largest(shares.front().raw);
  const double share = *shares.front().raw[static_cast<size_t>(task)];
  if (share <= kLimit) return std::nullopt;
  const std::string text = fmt::format(
      "At epoch {} the {} task makes up {:.1f} % of the unweighted sum of the losses. The "
      "balancing method is not scale-invariant, so it cannot correct this.",
      shares.front().epoch, name_of(task), 100 * share);
  std::vector<Evidence> evidence = {
      measured(fmt::format("share of {} in the training loss", name_of(task)), 100 * share, "%",
               file_of<LossComponentsRow>(), 100 * kLimit, shares.front().epoch)};
  std::vector<Remedy> remedies = remedies_for_scale(e, task);
  remedies.push_back({{"balancing.method=uncertainty_optimal"},
                      "Divide each loss by its current value at every step.",
                      "The direction of a step no longer depends on the units of the losses."});
  return finding(Severity::medium, text, std::move(evidence), std::move(remedies));
}

}  // namespace spanlab
