// Families that are not there yet.
#include "spanlab/diagnose/rule.h"

namespace spanlab {}  // namespace spanlab
