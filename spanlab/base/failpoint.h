// Named places where a test can make the program fail or end, to prove that it recovers.
#pragma once

#include <string>
#include <string_view>

namespace spanlab {

/// A place that can fail. Does nothing unless armed. Armed with "error" it throws Error as a full
/// disk would; armed with "kill" it ends the process at once, as kill -9 would.
void failpoint(std::string_view name);

/// Arms failpoints: "name=error", "name=kill", or "name=kill@3" (at the third pass), separated by
/// commas; an empty text disarms all. Throws Error on another form. The program takes it from the
/// environment variable SPANLAB_FAILPOINTS.
void arm_failpoints(std::string_view spec);

}  // namespace spanlab
