// What a run records about the program and the machine.
#pragma once

#include <string>
#include <string_view>

namespace spanlab {

std::string_view version();  ///< of the library, "major.minor.patch"

/// The processor's own name, as the operating system reports it; "unknown" if it does not.
std::string cpu_model();

}  // namespace spanlab
