// The families of rules that are put together from parts.
#include "spanlab/diagnose/rule.h"

namespace spanlab {
namespace {

std::vector<Rule> joined(const std::vector<std::vector<Rule>>& parts) {
  std::vector<Rule> rules;
  for (const std::vector<Rule>& part : parts) rules.insert(rules.end(), part.begin(), part.end());
  return rules;
}

}  // namespace

// No rule checks what needs runs of its own: whether one batch can be over-fitted (G3), seeds
// against each other (R2's other half), shuffled labels (R3's control). The lab compares runs.
// Gradients against finite differences (N4) are this project's own tests.
std::vector<Rule> generalisation_rules() {
  return joined({fit_rules(), input_rules(), progress_rules()});
}

std::vector<Rule> data_rules() {
  return joined({feature_rules(), target_rules(), class_rules(), sample_rules()});
}

std::vector<Rule> detection_rules() {
  return joined({collapse_rules(), calibration_rules(), span_shape_rules(), trivial_rules()});
}

}  // namespace spanlab
