// XXH3 by the xxhash library, printed as its command line tool does.
#include "spanlab/base/hash.h"

#include <fmt/format.h>
#include <xxhash.h>

namespace spanlab {

std::string hash_text(const void* bytes, size_t size) {
  const XXH128_hash_t hash = XXH3_128bits(bytes, size);
  return fmt::format("{:016x}{:016x}", hash.high64, hash.low64);
}

}  // namespace spanlab
