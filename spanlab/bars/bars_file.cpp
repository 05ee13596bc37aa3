// One tensor per column.
#include "spanlab/bars/bars_file.h"

#include <vector>

#include "spanlab/bars/check.h"
#include "spanlab/bars/csv_bars.h"
#include "spanlab/base/error.h"
#include "spanlab/base/safetensors.h"

namespace spanlab {
namespace {

struct PriceColumn {
  const char* name;
  std::vector<double> Bars::*values;
};
constexpr PriceColumn kPrices[] = {{"open", &Bars::open},
                                   {"high", &Bars::high},
                                   {"low", &Bars::low},
                                   {"close", &Bars::close},
                                   {"volume", &Bars::volume}};

}  // namespace

void write_bars_file(const std::filesystem::path& path, const Bars& series) {
  const std::vector<int64_t> shape{series.size()};
  std::vector<TensorView> columns{{"time_ms", Tensor::Type::i64, shape, series.time_ms.data()}};
  for (const auto& [name, values] : kPrices) {
    if ((series.*values).empty()) continue;  // a file without volume
    columns.push_back({name, Tensor::Type::f64, shape, (series.*values).data()});
  }
  write_tensors(path, columns, {{"format", "spanlab bars 1"}});
}

Bars read_bars_file(const std::filesystem::path& path) {
  TensorColumns file(path);
  Bars series;
  series.time_ms = file.integers("time_ms");
  for (const auto& [name, values] : kPrices) {
    if (values == &Bars::volume && !file.has(name)) continue;
    series.*values = file.doubles(name);
  }
  series.bar_ms = most_common_step(series.time_ms);
  try {
    require_usable(series, path.string());
  } catch (const Error& error) {
    throw Error(error.what(), "the file is damaged; copy or download it again");
  }
  return series;
}

}  // namespace spanlab
