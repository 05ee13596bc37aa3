// The processor's name from /proc/cpuinfo.
#include "spanlab/base/machine.h"

#include <fstream>

namespace spanlab {

std::string cpu_model() {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);) {
    const size_t colon = line.find(": ");
    if (line.starts_with("model name") && colon != std::string::npos) return line.substr(colon + 2);
  }
  return "unknown";
}

}  // namespace spanlab
