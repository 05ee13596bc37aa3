// The small market of the training tests, with its bars and windows in files.
#pragma once

#include <string>

#include "spanlab/bars/csv_bars.h"
#include "spanlab/windows/window.h"
#include "tests/train/small_run.h"

namespace spanlab {

struct SmallFiles : SmallData {
  std::string bars_file = out("bars.csv").string(), windows_file = out("windows.csv").string();

  SmallFiles() {
    write_bars(bars_file, bars);
    write_windows(windows_file, windows);
  }
};

}  // namespace spanlab
