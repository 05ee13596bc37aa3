// Features that are constant, broken or of another scale (D1).
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include "spanlab/base/text.h"
#include "spanlab/diagnose/rule.h"
#include "spanlab/diagnose/run_facts.h"

namespace spanlab {
namespace {

constexpr double kCentred = 0.2;              // |mean| of a feature
constexpr double kNarrow = 0.5, kWide = 2.0;  // its standard deviation
constexpr double kFarOff = 10.0;              // |mean| or standard deviation: another unit
constexpr double kConstant = 1e-6;            // standard deviation

// The values that a feature has in the tables' last epoch of training.
struct FeatureSpread {
  std::string name;
  double mean, spread, low, high;
};

std::vector<FeatureSpread> features_of(const RunEvidence& e) {
  std::vector<FeatureSpread> features;
  const std::vector<FeatureStatsRow>& rows = e.record.feature_stats;
  if (rows.empty()) return features;
  const int epoch = rows.back().epoch;
  for (const FeatureStatsRow& row : rows) {
    if (row.epoch != epoch || row.phase != Phase::train) continue;
    features.push_back({row.feature_name, row.values.mean, row.values.std,
                        static_cast<double>(row.values.min), static_cast<double>(row.values.max)});
  }
  return features;
}

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

// data.features without some of them, as a patch; empty where nothing would be left.
std::vector<std::string> features_without(const RunEvidence& e,
                                          const std::vector<std::string>& without) {
  if (!e.recipe) return {};
  std::string list;
  for (const std::string& name : e.recipe->data.features) {
    if (std::find(without.begin(), without.end(), name) != without.end()) continue;
    list += (list.empty() ? "\"" : ", \"") + name + "\"";
  }
  if (list.empty()) return {};
  return {"data.features=[" + list + "]"};
}

std::optional<Finding> odd_features(const RunEvidence& e) {
  std::vector<std::string> broken, constant, far, loose;
  std::vector<Evidence> evidence;
  for (const FeatureSpread& f : features_of(e)) {
    const auto note = [&](std::vector<std::string>& list, double value, const char* what,
                          double limit) {
      list.push_back(f.name);
      evidence.push_back(measured(f.name + ", " + what, value, "", file_of<FeatureStatsRow>(),
                                  limit, e.record.feature_stats.back().epoch));
    };
    if (!std::isfinite(f.mean) || !std::isfinite(f.spread)) {
      note(broken, f.mean, "mean", kFarOff);
    } else if (f.spread < kConstant) {
      note(constant, f.spread, "standard deviation", kConstant);
    } else if (f.spread > kFarOff || std::abs(f.mean) > kFarOff) {
      note(far, std::max(f.spread, std::abs(f.mean)), "larger of |mean| and deviation", kFarOff);
    } else if (f.spread > kWide || f.spread < kNarrow) {
      note(loose, f.spread, "standard deviation", f.spread > kWide ? kWide : kNarrow);
    } else if (std::abs(f.mean) > kCentred) {
      note(loose, f.mean, "mean", kCentred);
    }
  }
  if (evidence.empty()) return std::nullopt;
  std::string text;
  const auto say = [&](const std::vector<std::string>& list, const char* what) {
    if (list.empty()) return;
    text += fmt::format("{} {}: {}. ", counted(static_cast<int64_t>(list.size()), "feature"), what,
                        joined(list));
  };
  say(broken, "with NaN or infinite values");
  say(constant, "of constant value, which carries no information");
  say(far, "on a much larger scale than the rest, which outweighs the others");
  say(loose,
      fmt::format("not centred at 0 or with a standard deviation outside {} to {}", kNarrow, kWide)
          .c_str());
  text.pop_back();
  std::vector<std::string> drop = broken;
  drop.insert(drop.end(), constant.begin(), constant.end());
  drop.insert(drop.end(), far.begin(), far.end());
  std::vector<Remedy> remedies;
  if (!drop.empty()) {
    remedies.push_back({features_without(e, drop), "Train without " + joined(drop) + ".",
                        "Every input is finite, varies, and has the scale of the others."});
  }
  if (!far.empty() || !loose.empty()) {
    remedies.push_back({{},
                        "Standardise with the mean and standard deviation of the training windows.",
                        "All inputs have the same weight at the start."});
  }
  const Severity severity = !broken.empty()                     ? Severity::high
                            : !constant.empty() || !far.empty() ? Severity::medium
                                                                : Severity::note;
  return finding(severity, text, std::move(evidence), std::move(remedies));
}

}  // namespace

std::vector<Rule> feature_rules() {
  return {{"D1",
           "Features are not standardised",
           "mean and standard deviation of each feature over the training windows",
           "absolute mean above 0.2 or deviation outside 0.5..2: note; above 10, or constant: "
           "medium; NaN "
           "or infinite: high",
           "a feature that is bounded by definition, such as a fraction of 0..1: harmless",
           {"O1", "O2", "O4"},
           odd_features}};
}

}  // namespace spanlab
