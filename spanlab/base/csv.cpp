// The CSV reader: finds lines in a block of bytes and splits them into fields in place, without
// copies.
#include "spanlab/base/csv.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <utility>

#include "spanlab/base/error.h"
#include "spanlab/base/text.h"

namespace spanlab {
namespace {

constexpr size_t kLongestLine = size_t{1} << 20;
constexpr size_t kBlock = size_t{1} << 18;
constexpr std::string_view kNumberStarts = "0123456789+-.";

std::string_view without_blanks(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

// A column name as it is compared: lower case, without blanks and underscores.
std::string plain_name(std::string_view name) {
  std::string plain = lower_case(name);
  std::erase_if(plain, [](char c) { return c == ' ' || c == '_'; });
  return plain;
}

// True if most of the fields begin as numbers do: then it is a row of data.
bool seems_no_header(const std::vector<std::string>& fields) {
  const auto numbers = std::count_if(fields.begin(), fields.end(), [](const std::string& field) {
    return !field.empty() && kNumberStarts.find(field.front()) != std::string_view::npos;
  });
  return 2 * static_cast<size_t>(numbers) > fields.size();
}

// The candidate that cuts the header into most columns.
char separator_of(std::string_view header) {
  char best = ',';
  for (const char candidate : {';', '\t'}) {
    if (std::count(header.begin(), header.end(), candidate) >
        std::count(header.begin(), header.end(), best)) {
      best = candidate;
    }
  }
  return best;
}

}  // namespace

struct CsvReader::State {
  explicit State(ByteSource from)
      : name(from.name()),
        source(std::move(from)),
        buffer(std::make_unique_for_overwrite<char[]>(kLongestLine + kBlock + 1)) {}

  void refill();
  char* find_line_end();
  bool next_line();
  void cut_line();
  char* cut_quoted(char* start);
  std::string where() const { return fmt::format("{}, row {}", name, row); }

  std::string name;
  ByteSource source;
  char separator = ',';
  std::vector<std::string> header;
  std::vector<std::string_view> fields;  // of the current row, into buffer
  int64_t row = 0;
  uint64_t bytes = 0;

  std::unique_ptr<char[]> buffer;  // one byte longer than ever filled: room for a sentinel
  size_t begin = 0, end = 0;       // bytes not yet taken
  bool source_ended = false;
  char* line = nullptr;  // the current line, [line, line_end); *line_end may be overwritten
  char* line_end = nullptr;
  bool cut = false;            // the current line has no newline
  bool drop_cut_line = false;  // and then it is no row
};

// Moves what is left to the front of the buffer and reads another block after it.
void CsvReader::State::refill() {
  std::memmove(buffer.get(), buffer.get() + begin, end - begin);
  end -= begin;
  begin = 0;
  try {
    const size_t n = source.read(buffer.get() + end, kBlock);
    source_ended = n == 0;
    end += n;
    bytes += n;
  } catch (const Error& e) {
    throw Error(fmt::format("{} (after row {})", e.what(), row), e.hint());
  }
}

// The newline that ends the line at `begin`, or the end of the bytes if there is none within the
// file or the longest line.
char* CsvReader::State::find_line_end() {
  for (size_t searched = 0;; refill()) {
    char* from = buffer.get() + begin + searched;
    const size_t left = end - begin;
    void* newline = std::memchr(from, '\n', left - searched);
    if (newline != nullptr) return static_cast<char*>(newline);
    if (source_ended || left > kLongestLine) return buffer.get() + end;
    searched = left;
  }
}

// Finds the next line that is not blank.
bool CsvReader::State::next_line() {
  while (true) {
    line_end = find_line_end();
    line = buffer.get() + begin;
    if (begin == end) return false;
    ++row;
    const bool ends = line_end != buffer.get() + end;
    const auto length = static_cast<size_t>(line_end - line);
    if (length > kLongestLine) {
      const Error too_long(
          fmt::format("{}: the line is longer than {} bytes", where(), kLongestLine),
          "check that this is a CSV file with one row per line");
      --row;  // it is not passed
      throw too_long;
    }
    begin = std::min(end, begin + length + 1);
    if (length > 0 && line_end[-1] == '\r') --line_end;
    if (without_blanks({line, static_cast<size_t>(line_end - line)}).empty()) continue;
    cut = !ends;
    return true;
  }
}

// Cuts the current line into `fields`.
void CsvReader::State::cut_line() {
  fields.clear();
  *line_end = separator;  // so that the search for it needs no other bound
  for (char* field = line; field <= line_end;) {
    char* field_end = field;
    if (*field == '"') {
      field_end = cut_quoted(field);
    } else {
      while (*field_end != separator) ++field_end;
      fields.push_back(without_blanks({field, static_cast<size_t>(field_end - field)}));
    }
    field = field_end + 1;
  }
}

// Takes the quoted field at `start`, its doubled quotes made single in place; returns the separator
// after it.
char* CsvReader::State::cut_quoted(char* start) {
  char* out = start;
  char* p = start + 1;
  while (p < line_end && (*p != '"' || (p + 1 < line_end && p[1] == '"'))) {
    if (*p == '"') ++p;
    *out++ = *p++;
  }
  if (p >= line_end || p[1] != separator) {
    throw Error(fmt::format("{}: the quotes of field {} are not closed at its end", where(),
                            fields.size() + 1),
                "close the quotes on the same line and double a quote inside them");
  }
  fields.emplace_back(start, static_cast<size_t>(out - start));
  return p + 1;
}

CsvReader::CsvReader(ByteSource source) : state_(std::make_unique<State>(std::move(source))) {
  State& s = *state_;
  s.refill();
  const std::string_view first(s.buffer.get(), s.end);
  if (first.starts_with("\xEF\xBB\xBF")) s.begin = 3;
  if (first.starts_with("\x1f\x8b")) {  // a file would have been unpacked
    throw Error(fmt::format("{} is gzip, but only plain text can be read through a pipe", s.name),
                "unpack it first (gunzip -c FILE | ...), or give the file itself");
  }
  if (first.find('\0') != std::string_view::npos) {
    throw Error(fmt::format("{} is not a text file", s.name),
                "give a CSV file in ASCII or UTF-8, plain or gzip");
  }
  if (!s.next_line()) {
    throw Error(fmt::format("{} is empty", s.name), "give a CSV file with a header");
  }
  s.separator = separator_of({s.line, static_cast<size_t>(s.line_end - s.line)});
  s.cut_line();
  s.header.assign(s.fields.begin(), s.fields.end());
  if (seems_no_header(s.header)) {
    throw Error(fmt::format("{}, row {}: the file seems to have no header, its first line is {}",
                            s.name, s.row, in_quotes(fmt::format("{}", fmt::join(s.header, ",")))),
                "start the file with a line of column names");
  }
}

CsvReader::~CsvReader() = default;

const std::string& CsvReader::name() const {
  return state_->name;
}
const std::vector<std::string>& CsvReader::header() const {
  return state_->header;
}
uint64_t CsvReader::bytes_read() const {
  return state_->bytes;
}
int64_t CsvReader::row() const {
  return state_->row;
}

void CsvReader::drop_cut_line() {
  state_->drop_cut_line = true;
}
bool CsvReader::cut() const {
  return state_->cut;
}

int CsvReader::find_column(std::string_view name) const {
  const std::string wanted = plain_name(name);
  int found = -1;
  for (size_t k = 0; k < state_->header.size(); ++k) {
    if (plain_name(state_->header[k]) != wanted) continue;
    if (found >= 0) {
      throw Error(fmt::format("{}: two columns are named {}", state_->name, in_quotes(name)),
                  "rename one of them");
    }
    found = static_cast<int>(k);
  }
  return found;
}

int CsvReader::column(std::string_view name) const {
  const int found = find_column(name);
  if (found < 0) {
    throw Error(fmt::format("{}: there is no column {}", state_->name, in_quotes(name)),
                fmt::format("its columns are {}", fmt::join(state_->header, ", ")));
  }
  return found;
}

bool CsvReader::next() {
  State& s = *state_;
  if (!s.next_line() || (s.cut && s.drop_cut_line)) return false;
  s.cut_line();
  if (s.fields.size() != s.header.size()) {
    throw Error(
        fmt::format("{}: {}, but the header has {}", s.where(),
                    counted(static_cast<int64_t>(s.fields.size()), "field"), s.header.size()),
        "give every row one field for each column of the header");
  }
  return true;
}

std::string_view CsvReader::text(int column) const {
  return state_->fields[static_cast<size_t>(column)];
}

double CsvReader::number(int column) const {
  const std::string_view field = text(column);
  const char* first = field.data();
  const char* last = first + field.size();
  if (last - first > 1 && first[0] == '+' && first[1] != '-') ++first;
  double value = 0;
  const auto [end, error] = std::from_chars(first, last, value);
  if (error == std::errc() && end == last) [[likely]] {
    return value;
  }
  fail(column,
       field.empty() ? "the field is empty" : fmt::format("{} is not a number", in_quotes(field)),
       "write numbers with a decimal point and without thousands separators");
}

int64_t CsvReader::integer(int column) const {
  const std::string_view field = text(column);
  int64_t value = 0;
  const auto [end, error] = std::from_chars(field.data(), field.data() + field.size(), value);
  if (error == std::errc() && end == field.data() + field.size()) return value;
  fail(column,
       field.empty() ? "the field is empty"
                     : fmt::format("{} is not a whole number", in_quotes(field)),
       "write a whole number, digits only");
}

void CsvReader::fail(int column, const std::string& what, const std::string& hint) const {
  throw Error(fmt::format("{}, column {}: {}", state_->where(),
                          in_quotes(state_->header[static_cast<size_t>(column)]), what),
              hint);
}

}  // namespace spanlab
