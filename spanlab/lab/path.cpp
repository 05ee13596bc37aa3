// The decision path of the reported run, with the figures that decide.
#include "spanlab/lab/path.h"

#include <fmt/format.h>

#include "spanlab/lab/experiment.h"

namespace spanlab {

DecisionPath decide_path(const std::map<std::string, double>& f1, double f1_all_positive) {
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
        fmt::format("F1 {:.3f} is {}above {:.2f} (predicting every bar gives {:.3f}): ", value,
                    leads ? "" : "not ", kLeadingF1, f1_all_positive);
    if (leads) {
      decision += fmt::format("{} becomes the baseline for further remedies", name);
    } else if (name == std::string(kNoCountdown)) {
      decision += "the other tasks do not explain the failure, so span-only isolates the span task";
    } else {
      decision +=
          "the span task does not learn alone either; check features, labels, model size and "
          "dropout next";
    }
    path.steps.push_back({name, value, decision});
    if (leads) return path;
  }
  return path;
}

}  // namespace spanlab
