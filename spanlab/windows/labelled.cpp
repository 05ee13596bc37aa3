// The files in, the checks, the hash.
#include "spanlab/windows/labelled.h"

#include "spanlab/bars/csv_bars.h"
#include "spanlab/base/file.h"
#include "spanlab/base/hash.h"
#include "spanlab/windows/check.h"
#include "spanlab/windows/join.h"
#include "spanlab/windows/window_file.h"

namespace spanlab {

Labelled read_labelled(const LabelledFiles& files, int length) {
  Labelled labelled;
  labelled.names = {files.bars.string(), files.windows.string(), files.spans.string()};
  labelled.windows = read_windows(files.windows, length);
  labelled.bars = read_bars(files.bars);
  if (!files.spans.empty()) labelled.spans = read_spans(files.spans);
  return labelled;
}

std::vector<Window> complete_windows(const Labelled& labelled, int length) {
  std::vector<Window> windows = labelled.windows;
  check_windows(labelled.bars, windows, length, labelled.names.windows);
  if (!labelled.spans) return windows;
  check_spans(labelled.bars, *labelled.spans, labelled.names.spans);
  join_spans(windows, *labelled.spans, length);
  return windows;
}

StartWeights read_start_weights(const std::filesystem::path& path) {
  return {read_file(path), path.string()};
}

std::string content_hash(const Labelled& labelled) {
  std::string hashes;
  const auto add = [&](const auto& values) {
    hashes += hash_text(values.data(), values.size() * sizeof(values[0]));
  };
  const Bars& bars = labelled.bars;
  add(bars.time_ms);
  for (const auto* prices : {&bars.open, &bars.high, &bars.low, &bars.close, &bars.volume}) {
    add(*prices);
  }
  add(windows_csv(labelled.windows));
  if (labelled.spans) add(spans_csv(*labelled.spans));
  return hash_text(hashes.data(), hashes.size());
}

}  // namespace spanlab
