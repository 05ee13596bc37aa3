// A rule of diagnosis: what it looks at, and a function from a run's evidence to a finding.
#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "spanlab/diagnose/finding.h"
#include "spanlab/diagnose/run_evidence.h"

namespace spanlab {

struct Rule {
  std::string_view id;                     ///< "M1"
  std::string_view title;                  ///< of its findings: "one task dominates the loss"
  std::string_view measures;               ///< what it measures, one line
  std::string_view threshold;              ///< when it fires, one line
  std::string_view mistaken_for;           ///< see Finding::mistaken_for
  std::vector<std::string_view> leads_to;  ///< rules whose findings may follow from this one
  /// Severity, explanation, evidence and remedies (title too where it can say more); what stands
  /// above is filled in by diagnose(). No finding where the evidence is missing.
  std::optional<Finding> (*check)(const RunEvidence& evidence);
};

// One file a family.
std::vector<Rule> numeric_rules();         ///< N: numbers that are none, losses that start wrong
std::vector<Rule> optimisation_rules();    ///< O: gradients, steps, schedules
std::vector<Rule> generalisation_rules();  ///< G, R: training against validation
std::vector<Rule> data_rules();            ///< D: features, targets, splits, sample size
std::vector<Rule> label_rules();           ///< L: look-alikes, preferred places
std::vector<Rule> balancing_rules();       ///< M: tasks against one another
std::vector<Rule> detection_rules();       ///< C, T: the span probabilities, trivial predictors

}  // namespace spanlab
