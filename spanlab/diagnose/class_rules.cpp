// Rare classes: bars inside spans, windows of one type (D4).
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include "spanlab/base/text.h"
#include "spanlab/diagnose/rule.h"
#include "spanlab/diagnose/run_facts.h"
#include "spanlab/windows/data_checks.h"

namespace spanlab {
namespace {

constexpr double kImbalance = 10.0;  // common over rare

// An imbalance of the classes: its severity, a sentence and a number.
struct Imbalance {
  Severity severity;
  std::string text;
  Evidence evidence;
};

std::optional<Imbalance> rare_spans(const RunEvidence& e) {
  if (!learns(e, Task::span)) return std::nullopt;
  const double pi = training_base_rate(*e.data);
  if (pi <= 0.0 || pi >= 1.0) {
    return Imbalance{
        Severity::high,
        fmt::format(
            "All bars of the {} training windows are {} spans: the span task has nothing to learn.",
            e.data->split.train.size(), pi > 0.0 ? "inside" : "outside"),
        measured("training bars inside spans", 100.0 * pi, "%", "windows")};
  }
  const double ratio = std::max(pi, 1.0 - pi) / std::min(pi, 1.0 - pi);
  if (ratio <= kImbalance) return std::nullopt;
  return Imbalance{
      Severity::note,
      fmt::format(
          "{} of the training bars are inside spans, with {:.1f} outside for each one inside. "
          "Accuracy is meaningless here, and always predicting {:.3f} has a loss of {:.4f}.",
          percent(pi), ratio, pi, entropy(pi)),
      measured("bars outside for each one inside", ratio, "", "windows", kImbalance)};
}

std::optional<Imbalance> rare_types(const RunEvidence& e) {
  if (!learns(e, Task::type)) return std::nullopt;
  const TypeCounts types = count_types(e.data->windows, e.data->split.train);
  const int labelled = types.consolidations + types.retracements;
  const int rare = std::min(types.consolidations, types.retracements);
  if (labelled == 0 || static_cast<double>(labelled - rare) <= kImbalance * rare) {
    return std::nullopt;
  }
  return Imbalance{
      Severity::medium,
      fmt::format(
          "Of {} labelled training windows {} are consolidations and {} retracements: {}.",
          labelled, types.consolidations, types.retracements,
          rare == 0 ? "the type task has only one class" : "the type task is nearly constant"),
      measured("training windows of the rarer type", rare, "", "windows",
               static_cast<double>(labelled) / (kImbalance + 1.0))};
}

std::optional<Finding> rare_classes(const RunEvidence& e) {
  if (!e.data || e.data->split.train.empty()) return std::nullopt;
  const auto spans = rare_spans(e), types = rare_types(e);
  if (!spans && !types) return std::nullopt;
  std::string text;
  std::vector<Evidence> evidence;
  std::vector<Remedy> remedies;
  Severity severity = Severity::note;
  for (const auto* found : {&spans, &types}) {
    if (!*found) continue;
    text += (text.empty() ? "" : " ") + (*found)->text;
    evidence.push_back((*found)->evidence);
    severity = std::max(severity, (*found)->severity);
  }
  if (types && e.recipe && learns(e, Task::span)) {
    remedies.push_back({{"loss.tasks=[\"ptr\", \"span\", \"countdown\"]"},
                        "Train without the type task, or label more windows of the rarer type.",
                        "The loss contains no constant prediction."});
  }
  if (spans && spans->severity == Severity::high) {
    remedies.push_back({{},
                        "Label windows that contain both spans and bars outside them.",
                        "The span task has two classes."});
  } else if (spans) {
    remedies.push_back({{"model.span_start=prior"},
                        "Start the span head at the base rate, and evaluate by average precision.",
                        "No step is spent on learning the base rate."});
  }
  return finding(severity, text, std::move(evidence), std::move(remedies));
}

}  // namespace

std::vector<Rule> class_rules() {
  return {
      {"D4",
       "Class imbalance",
       "bars outside spans for each one inside; training windows of each type",
       "more than 10 to 1",
       "a model that learns nothing: class imbalance alone does not keep a model from ranking bars",
       {"C1", "C2"},
       rare_classes}};
}

}  // namespace spanlab
