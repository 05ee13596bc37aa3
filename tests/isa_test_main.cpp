// Entry point of the test programs that ctest runs once with each instruction set (SPANLAB_ISA).
#include <gtest/gtest.h>

#include <cstdio>

#include "spanlab/base/error.h"
#include "spanlab/kernels/isa.h"

int main(int argc, char** argv) {
  constexpr int kSkipped = 77;
  ::testing::InitGoogleTest(&argc, argv);
  try {
    spanlab::select_isa_from_environment();
  } catch (const spanlab::Error& e) {
    std::fprintf(stderr, "skipped: %s\n", e.what());
    return kSkipped;
  }
  return RUN_ALL_TESTS();
}
