// Uses the installed library across its rooms: features, the model, and the error for bad input.
#include <spanlab/bars/series.h>
#include <spanlab/base/error.h>
#include <spanlab/features/pipeline.h>
#include <spanlab/model/jade.h>
#include <spanlab/train/recipe.h>

#include <cmath>
#include <cstdio>
#include <vector>

namespace {

bool features_are_right() {
  spanlab::Series series;
  series.time_ms = {0, 60000};
  series.open = {10, 12};
  series.high = {14, 12};
  series.low = {10, 8};
  series.close = {13, 8};
  series.bar_ms = 60000;
  std::vector<float> features(2 * spanlab::kFeatureCount);
  spanlab::compute_features(series, 0, 2, 105, features.data());
  const auto close_norm = static_cast<size_t>(spanlab::feature_index("close_norm"));
  return std::abs(features[close_norm] - 0.75f) < 1e-6f;
}

bool model_has_its_parameters() {
  return spanlab::Jade<float>(spanlab::JadeConfig{}).table().size() == 97547;
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
  if (features_are_right() && model_has_its_parameters() && missing_recipe_is_told()) return 0;
  std::puts("the installed library does not do what it should");
  return 1;
}
