// Builds findings; names of severities.
#include "spanlab/diagnose/finding.h"

#include <utility>

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

Evidence measured(std::string name, double value, std::string unit, std::string file,
                  std::optional<double> limit, std::optional<int> epoch) {
  return {std::move(name), value, std::move(unit), limit, epoch, std::move(file)};
}

Finding finding(Severity severity, std::string explanation, std::vector<Evidence> evidence,
                std::vector<Remedy> remedies, std::string title) {
  Finding found;
  found.title = std::move(title);
  found.severity = severity;
  found.explanation = std::move(explanation);
  found.evidence = std::move(evidence);
  found.remedies = std::move(remedies);
  return found;
}

}  // namespace spanlab
