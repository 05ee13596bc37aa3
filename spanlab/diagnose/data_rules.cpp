// The rules of the data: features and targets, and what the windows of a split are worth.
#include "spanlab/diagnose/rule_parts-inl.h"

namespace spanlab {

std::vector<Rule> data_rules() {
  std::vector<Rule> rules;
  for (const auto& part : {feature_rules(), target_rules(), class_rules(), sample_rules()}) {
    rules.insert(rules.end(), part.begin(), part.end());
  }
  return rules;
}

}  // namespace spanlab
