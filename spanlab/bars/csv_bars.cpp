// Reads a whole bars file into a series, and writes one.
#include "spanlab/bars/csv_bars.h"

#include <fmt/format.h>

#include <map>
#include <string>
#include <utility>

#include "spanlab/base/csv.h"
#include "spanlab/base/error.h"
#include "spanlab/base/file.h"

namespace spanlab {

Bars read_bars(const std::filesystem::path& path, Unusable unusable) {
  return read_bars(ByteSource(path), unusable);
}

Bars read_bars(ByteSource source, Unusable unusable) {
  BarReader reader(std::move(source), unusable);
  Bars series;
  Bar bar;
  for (double volume = 0; reader.next(bar, volume);) {
    series.time_ms.push_back(bar.time_ms);
    series.open.push_back(bar.open);
    series.high.push_back(bar.high);
    series.low.push_back(bar.low);
    series.close.push_back(bar.close);
    if (reader.has_volume()) series.volume.push_back(volume);
  }
  if (series.size() == 0) {
    throw Error(fmt::format("{} has a header but no bars", reader.name()),
                "check that the export was complete");
  }
  series.bar_ms = most_common_step(series.time_ms);
  return series;
}

void write_bars(const std::filesystem::path& path, const Bars& series) {
  std::vector<std::string> header = {"timestamp", "open", "high", "low", "close"};
  if (!series.volume.empty()) header.emplace_back("volume");
  CsvText csv(header);
  for (int64_t row = 0; row < series.size(); ++row) {
    const Bar bar = series.bar(row);
    if (bar.time_ms % 1000 == 0) {
      csv.cell(bar.time_ms / 1000);
    } else {
      csv.cell(static_cast<double>(bar.time_ms) / 1000);  // exact to the millisecond below 1e11 s
    }
    csv.cell(bar.open).cell(bar.high).cell(bar.low).cell(bar.close);
    if (!series.volume.empty()) csv.cell(series.volume[static_cast<size_t>(row)]);
    csv.end_row();
  }
  write_file_atomically(path, csv.text());
}

int64_t most_common_step(const std::vector<int64_t>& time_ms) {
  std::map<int64_t, int64_t> counts;
  for (size_t i = 1; i < time_ms.size(); ++i) {
    if (const int64_t step = time_ms[i] - time_ms[i - 1]; step > 0) ++counts[step];
  }
  int64_t best = 0, best_count = 0;
  for (const auto& [step, count] : counts) {
    if (count > best_count) best = step, best_count = count;
  }
  return best;
}

}  // namespace spanlab
