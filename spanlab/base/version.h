// The version of the library, as run folders and --version show it.
#pragma once

#include <string_view>

namespace spanlab {

std::string_view version();  ///< "major.minor.patch"

}  // namespace spanlab
