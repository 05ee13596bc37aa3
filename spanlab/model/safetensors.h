// Weight files: tensors by name in the safetensors format (one JSON header, then raw
// little-endian).
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace spanlab {

/// A tensor as stored. F32, F64 and I64 are known; a file with another dtype is refused.
struct Tensor {
  enum class Type { f32, f64, i64 };
  std::string name;
  Type type = Type::f32;
  std::vector<int64_t> shape;  ///< row-major; empty = scalar
  std::string bytes;           ///< raw values, little-endian

  int64_t count() const;  ///< number of values
  /// The values, converted from F32 or F64. Throws Error for I64.
  std::vector<float> floats() const;
  std::vector<double> doubles() const;

  static Tensor from(std::string name, std::vector<int64_t> shape, const float* values);
  static Tensor from(std::string name, std::vector<int64_t> shape, const double* values);
};

/// The contents of a file, tensors in file order.
struct TensorFile {
  std::string path;                             ///< for messages
  std::map<std::string, std::string> metadata;  ///< the __metadata__ block
  std::vector<Tensor> tensors;

  const Tensor* find(std::string_view name) const;  ///< nullptr if absent
  /// The tensor of that name and shape. Throws Error naming file, tensor and both shapes.
  const Tensor& get(std::string_view name, const std::vector<int64_t>& shape) const;
};

/// Reads and checks the whole file: header length, JSON, names, dtypes, sizes against shapes, no
/// hole and no overlap, no trailing bytes. Throws Error. What it allocates is bounded by the size
/// of the file, never by a number in it.
TensorFile read_safetensors(const std::filesystem::path& path);

/// Writes atomically; tensors sorted as the format's own writer does (alignment, then name).
void write_safetensors(const std::filesystem::path& path, const std::vector<Tensor>& tensors,
                       const std::map<std::string, std::string>& metadata);

}  // namespace spanlab
