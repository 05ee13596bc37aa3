// Files of tensors by name in the safetensors format (one JSON header, then raw little-endian):
// weights, and bars in columns.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "spanlab/base/byte_source.h"

namespace spanlab {

/// A tensor as stored. F32, F64 and I64 are known; a file with another dtype is refused.
struct Tensor {
  enum class Type { f32, f64, i64 };  ///< in the order of the format's own list
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

/// A tensor to write, its values elsewhere.
struct TensorView {
  std::string name;
  Tensor::Type type = Tensor::Type::f32;
  std::vector<int64_t> shape;  ///< row-major
  const void* values = nullptr;
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
TensorFile parse_safetensors(Bytes file);
TensorFile read_safetensors(const std::filesystem::path& path);

/// A file that is taken tensor by tensor straight into its place: no second copy in memory.
class TensorColumns {
 public:
  /// Reads and checks the header as read_safetensors() does. Throws Error.
  explicit TensorColumns(const std::filesystem::path& path);
  ~TensorColumns();

  bool has(std::string_view name) const;
  /// The values of a tensor of one dimension. Throws Error if it is missing, of another type or has
  /// another number of dimensions.
  std::vector<double> doubles(std::string_view name);
  std::vector<int64_t> integers(std::string_view name);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// A file's bytes; tensors sorted as the format's own writer does (I64, F64, F32, then by name).
std::string safetensors_bytes(const std::vector<Tensor>& tensors,
                              const std::map<std::string, std::string>& metadata);
/// Writes them atomically.
void write_safetensors(const std::filesystem::path& path, const std::vector<Tensor>& tensors,
                       const std::map<std::string, std::string>& metadata);
/// The same part by part, without a copy of the values in memory.
void write_tensors(const std::filesystem::path& path, const std::vector<TensorView>& tensors,
                   const std::map<std::string, std::string>& metadata);

}  // namespace spanlab
