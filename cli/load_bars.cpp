// Faults do not stop a command, since data are never repaired silently; but they are not hidden.
#include "cli/load_bars.h"

#include <fmt/format.h>

#include <cstdio>

#include "cli/program_name.h"
#include "spanlab/bars/check.h"
#include "spanlab/bars/csv_bars.h"
#include "spanlab/base/text.h"

namespace spanlab::cli {

void note_faults(const std::string& file, int64_t faults) {
  if (faults == 0) return;
  fmt::print(stderr, "note: {} in {}; {} bars check {} lists {}\n", counted(faults, "fault"), file,
             program_name(), file, faults == 1 ? "it" : "them");
}

Series load_bars(const std::string& file) {
  Series series = read_bars(file);
  note_faults(file, check_bars(series).faults());
  return series;
}

}  // namespace spanlab::cli
