// Families that are not there yet.
#include "spanlab/diagnose/rule.h"

namespace spanlab {

std::vector<Rule> label_rules() {
  return {};
}

}  // namespace spanlab
