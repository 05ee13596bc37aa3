// Families that take more than one file, part by part.
#pragma once

#include <vector>

#include "spanlab/diagnose/rule.h"

namespace spanlab {

std::vector<Rule> collapse_rules();     ///< C1 - C3: answers that say no more than the base rate
std::vector<Rule> calibration_rules();  ///< C4, C6: probabilities that are wrong on average
std::vector<Rule> span_shape_rules();   ///< C5, C7, C8: where the predicted spans lie
std::vector<Rule> trivial_rules();      ///< T: against trivial predictors and raw returns

std::vector<Rule> input_rules();     ///< G4, R3: whether the bars matter to the answers
std::vector<Rule> progress_rules();  ///< G6, G7, R1, R2: course and settings of the run

std::vector<Rule> feature_rules();  ///< D1
std::vector<Rule> target_rules();   ///< D2, D3: scale and limit of the targets
std::vector<Rule> class_rules();    ///< D4
std::vector<Rule> sample_rules();   ///< D5, D6: what the windows of a split are worth

}  // namespace spanlab
