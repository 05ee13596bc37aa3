// The processor's name is the one that the operating system reports.
#include "spanlab/base/version.h"

#include <gtest/gtest.h>

#include "spanlab/base/file.h"

namespace spanlab {
namespace {

TEST(Machine, CpuModelIsWhatTheSystemReports) {
  const std::string model = cpu_model();
  const std::string info = read_file("/proc/cpuinfo");
  if (info.find("model name") == std::string::npos) {
    EXPECT_EQ(model, "unknown");
  } else {
    EXPECT_NE(info.find(": " + model + "\n"), std::string::npos) << model;
  }
}

}  // namespace
}  // namespace spanlab
