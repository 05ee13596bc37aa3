// Applies environment variables.
#include "spanlab/facade/process.h"

#include <cstdlib>

#include "spanlab/base/failpoint.h"
#include "spanlab/kernels/isa.h"

namespace spanlab {

void use_environment() {
  if (const char* spec = std::getenv("SPANLAB_FAILPOINTS")) arm_failpoints(spec);
  select_isa_from_environment();
}

}  // namespace spanlab
