// The safetensors format: types of values, sizes, reserved names of the header.
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <iterator>
#include <optional>
#include <vector>

#include "spanlab/base/safetensors.h"

namespace spanlab::safetensors {

static_assert(std::endian::native == std::endian::little,
              "values are stored as they are in memory");

inline constexpr size_t kLengthBytes = 8;  // of the header's length, which comes first
inline constexpr char kMetadata[] = "__metadata__";

struct TypeInfo {
  Tensor::Type type;
  const char* name;
  size_t bytes;  // of a value
};
inline constexpr TypeInfo kTypes[] = {
    {Tensor::Type::i64, "I64", 8}, {Tensor::Type::f64, "F64", 8}, {Tensor::Type::f32, "F32", 4}};

inline const TypeInfo& info_of(Tensor::Type type) {
  return *std::find_if(std::begin(kTypes), std::end(kTypes),
                       [type](const TypeInfo& info) { return info.type == type; });
}

/// The product of the dimensions; empty if it does not fit.
inline std::optional<int64_t> count_of(const std::vector<int64_t>& shape) {
  int64_t count = 1;
  for (const int64_t dimension : shape) {
    if (__builtin_mul_overflow(count, dimension, &count)) return std::nullopt;
  }
  return count;
}

}  // namespace spanlab::safetensors
