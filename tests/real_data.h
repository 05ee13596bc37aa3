// The real bars and golden files that come with the tests; tests/data/README.md says what they are.
#pragma once

#include <filesystem>
#include <string>

#include "spanlab/base/byte_source.h"

namespace spanlab::test {

inline constexpr const char* kBars = "tests/data/btcusd_1m.csv.gz";   ///< a month without a gap
inline constexpr const char* kSpans = "tests/data/btcusd_spans.csv";  ///< every expansion in it
inline constexpr const char* kWindows =
    "tests/data/btcusd_windows.csv";                                    ///< as in the reported run
inline constexpr const char* kFuturesBars = "tests/data/es_1m.csv.gz";  ///< closed sessions
inline constexpr const char* kCurrencyBars =
    "tests/data/eurusd_1m.csv.gz";  ///< idle minutes absent
inline constexpr const char* kWindowFeatures = "tests/data/features_per_window.csv.gz";
inline constexpr const char* kSeriesFeatures = "tests/data/features_continuous.csv.gz";
inline constexpr const char* kSmallJade = "tests/data/jade_golden.safetensors.gz";

/// All bytes of a plain or gzip file, unpacked.
inline std::string unpacked(const std::filesystem::path& path) {
  ByteSource source(path);
  std::string bytes;
  char part[1 << 16];
  while (const size_t size = source.read(part, sizeof part)) bytes.append(part, size);
  return bytes;
}

}  // namespace spanlab::test
