// Hash of bytes (XXH3, 128 bits): names data and weights in metadata and tests. Not cryptographic.
#pragma once

#include <cstddef>
#include <string>

namespace spanlab {

/// 32 lower-case hexadecimal digits.
std::string hash_text(const void* bytes, size_t size);

}  // namespace spanlab
