// A rule of diagnosis: what it looks at, and a function from a run's evidence to a finding.
#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "spanlab/diagnose/finding.h"
#include "spanlab/evaluate/run_evidence.h"

namespace spanlab {

struct Rule {
  std::string_view id;                     ///< "M1"
  std::string_view title;                  ///< of its findings: "One task dominates the loss"
  std::string_view measures;               ///< what it measures, one line
  std::string_view threshold;              ///< when it fires, one line
  std::string_view mistaken_for;           ///< see Finding::mistaken_for
  std::vector<std::string_view> leads_to;  ///< rules whose findings may follow from this one
  /// Severity, explanation, evidence and remedies (title too if more specific); diagnose() fills
  /// in the members above. No finding where the evidence is missing.
  std::optional<Finding> (*check)(const RunEvidence& evidence);
};

// One file a family.
std::vector<Rule> numeric_rules();         ///< N: NaN or infinite values, wrong initial losses
std::vector<Rule> optimisation_rules();    ///< O: gradients, steps, schedules
std::vector<Rule> generalisation_rules();  ///< G, R: training against validation
std::vector<Rule> data_rules();            ///< D: features, targets, splits, sample size
std::vector<Rule> label_rules();           ///< L: look-alikes, preferred places
std::vector<Rule> balancing_rules();       ///< M: tasks against one another
std::vector<Rule> detection_rules();       ///< C, T: the span probabilities, trivial predictors

// Families that take more than one file, part by part.
std::vector<Rule> collapse_rules();     ///< C1 - C3: predictions no better than the base rate
std::vector<Rule> calibration_rules();  ///< C4, C6: probabilities that are wrong on average
std::vector<Rule> span_shape_rules();   ///< C5, C7, C8: where the predicted spans lie
std::vector<Rule> trivial_rules();      ///< T: against trivial predictors and raw returns
std::vector<Rule> fit_rules();          ///< G1, G2: training compared with validation
std::vector<Rule> input_rules();     ///< G4, R3: whether predictions and labels depend on the bars
std::vector<Rule> progress_rules();  ///< G6, G7, R1, R2: course and settings of the run
std::vector<Rule> feature_rules();   ///< D1
std::vector<Rule> target_rules();    ///< D2, D3: scale and limit of the targets
std::vector<Rule> class_rules();     ///< D4
std::vector<Rule> sample_rules();    ///< D5, D6: what the windows of a split are worth

}  // namespace spanlab
