// The decision path of the reported run, with the figures that decide.
#include "spanlab/lab/path.h"

#include <fmt/format.h>

#include "spanlab/lab/experiment.h"

namespace spanlab {

DecisionPath decide_path(const std::map<std::string, double>& f1) {
  DecisionPath path;
  path.leading = kBaseline;
  double best = -1;
  for (const char* name : {kNoCountdown, kSpanOnly}) {
    const auto found = f1.find(name);
    if (found == f1.end()) continue;
    const double value = found->second;
    const bool leads = value > kLeadingF1;
    if (value > best) {
      best = value;
      path.leading = name;
    }
    std::string decision =
        leads ? fmt::format(
                    "F1 {:.3f} is above {:.2f}: {} leads on, and remedies are tried on top "
                    "of it",
                    value, kLeadingF1, name)
              : fmt::format("F1 {:.3f} is not above {:.2f}: ", value, kLeadingF1);
    if (!leads && name == std::string(kNoCountdown)) {
      decision += "the other tasks do not explain it, so span-only isolates the span task";
    } else if (!leads) {
      decision +=
          "the span task does not learn alone either, so features, labels and the model's "
          "size and dropout come next";
    }
    path.steps.push_back({name, value, decision});
    if (leads) return path;
  }
  return path;
}

}  // namespace spanlab
