// A stretch of bars that no training window reaches, to test on.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "spanlab/labels/spans.h"

namespace spanlab {

/// Where the stretch begins and what is labelled in it.
struct HeldOut {
  std::vector<Span> spans;           ///< every span of the series
  std::optional<int64_t> first_row;  ///< none: one window's length after the last window's end
  std::string name = "the spans";    ///< for messages: the file they come from
};

}  // namespace spanlab
