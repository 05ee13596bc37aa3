// Completes short rows and distinguishes columns of numbers from columns of words.
#include <algorithm>
#include <cctype>
#include <string_view>

#include "spanlab/document/renderers.h"

namespace spanlab {
namespace {

bool says_nothing(const std::string& cell) {
  return cell.empty() || cell == "–" || cell == "-";
}

// A sign or none, a digit, and at most three letters after it for a unit: "12", "-0.3 %",
// "0.279 [0.214, 0.350]", "3.5 ms".
bool is_number(const std::string& cell) {
  const size_t start = cell.front() == '-' || cell.front() == '+' ? 1 : 0;
  if (start >= cell.size() || std::isdigit(static_cast<unsigned char>(cell[start])) == 0) {
    return false;
  }
  return std::count_if(cell.begin(), cell.end(),
                       [](unsigned char c) { return std::isalpha(c) != 0; }) <= 3;
}

bool is_numeric(const std::vector<std::vector<std::string>>& rows, size_t column) {
  bool any = false;
  for (const std::vector<std::string>& row : rows) {
    const std::string cell = without_marks(row[column]);
    if (says_nothing(cell)) continue;
    if (!is_number(cell)) return false;
    any = true;
  }
  return any;
}

}  // namespace

TableShape shape_of(const TextTable& table) {
  size_t columns = table.header.size();
  for (const std::vector<std::string>& row : table.rows) columns = std::max(columns, row.size());
  TableShape shape{table.header, table.rows, {}};
  shape.header.resize(columns);
  for (std::vector<std::string>& row : shape.rows) row.resize(columns);
  for (size_t i = 0; i < columns; ++i) shape.numeric.push_back(is_numeric(shape.rows, i));
  return shape;
}

}  // namespace spanlab
