// What the user types to start the program, for commands that messages suggest.
#pragma once

#include <cstdlib>
#include <string>

namespace spanlab::cli {

/// "spanlab", or what the run script says it was called as ("./run").
inline std::string program_name() {
  const char* name = std::getenv("SPANLAB_NAME");
  return name != nullptr ? name : "spanlab";
}

}  // namespace spanlab::cli
