// Bars as CSV, in and out: one at a time, or a whole file.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "spanlab/bars/bars.h"
#include "spanlab/base/byte_source.h"

namespace spanlab {

/// What reading does with bars that no computation can use: a price or volume that is empty, "nan"
/// or "inf"; a time that is not after the one before.
enum class Unusable {
  reject,  ///< Error naming row and column
  keep,    ///< keeps them in the series (empty as NaN), for a check that counts them
};

/// Reads a bars file (CSV, plain or gzip; docs/formats/bars.md) row by row; of a pipe each row as
/// soon as its line is there. Columns in any order and letter case:
///   time    the first of timestamp, open_time, epoch_s, epoch_ms, epoch, unix, unix_time,
///           gmt_time, datetime, time, date that the header has, in a form of parse_time(), the
///           same form in all rows
///   open, high, low, close (or o, h, l, c); volume (or v), optional
/// Other columns are left out.
class BarReader {
 public:
  /// Reads the header. Throws Error (file, columns).
  explicit BarReader(ByteSource source, Unusable unusable = Unusable::reject);
  explicit BarReader(const std::filesystem::path& path, Unusable unusable = Unusable::reject)
      : BarReader(ByteSource(path), unusable) {}
  ~BarReader();

  const std::string& name() const;  ///< the path, for messages
  bool has_volume() const;

  /// The next bar; `volume` is left alone if the file has none. False at the end. Throws Error (a
  /// cell, a time not after the one before); the bar after it can still be read.
  bool next(Bar& bar, double& volume);

  int64_t row() const;  ///< of the current bar in the file, header = 1

  /// From now on a last line without a newline is no bar, as its end may be missing.
  void drop_cut_line();
  bool cut() const;  ///< whether the line reached last has no newline

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Reads a bars file to its end, see BarReader. Gaps and prices are taken as they are: check_bars()
/// judges them. Throws Error (file, columns, a cell, no bars, time not ascending).
Bars read_bars(ByteSource source, Unusable unusable = Unusable::reject);
Bars read_bars(const std::filesystem::path& path, Unusable unusable = Unusable::reject);

/// Writes timestamp (unix seconds, decimals only where needed), open, high, low, close and, if the
/// series has it, volume; atomically. Reads back to the same series.
void write_bars(const std::filesystem::path& path, const Bars& series);

/// The most common forward step between neighbours, in milliseconds; the shorter one of equally
/// common steps; 0 if there is none. It is what Bars::bar_ms holds.
int64_t most_common_step(const std::vector<int64_t>& time_ms);

}  // namespace spanlab
