// What worked in a run's report: tables, numbers, gradients, gates, updates, features.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include "spanlab/base/text.h"
#include "spanlab/document/format.h"
#include "spanlab/report/report_sections.h"

namespace spanlab {
namespace {

constexpr double kVanishing = 1e-3, kExploding = 100;  // gradient norms, as the reported run has it
constexpr double kDrift = 0.1;                         // of a feature's first standard deviation

void add_table_verdicts(const RunRecord& record, Bullets& bullets) {
  if (record.missing.empty()) {
    bullets.items.emplace_back("PASS: all basic tables exist.");
  } else {
    std::string names;
    for (const std::string& name : record.missing) names += (names.empty() ? "" : ", ") + name;
    bullets.items.push_back("FAIL: tables are missing: " + names + ".");
  }
  for (const RecordFault& fault : record.faults) {
    bullets.items.push_back(fmt::format("FAIL: {}: {}.", fault.table, fault.what));
  }
  const CellCount cells = count_cells(record);
  if (cells.read == 0) return;
  bullets.items.push_back(
      cells.not_finite == 0
          ? "PASS: losses, scores, weights and gradients are finite throughout."
          : fmt::format("FAIL: NaN or infinite values in {}.", counted(cells.not_finite, "cell")));
}

void add_gradient_verdict(const Trace& norm, Bullets& bullets) {
  if (norm.empty()) return;
  const auto [low, high] = std::minmax_element(norm.value.begin(), norm.value.end());
  const bool right = *low > kVanishing && *high < kExploding;
  bullets.items.push_back(fmt::format("{}: gradient norms from {} to {} (target: {} to {}).",
                                      right ? "PASS" : "FAIL", number(*low, 3), number(*high, 3),
                                      number(kVanishing, 1), number(kExploding, 3)));
}

TextTable norm_table(const Trace& norm) {
  TextTable table{{"epoch", "gradient norm"}, {}};
  constexpr size_t kRows = 5;
  size_t before = norm.size();
  for (size_t r = 0; r < kRows; ++r) {
    const size_t i = r * (norm.size() - 1) / (kRows - 1);
    if (i == before) continue;
    before = i;
    table.rows.push_back({std::to_string(norm.epoch[i]), number(norm.value[i], 4)});
  }
  return table;
}

std::string gate_text(const RunRecord& record) {
  if (record.gate_stats.empty()) return "";
  const GateStatsRow* worst = nullptr;
  const auto saturated = [](const GateStatsRow& row) { return row.low + row.high; };
  for (const GateStatsRow& row : record.gate_stats) {
    if (row.epoch != record.gate_stats.back().epoch || !std::isfinite(saturated(row))) continue;
    if (worst == nullptr || saturated(row) > saturated(*worst)) worst = &row;
  }
  if (worst == nullptr) return "";
  return fmt::format(
      "Most saturated LSTM gate at epoch {}: {} of layer {}, {}, with {} of its activations.",
      worst->epoch, worst->gate, worst->layer, worst->direction == 0 ? "forward" : "reverse",
      percent(saturated(*worst), 1));
}

std::string update_text(const RunRecord& record) {
  if (record.update_stats.empty()) return "";
  std::vector<double> ratios;
  for (const double ratio : record.update_stats.back().ratios) {
    if (std::isfinite(ratio)) ratios.push_back(ratio);
  }
  if (ratios.empty()) return "";
  const auto [low, high] = std::minmax_element(ratios.begin(), ratios.end());
  return fmt::format("Update-to-weight ratio at epoch {}: median {}, from {} to {} over {}.",
                     record.update_stats.back().epoch, number(median_of(ratios), 2),
                     number(*low, 2), number(*high, 2),
                     counted(static_cast<int64_t>(ratios.size()), "tensor"));
}

// The rows of a feature in one phase.
struct FeatureTrace {
  Trace mean, std;
  double first_std() const { return std.empty() ? 0 : std.value.front(); }
  // How far the mean went from its first value, in standard deviations.
  double drift(size_t i) const {
    const double way = mean.value[i] - mean.value.front();
    if (way == 0) return 0;
    return first_std() > 0 ? std::abs(way) / first_std() : std::numeric_limits<double>::infinity();
  }
  double largest_drift() const {
    double most = 0;
    for (size_t i = 0; i < mean.size(); ++i) most = std::max(most, drift(i));
    return most;
  }
};

std::map<std::string, FeatureTrace> features_of(const RunRecord& record) {
  std::map<std::string, FeatureTrace> features;
  for (const FeatureStatsRow& row : record.feature_stats) {
    if (row.phase != Phase::train) continue;
    FeatureTrace& feature = features[row.feature_name];
    feature.mean.add(row.epoch, row.values.mean);
    feature.std.add(row.epoch, row.values.std);
  }
  std::erase_if(features, [](const auto& entry) { return entry.second.mean.empty(); });
  return features;
}

TextTable feature_table(const std::map<std::string, FeatureTrace>& features) {
  TextTable table{{"feature", "first mean", "last mean", "standard deviation", "largest drift"},
                  {}};
  for (const auto& [name, f] : features) {
    table.rows.push_back({"`" + name + "`", number(f.mean.value.front(), 3),
                          number(f.mean.value.back(), 3), number(f.first_std(), 4),
                          number(f.largest_drift(), 2)});
  }
  return table;
}

}  // namespace

void add_health(const RunEvidence& evidence, Document& document) {
  const RunRecord& record = evidence.record;
  document.blocks.emplace_back(Heading{2, "Training"});
  Bullets verdicts;
  add_table_verdicts(record, verdicts);
  const Trace norm = gradient_norm(record);
  add_gradient_verdict(norm, verdicts);
  document.blocks.emplace_back(std::move(verdicts));
  if (!norm.empty()) {
    document.blocks.emplace_back(Heading{3, "Gradients"});
    document.blocks.emplace_back(norm_table(norm));
    add_chart({"Gradient norm", "epoch", "L2 norm", {line_of("all tensors", norm)}, true},
              document);
  }
  for (const std::string& text : {gate_text(record), update_text(record)}) {
    if (!text.empty()) add_text(text, document);
  }
}

void add_features(const RunEvidence& evidence, Document& document) {
  const auto features = features_of(evidence.record);
  if (features.empty()) return;
  document.blocks.emplace_back(Heading{3, "Features"});
  int stable = 0;
  LineChart chart{"Drift of the features' means", "epoch", "standard deviations", {}};
  for (const auto& [name, feature] : features) {
    if (feature.largest_drift() <= kDrift) ++stable;
    Trace drift;
    for (size_t i = 0; i < feature.mean.size(); ++i) {
      drift.add(feature.mean.epoch[i], feature.drift(i));
    }
    chart.lines.push_back(line_of(name, drift));
  }
  add_text(
      fmt::format("{} of {} stay within {} of a standard deviation of their first mean.", stable,
                  counted(static_cast<int64_t>(features.size()), "feature"), number(kDrift, 1)),
      document);
  document.blocks.emplace_back(feature_table(features));
  add_chart(std::move(chart), document);
}

}  // namespace spanlab
