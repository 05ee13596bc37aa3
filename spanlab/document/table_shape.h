// What the three forms of a table share: rows of equal length, and which columns hold numbers.
#pragma once

#include <string>
#include <vector>

#include "spanlab/document/document.h"

namespace spanlab {

struct TableShape {
  std::vector<std::string> header;             ///< [columns]
  std::vector<std::vector<std::string>> rows;  ///< [rows][columns], short rows filled up
  std::vector<bool> numeric;                   ///< [columns], to be set flush right
};

TableShape shape_of(const TextTable& table);

}  // namespace spanlab
