// Passes over bars and windows into CSV; tables of families and features from their declarations.
#include "spanlab/facade/features.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "spanlab/base/csv.h"
#include "spanlab/base/file.h"
#include "spanlab/features/recent_bars.h"
#include "spanlab/windows/check.h"
#include "spanlab/windows/window_inputs.h"

namespace spanlab {
namespace {

TextTable family_table() {
  TextTable table{{"family", "content of its features"}, {}};
  for (const FeatureFamily& family : feature_families()) {
    table.rows.push_back({std::string(family.name), std::string(family.tells)});
  }
  return table;
}

TextTable formula_table() {
  TextTable table{{"#", "feature", "family", "range", "definition"}, {}};
  for (size_t k = 0; k < kFeatureCount; ++k) {
    const FeatureInfo& feature = feature_table()[k];
    table.rows.push_back(
        {fmt::format("{}", k), std::string(feature.name), std::string(feature.family),
         fmt::format("{} to {}", feature.low, feature.high), std::string(feature.help)});
  }
  return table;
}

CsvText table_of(std::vector<std::string> columns, const std::vector<int>& features) {
  for (const int k : features) {
    columns.emplace_back(feature_table()[static_cast<size_t>(k)].name);
  }
  return CsvText(columns);
}

/// Numbers of all features.
std::vector<int> all_columns() {
  std::vector<int> columns(kFeatureCount);
  std::iota(columns.begin(), columns.end(), 0);
  return columns;
}

}  // namespace

Document features_explained() {
  Document document{"Features", {}};
  document.blocks.emplace_back(family_table());
  document.blocks.emplace_back(Heading{3, "Terms"});
  document.blocks.emplace_back(
      Bullets{{"move: the absolute change of the close from one bar to the next",
               fmt::format("scale: the mean move of the last {} bars, including this one",
                           RecentBars::kScaleReturns),
               "ATR: the mean true range of the last 10 bars",
               "swing: a turning point that the close has left by 1.2 ATR, or the extreme of a bar "
               "by 0.5 ATR soon after"}});
  document.blocks.emplace_back(formula_table());
  document.blocks.emplace_back(Paragraph{fmt::format(
      "All features are causal, independent of the price level and clipped to their ranges. "
      "Features {} to {} depend only on the last {} bars. docs/features.md has the formulas.",
      kFirstSetCount, kFeatureCount - 1, kWarmUpBars)});
  return document;
}

int write_features(const std::filesystem::path& path, const Bars& bars, int window_length) {
  constexpr int64_t kRowsInAPart = 4096;
  std::vector<int> columns = all_columns();
  std::erase(columns, kPositionFeature);
  CsvText csv = table_of({"row"}, columns);
  FeatureStream stream(window_length);
  float values[kFeatureCount];
  int64_t row = 0;
  bool header_only = true;
  write_file_atomically(path, [&]() -> std::string_view {
    if (!std::exchange(header_only, false)) csv.clear();
    const int64_t end = std::min(row + kRowsInAPart, bars.size());
    for (; row < end; ++row) {
      if (bars.gap_before(row)) stream.reset();
      stream.push(bars.bar(row), values);
      csv.cell(row);
      for (const int k : columns) csv.cell(values[k]);
      csv.end_row();
    }
    return csv.text();
  });
  return static_cast<int>(columns.size());
}

void write_window_features(const std::filesystem::path& path, const Labelled& labelled, int length,
                           FeatureMode mode) {
  const std::vector<Window>& windows = labelled.windows;
  check_windows(labelled.bars, windows, length, labelled.names.windows);
  CsvText csv = table_of({"window_id", "row", "t"}, all_columns());
  const std::vector<float> values =
      window_inputs(labelled.bars, windows, {all_columns(), mode, length}, false);
  const float* value = values.data();
  for (const Window& window : windows) {
    for (int64_t t = 0; t < length; ++t) {
      csv.cell(std::string_view(window.id)).cell(window.first_row + t).cell(t);
      for (int k = 0; k < kFeatureCount; ++k) csv.cell(*value++);
      csv.end_row();
    }
  }
  write_file_atomically(path, csv.text());
}

}  // namespace spanlab
