// The version comes from the build, so that it is written down once.
#include "spanlab/base/version.h"

namespace spanlab {

std::string_view version() {
  return SPANLAB_VERSION;
}

}  // namespace spanlab
