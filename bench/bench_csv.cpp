// Speed of bar files: reading into a series, reading fields only, and writing.
#include <benchmark/benchmark.h>

#include <filesystem>

#include "spanlab/bars/csv_bars.h"
#include "spanlab/base/csv.h"
#include "spanlab/market/simulate.h"
#include "tests/temporary_folder.h"

namespace spanlab {
namespace {

constexpr int64_t kBars = 1'000'000;

const Bars& bars() {
  static const Bars series = simulate_market(kBars, 1).bars;
  return series;
}

/// A file of these bars; removed at the end.
const std::filesystem::path& file_of_bars() {
  static const TemporaryFolder folder;
  static const std::filesystem::path path = [] {
    write_bars(folder / "bars.csv", bars());
    return folder / "bars.csv";
  }();
  return path;
}

void count_bytes(benchmark::State& state, const std::filesystem::path& path) {
  state.SetBytesProcessed(state.iterations() *
                          static_cast<int64_t>(std::filesystem::file_size(path)));
}

void read_bars_file(benchmark::State& state) {
  const std::filesystem::path& path = file_of_bars();
  for (auto _ : state) benchmark::DoNotOptimize(read_bars(path));
  count_bytes(state, path);
}
BENCHMARK(read_bars_file)->Unit(benchmark::kMillisecond);

void read_numbers(benchmark::State& state) {
  const std::filesystem::path& path = file_of_bars();
  for (auto _ : state) {
    CsvReader csv(path);
    double sum = 0;
    while (csv.next()) {
      for (int column = 0; column < 5; ++column) sum += csv.number(column);
    }
    benchmark::DoNotOptimize(sum);
  }
  count_bytes(state, path);
}
BENCHMARK(read_numbers)->Unit(benchmark::kMillisecond);

void write_bars_file(benchmark::State& state) {
  const TemporaryFolder folder;
  for (auto _ : state) write_bars(folder / "bars.csv", bars());
  count_bytes(state, folder / "bars.csv");
}
BENCHMARK(write_bars_file)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace spanlab

BENCHMARK_MAIN();
