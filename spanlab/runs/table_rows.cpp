// The rows of a table on disk, cut back to the epochs that count.
#include "spanlab/runs/table_rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <string_view>

#include "spanlab/base/error.h"
#include "spanlab/base/file.h"

namespace spanlab {
namespace {

constexpr char kHint[] = "the table was changed or damaged; start the run anew in another folder";

}  // namespace

void drop_later_rows(const std::filesystem::path& path, const TableForm& form,
                     const std::string& header, int epochs) {
  const std::string text = read_file(path);
  if (!text.starts_with(header + "\n")) {
    throw Error(fmt::format("{}: row 1 is not the header of this table", path.string()), kHint);
  }
  const auto columns = std::count(header.begin(), header.end(), ',');
  size_t kept = header.size() + 1;  // bytes
  int last = 0;                     // epoch
  for (int row = 2;; ++row) {
    const size_t end = text.find('\n', kept);
    if (end == std::string::npos) break;
    const std::string_view line = std::string_view(text).substr(kept, end - kept);
    int epoch = 0;
    const auto parsed = std::from_chars(line.data(), line.data() + line.size(), epoch);
    if (parsed.ec != std::errc() || parsed.ptr == line.data() + line.size() || *parsed.ptr != ',' ||
        epoch < std::max(last, form.first_epoch) ||
        std::count(line.begin(), line.end(), ',') != columns) {
      throw Error(fmt::format("{}: row {} is not a row of this table", path.string(), row), kHint);
    }
    if (epoch > epochs) break;
    last = epoch;
    kept = end + 1;
  }
  if (form.every_epoch && last != epochs) {
    throw Error(fmt::format("{}: the rows end at epoch {}, but the run has completed {}",
                            path.string(), last, epochs),
                kHint);
  }
  if (kept != text.size()) write_file_atomically(path, std::string_view(text).substr(0, kept));
}

}  // namespace spanlab
