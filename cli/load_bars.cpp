// Faults do not stop a command, since data are never repaired silently; but they are not hidden.
#include "cli/load_bars.h"

#include <fmt/format.h>

#include <cstdio>
#include <filesystem>
#include <optional>

#include "cli/program_name.h"
#include "spanlab/bars/check.h"
#include "spanlab/bars/csv_bars.h"
#include "spanlab/base/text.h"
#include "spanlab/train/window_source.h"

namespace spanlab::cli {

void note_faults(const std::string& file, int64_t faults) {
  if (faults == 0) return;
  fmt::print(stderr, "note: {} in {}; {} bars check {} lists {}\n", counted(faults, "fault"), file,
             program_name(), file, faults == 1 ? "it" : "them");
}

void note_faults_in(const std::string& file, int64_t end_row) {
  if (!std::filesystem::is_regular_file(file)) return;  // it can be read once only
  BarReader reader(file);
  BarsChecker checker(step_of_first_bars(file));
  Bar bar;
  for (double volume = 0; checker.report().rows < end_row && reader.next(bar, volume);) {
    checker.push(bar, reader.has_volume() ? std::optional(volume) : std::nullopt);
  }
  note_faults(file, checker.report().faults());
}

Series load_bars(const std::string& file) {
  Series series = read_bars(file);
  note_faults(file, check_bars(series).faults());
  return series;
}

}  // namespace spanlab::cli
