// Reads the files, checks them, hashes them.
#include "spanlab/windows/labelled.h"

#include "spanlab/bars/check.h"
#include "spanlab/bars/csv_bars.h"
#include "spanlab/base/file.h"
#include "spanlab/base/hash.h"
#include "spanlab/windows/check.h"
#include "spanlab/windows/window.h"

namespace spanlab {

Labelled read_labelled(const LabelledFiles& files, int length) {
  Labelled labelled;
  labelled.names = {files.bars.string(), files.windows.string(), files.spans.string()};
  labelled.windows = read_windows(files.windows, length);
  labelled.bars = read_bars(files.bars);
  if (!files.spans.empty()) labelled.spans = read_spans(files.spans);
  return labelled;
}

void check_labelled(const Labelled& labelled, std::optional<int> length) {
  require_usable(labelled.bars, labelled.names.bars);
  check_each(labelled.windows, length.value_or(kAnyLength), labelled.names.windows);
  if (labelled.spans) check_spans(labelled.bars, *labelled.spans, labelled.names.spans);
}

std::vector<Window> complete_windows(const Labelled& labelled, int length) {
  check_labelled(labelled, length);
  std::vector<Window> windows = labelled.windows;
  check_places(labelled.bars, windows, length, labelled.names.windows);
  if (labelled.spans) join_spans(windows, *labelled.spans, length);
  return windows;
}

StartWeights read_start_weights(const std::filesystem::path& path) {
  return {read_file(path), path.string()};
}

void write_start_weights(const std::filesystem::path& path, const StartWeights& weights) {
  write_file_atomically(path, weights.bytes);
}

ContentHashes content_hashes(const Labelled& labelled) {
  const auto hash_of = [](const auto& values) {
    return hash_text(values.data(), values.size() * sizeof(values[0]));
  };
  const Bars& bars = labelled.bars;
  std::string hashes = hash_of(bars.time_ms);
  for (const auto* prices : {&bars.open, &bars.high, &bars.low, &bars.close, &bars.volume}) {
    hashes += hash_of(*prices);
  }
  ContentHashes of;
  of.parts["bars"] = hash_of(hashes);
  hashes += of.parts["windows"] = hash_of(windows_csv(labelled.windows));
  if (labelled.spans) hashes += of.parts["spans"] = hash_of(spans_csv(*labelled.spans));
  of.whole = hash_of(hashes);
  return of;
}

}  // namespace spanlab
