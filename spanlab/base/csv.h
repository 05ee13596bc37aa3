// CSV: a reader for plain or gzip text, and a writer of the project's own form.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "spanlab/base/byte_source.h"

namespace spanlab {

/// Reads a CSV row by row in blocks (no whole file in memory). gzip is recognised by its first
/// bytes, the separator (comma, semicolon or tab) by the header; a byte order mark, CRLF, blank
/// lines and double-quoted fields are accepted. A line may have 1 MiB at most.
/// Every error names the file and the row, counted as an editor does (the header is row 1).
class CsvReader {
 public:
  /// Reads the header. Throws Error (missing, directory,
  /// empty, not text, numbers where the header should be).
  explicit CsvReader(ByteSource source);
  explicit CsvReader(const std::filesystem::path& path) : CsvReader(ByteSource(path)) {}
  ~CsvReader();

  const std::string& name() const;                 ///< the path, for messages
  const std::vector<std::string>& header() const;  ///< as written, blanks around names removed
  uint64_t bytes_read() const;                     ///< decompressed bytes taken so far

  /// The column of that name; letter case, blanks and underscores are ignored ("Open time" is
  /// open_time). -1 if there is none. Throws Error if two are.
  int find_column(std::string_view name) const;
  /// The same; throws Error that lists the columns there are.
  int column(std::string_view name) const;

  /// Goes to the next row; false at the end. Throws Error: wrong number of fields, and the row
  /// after it can be read; truncated gzip or line too long, and none can, so that row() stays.
  bool next();
  int64_t row() const;  ///< number of the current row in the file, header = 1

  /// From now on a last line without a newline, as a killed writer leaves it, is no row: next()
  /// returns false there.
  void drop_cut_line();
  bool cut() const;  ///< whether the line reached last has no newline

  /// A field of the current row; valid until next().
  std::string_view text(int column) const;
  /// As std::from_chars reads it ("nan" and "inf" are numbers), with an optional plus sign.
  /// Throws Error naming row and column if it is not a number.
  double number(int column) const;
  int64_t integer(int column) const;  ///< the same for a whole number

  /// An Error about a field of the current row.
  [[noreturn]] void fail(int column, const std::string& what, const std::string& hint) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Builds one table in memory; write_file_atomically() puts it on disk. Comma, header, LF; text
/// with a comma or quote is quoted.
class CsvText {
 public:
  explicit CsvText(const std::vector<std::string>& header);
  CsvText& cell(std::string_view text);
  CsvText& cell(double value);
  CsvText& cell(float value);
  CsvText& cell(int64_t value);
  void end_row();
  const std::string& text() const { return text_; }
  /// Forgets the text so far, for a table that is written part by part.
  void clear() { text_.clear(); }

 private:
  void separate();
  std::string text_;
  bool row_started_ = false;
};

}  // namespace spanlab
