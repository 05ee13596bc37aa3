// What a run records of the program and of the machine that it ran on.
#pragma once

#include <string>
#include <string_view>

namespace spanlab {

std::string_view version();  ///< of the library, "major.minor.patch"

/// The processor's own name, as the operating system reports it; "unknown" if it does not.
std::string cpu_model();

}  // namespace spanlab
