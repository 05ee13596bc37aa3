// Names of severities.
#include "spanlab/diagnose/finding.h"

namespace spanlab {

std::string_view name_of(Severity severity) {
  switch (severity) {
    case Severity::note:
      return "note";
    case Severity::medium:
      return "medium";
    case Severity::high:
      break;
  }
  return "high";
}

}  // namespace spanlab
