// The methods that both toys compare, with the settings of the published tables.
#pragma once

#include <string>
#include <vector>

#include "tests/loss/batch_of_tasks.h"

namespace spanlab::testing {

/// One row of a table.
struct ToyMethod {
  std::string name;
  BalancingConfig config;
  bool warm = false;         ///< learned scales start at their optimum
  double scale_rate = 1e-3;  ///< their learning rate
};

/// All methods but fixed weights; uncertainty weighting also with a warm start and with its scales
/// fifty times as fast.
inline std::vector<ToyMethod> toy_methods() {
  std::vector<ToyMethod> rows;
  for (const auto& [method, name] : balancing_methods()) {
    if (method == Balancing::fixed) continue;
    ToyMethod row{name, {.method = method}};
    row.config.cagrad_c = 0.5;
    rows.push_back(row);
    if (method != Balancing::uncertainty) continue;
    row.name = name + ", warm";
    row.warm = true;
    rows.push_back(row);
    row.name = name + ", fast";
    row.warm = false;
    row.scale_rate = 0.05;
    rows.push_back(row);
  }
  return rows;
}

}  // namespace spanlab::testing
