// --test-spans and --test-from.
#include "cli/held_out_options.h"

#include "cli/exit_status.h"
#include "cli/number_range.h"

namespace spanlab::cli {

void HeldOutOptions::add_to(CLI::App& command) {
  command.add_option("--test-spans", spans,
                     "Spans file of the whole series: test on the bars behind the windows, side by "
                     "side, instead of on the validation windows");
  command
      .add_option("--test-from", first_row,
                  "First row to test on (default: a window's length behind the last window)")
      ->check(whole_from(0));
}

std::optional<HeldOutInputs> HeldOutOptions::inputs() const {
  if (spans.empty()) {
    if (first_row < 0) return {};
    throw UsageError("--test-from names rows to test on, but no spans to compare with",
                     "give --test-spans too");
  }
  HeldOutInputs inputs{spans, {}};
  if (first_row >= 0) inputs.first_row = first_row;
  return inputs;
}

}  // namespace spanlab::cli
