// Requests huge pages from the system.
#include "spanlab/base/large_buffer.h"

#if defined(__linux__)
#include <sys/mman.h>
#endif

namespace spanlab {

void ask_for_huge_pages([[maybe_unused]] void* memory, [[maybe_unused]] size_t bytes) {
#if defined(__linux__)
  madvise(memory, bytes, MADV_HUGEPAGE);  // without them all works, a little slower
#endif
}

}  // namespace spanlab
