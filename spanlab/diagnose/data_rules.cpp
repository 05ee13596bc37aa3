// The rules of the data: features and targets, and what the windows of a split are worth.
#include "spanlab/diagnose/rule_parts-inl.h"

namespace spanlab {

std::vector<Rule> data_rules() {
  std::vector<Rule> rules = target_rules();
  const std::vector<Rule> samples = sample_rules();
  rules.insert(rules.end(), samples.begin(), samples.end());
  return rules;
}

}  // namespace spanlab
