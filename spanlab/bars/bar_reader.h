// The bars of a CSV file, one at a time.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include "spanlab/bars/bars.h"
#include "spanlab/base/byte_source.h"

namespace spanlab {

/// What reading does with bars that no computation can use: a price or volume that is empty, "nan"
/// or "inf"; a time that is not after the one before.
enum class Unusable {
  reject,  ///< Error naming row and column
  keep,    ///< keeps them in the series (empty as NaN), for a check that counts them
};

/// Reads a bars file (CSV, plain or gzip; docs/bars.md) row by row; of a pipe each row as soon as
/// its line is there. Columns in any order and letter case:
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

}  // namespace spanlab
