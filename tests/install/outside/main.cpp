// Uses the installed library through its one header: features, a recipe, and the error for bad
// input.
#include <spanlab/spanlab.h>

#include <cmath>
#include <cstdio>
#include <vector>

namespace {

bool features_are_right() {
  spanlab::FeatureStream stream(105);
  std::vector<float> features(spanlab::kFeatureCount);
  stream.push({0, 10, 14, 10, 13}, features.data());
  const auto close_norm = static_cast<size_t>(spanlab::feature_index("close_norm"));
  return std::abs(features[close_norm] - 0.75f) < 1e-6f;
}

bool market_has_its_spans() {
  const spanlab::SimulatedMarket market = spanlab::simulate_market(2000, 1);
  return market.bars.size() == 2000 && !market.spans.empty();
}

bool missing_recipe_is_told() {
  try {
    spanlab::read_recipe("no such recipe.toml");
  } catch (const spanlab::Error& e) {
    std::printf("%s (%s)\n", e.what(), e.hint().c_str());
    return true;
  }
  return false;
}

}  // namespace

int main() {
  if (features_are_right() && market_has_its_spans() && missing_recipe_is_told()) return 0;
  std::puts("the installed library does not do what it should");
  return 1;
}
