// Tables of families and features, from their declarations.
#include "spanlab/report/features_page.h"

#include <fmt/format.h>

#include <string>

#include "spanlab/features/pipeline.h"
#include "spanlab/features/recent_bars.h"

namespace spanlab {
namespace {

TextTable family_table() {
  TextTable table{{"family", "what its features tell"}, {}};
  for (const FeatureFamily& family : feature_families()) {
    table.rows.push_back({std::string(family.name), std::string(family.tells)});
  }
  return table;
}

TextTable formula_table() {
  TextTable table{{"#", "feature", "family", "range", "formula in words"}, {}};
  for (size_t k = 0; k < kFeatureCount; ++k) {
    const FeatureInfo& feature = feature_table()[k];
    table.rows.push_back(
        {fmt::format("{}", k), std::string(feature.name), std::string(feature.family),
         fmt::format("{} to {}", feature.low, feature.high), std::string(feature.help)});
  }
  return table;
}

}  // namespace

Document features_explained() {
  Document document{"Features", {}};
  document.blocks.emplace_back(family_table());
  document.blocks.emplace_back(Heading{3, "Words used below"});
  document.blocks.emplace_back(Bullets{
      {"move: the size of the change of the close from one bar to the next",
       fmt::format("scale: the mean move of the last {} bars, this one included",
                   RecentBars::kScaleReturns),
       "ATR: the mean true range of the last 10 bars",
       "swing: a turning point that the close has left by 1.2 ATR, or a bar's far end by 0.5 ATR "
       "soon after"}});
  document.blocks.emplace_back(formula_table());
  document.blocks.emplace_back(Paragraph{fmt::format(
      "All are causal, do not see the price level and are clipped to their ranges. Features {} to "
      "{} depend on the last {} bars only. docs/features.md has the formulas.",
      kFirstSetCount, kFeatureCount - 1, kWarmUpBars)});
  return document;
}

}  // namespace spanlab
