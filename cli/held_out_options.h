// The options that name a held-out stretch: shared by the commands that test models.
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <optional>
#include <string>

#include "spanlab/diagnose/held_out.h"

namespace spanlab::cli {

struct HeldOutOptions {
  std::string spans;
  int64_t first_row = -1;  ///< -1: not given

  void add_to(CLI::App& command);
  /// None without --test-spans. Throws UsageError for --test-from alone.
  std::optional<HeldOutInputs> inputs() const;
};

}  // namespace spanlab::cli
