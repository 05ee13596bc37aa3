// What one rule finds in made-up evidence, for tests.
#pragma once

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "spanlab/diagnose/diagnose.h"
#include "spanlab/evaluate/evaluation_sets.h"
#include "tests/diagnose/expect_form.h"
#include "tests/diagnose/make_evidence.h"

namespace spanlab::test {

/// The finding of rule `id`, if it fires; its evidence and text must not be empty.
inline std::optional<Finding> fired(std::string_view id, const RunEvidence& evidence) {
  for (const Rule& rule : all_rules()) {
    if (rule.id != id) continue;
    auto found = rule.check(evidence);
    if (found) {
      EXPECT_FALSE(found->evidence.empty()) << id;
      EXPECT_FALSE(found->explanation.empty()) << id;
      expect_form(*found);
      EXPECT_EQ(found->explanation.find("nan"), std::string::npos) << found->explanation;
    }
    return found;
  }
  ADD_FAILURE() << "there is no rule " << id;
  return std::nullopt;
}

/// A number of a finding by its name; NaN if it is not there.
inline double value_of(const std::optional<Finding>& finding, std::string_view name) {
  if (finding) {
    for (const Evidence& e : finding->evidence) {
      if (e.name == name) return e.value;
    }
  }
  ADD_FAILURE() << "no evidence " << name;
  return std::numeric_limits<double>::quiet_NaN();
}

/// Whether a remedy of the finding has this setting in its patch.
inline bool proposes(const std::optional<Finding>& finding, std::string_view setting) {
  if (!finding) return false;
  for (const Remedy& remedy : finding->remedies) {
    for (const std::string& patch : remedy.patch) {
      if (patch == setting) return true;
    }
  }
  return false;
}

/// The model's predictions scored beside the trivial predictors, with few draws.
inline void evaluate(RunEvidence& evidence) {
  const ModelEvidence& model = *evidence.model;
  evidence.evaluation = spanlab::evaluate(
      validation_sets(*evidence.recipe, *evidence.data, model.train, model.validation), 100);
}

/// Healthy evidence with data, model and evaluation; made once, copied.
inline RunEvidence whole_evidence() {
  static const RunEvidence whole = [] {
    RunEvidence evidence = healthy_evidence_with_model();
    evaluate(evidence);
    return evidence;
  }();
  return whole;
}

/// Every span probability of the model becomes f(window, bar), and it is scored anew.
template <class F>
void answer(RunEvidence& evidence, F f) {
  const auto length = static_cast<size_t>(evidence.data->dataset.length);
  for (Predictions* p : {&evidence.model->train, &evidence.model->validation}) {
    for (size_t i = 0; i < p->windows.size(); ++i) {
      for (size_t t = 0; t < length; ++t) {
        p->output.span[i * length + t] = static_cast<float>(f(p->windows[i], static_cast<int>(t)));
      }
    }
  }
  evaluate(evidence);
}

/// The last validation row of span probabilities becomes this, both phases, all epochs.
inline void answer_constantly(RunRecord& record, double p, double separation, double spread,
                              double span_loss) {
  for (ProbabilityStatsRow& row : record.probability_stats) {
    const auto around = [&](double mean) -> Summary {
      return {mean, spread, static_cast<float>(mean - 3 * spread),
              static_cast<float>(mean + 3 * spread), static_cast<float>(mean)};
    };
    row.out_span = around(p);
    row.in_span = around(p + separation);
    row.separation = separation;
  }
  for (LossComponentsRow& row : record.loss_components) row.loss[at(Task::span)] = span_loss;
}

}  // namespace spanlab::test
