// The machine that the program runs on.
#pragma once

#include <string>

namespace spanlab {

/// The processor's own name, as the operating system reports it; "unknown" if it does not.
std::string cpu_model();

}  // namespace spanlab
