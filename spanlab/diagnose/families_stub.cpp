// Families that are not there yet.
#include "spanlab/diagnose/rule.h"

namespace spanlab {

std::vector<Rule> numeric_rules() {
  return {};
}
std::vector<Rule> optimisation_rules() {
  return {};
}
std::vector<Rule> balancing_rules() {
  return {};
}
std::vector<Rule> label_rules() {
  return {};
}

}  // namespace spanlab
