// The rules of detection: the span probabilities by themselves, and beside trivial predictors.
#include "spanlab/diagnose/rule_parts-inl.h"

namespace spanlab {

std::vector<Rule> detection_rules() {
  std::vector<Rule> rules;
  for (const auto& part :
       {collapse_rules(), calibration_rules(), span_shape_rules(), trivial_rules()}) {
    rules.insert(rules.end(), part.begin(), part.end());
  }
  return rules;
}

}  // namespace spanlab
