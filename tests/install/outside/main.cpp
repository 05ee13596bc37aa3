// Uses the installed library: features of two bars, and the error for a file that is not there.
#include <spanlab/bars/series.h>
#include <spanlab/base/csv.h>
#include <spanlab/base/error.h>
#include <spanlab/features/pipeline.h>

#include <cmath>
#include <cstdio>
#include <vector>

int main() {
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
  if (std::abs(features[close_norm] - 0.75f) > 1e-6f) {
    std::puts("a feature of the installed library is wrong");
    return 1;
  }
  try {
    spanlab::CsvReader reader("no such file.csv");
  } catch (const spanlab::Error& e) {
    std::printf("%s (%s)\n", e.what(), e.hint().c_str());
    return 0;
  }
  std::puts("a missing file raised nothing");
  return 1;
}
