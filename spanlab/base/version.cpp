// The version comes from the build, so it is written down once; the processor's name from
// /proc/cpuinfo.
#include "spanlab/base/version.h"

#include <fstream>

namespace spanlab {

std::string_view version() {
  return SPANLAB_VERSION;
}

std::string cpu_model() {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);) {
    const size_t colon = line.find(": ");
    if (line.starts_with("model name") && colon != std::string::npos) return line.substr(colon + 2);
  }
  return "unknown";
}

}  // namespace spanlab
