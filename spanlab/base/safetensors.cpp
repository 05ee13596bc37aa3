// Reads safetensors files: a little-endian u64 header length, the JSON header, then all values in
// one buffer. Format: huggingface.co/docs/safetensors. A file is checked whole before it is used.
#include "spanlab/base/safetensors.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstring>
#include <fstream>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>

#include "spanlab/base/error.h"
#include "spanlab/base/file.h"
#include "spanlab/base/safetensors_format.h"
#include "spanlab/base/text.h"

namespace spanlab {
namespace {

using namespace safetensors;

using nlohmann::json;

constexpr uint64_t kLongestHeader = 100'000'000;  // the format's own limit
constexpr int kDeepestHeader = 2;                 // {name: {"shape": [

std::string shape_text(const std::vector<int64_t>& shape) {
  return fmt::format("[{}]", fmt::join(shape, ", "));
}

/// Where a tensor lies in the buffer.
struct Entry {
  Tensor tensor;  // without its bytes
  uint64_t begin, end;
};

/// Takes a file apart; every complaint names the file.
class Reader {
 public:
  /// `file`: the bytes from the first on, the whole header at least; `size`: of the whole file.
  Reader(Bytes file, uint64_t size) : path_(file.name), file_(file.bytes), size_(size) {}

  TensorFile read() {
    TensorFile result;
    result.path = path_;
    for (Entry& entry : entries(result.metadata)) {
      entry.tensor.bytes = file_.substr(data_begin_ + entry.begin, entry.end - entry.begin);
      result.tensors.push_back(std::move(entry.tensor));
    }
    return result;
  }

  /// All tensors without their bytes, in file order.
  std::vector<Entry> entries(std::map<std::string, std::string>& metadata) {
    const json header = parse_header();
    std::vector<Entry> entries;
    for (const auto& [name, value] : header.items()) {
      if (name == kMetadata) {
        metadata = metadata_of(value);
      } else {
        entries.push_back(entry_of(name, value));
      }
    }
    std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) {
      return std::pair(a.begin, a.end) < std::pair(b.begin, b.end);
    });
    check_cover(entries);
    return entries;
  }

  uint64_t data_begin() const { return data_begin_; }

 private:
  [[noreturn]] void fail(const std::string& what) const {
    throw Error(fmt::format("{}: {}", path_, what),
                "the file is damaged or not a safetensors file; copy it again");
  }

  json parse_header() {
    if (size_ < kLengthBytes) {
      fail(fmt::format("{} bytes are too few for a safetensors file", size_));
    }
    uint64_t length = 0;
    std::memcpy(&length, file_.data(), kLengthBytes);
    const uint64_t available = size_ - kLengthBytes;
    if (length > kLongestHeader) {
      fail("not a safetensors file: its first 8 bytes are not the length of a header");
    }
    if (length > available) {
      fail(fmt::format("its header should have {} bytes, but only {} follow", length, available));
    }
    const std::string_view text = file_.substr(kLengthBytes, length);
    if (!text.starts_with('{')) fail("its header does not start with \"{\"");
    // The parser takes a zero byte for the end of the text.
    if (text.find('\0') != text.npos) fail("its header is not valid JSON (a zero byte)");
    data_begin_ = kLengthBytes + length;

    // The parser itself would let the last of two equal names win, and go to any depth.
    std::vector<std::set<std::string>> names;  // of the objects that are open
    using Event = json::parse_event_t;
    const auto check = [&](int depth, Event event, json& parsed) {
      if ((event == Event::object_start || event == Event::array_start) && depth > kDeepestHeader) {
        fail("its header is nested too deeply");
      }
      if (event == Event::object_start) names.emplace_back();
      if (event == Event::object_end) names.pop_back();
      if (event == Event::key && !names.back().insert(parsed).second) {
        fail(fmt::format("its header has {} twice", in_quotes(parsed.get<std::string>())));
      }
      return true;
    };
    try {
      return json::parse(text, check);
    } catch (const json::exception& e) {
      fail(fmt::format("its header is not valid JSON ({})", e.what()));
    }
  }

  std::map<std::string, std::string> metadata_of(const json& value) const {
    if (!value.is_object()) fail("its __metadata__ is not an object");
    std::map<std::string, std::string> metadata;
    for (const auto& [key, text] : value.items()) {
      if (!text.is_string()) fail(fmt::format("its metadata {} is not text", in_quotes(key)));
      metadata[key] = text;
    }
    return metadata;
  }

  Entry entry_of(const std::string& name, const json& value) const {
    const std::string who = fmt::format("tensor {}", in_quotes(name));
    if (!value.is_object() || value.size() != 3 || !value.contains("dtype") ||
        !value.contains("shape") || !value.contains("data_offsets")) {
      fail(who + " needs exactly dtype, shape and data_offsets");
    }
    const TypeInfo& type = type_of(who, value["dtype"]);
    const std::vector<int64_t> shape = whole_numbers(who, value, "shape");
    const std::vector<int64_t> offsets = whole_numbers(who, value, "data_offsets");
    if (offsets.size() != 2 || offsets[0] > offsets[1]) {
      fail(who + " needs two data_offsets, begin and end");
    }
    const auto begin = static_cast<uint64_t>(offsets[0]);
    const auto end = static_cast<uint64_t>(offsets[1]);
    if (end > (size_ - data_begin_)) {
      fail(fmt::format("{} ends at byte {}, but there are only {} bytes of values", who, end,
                       (size_ - data_begin_)));
    }
    const std::optional<int64_t> count = count_of(shape);
    // Compared as numbers of values: count * bytes might overflow.
    if (!count || (end - begin) % type.bytes != 0 ||
        static_cast<uint64_t>(*count) != (end - begin) / type.bytes) {
      fail(fmt::format("{} of shape {} and dtype {} cannot have {} bytes", who, shape_text(shape),
                       type.name, end - begin));
    }
    return {{name, type.type, shape, {}}, begin, end};
  }

  const TypeInfo& type_of(const std::string& who, const json& value) const {
    if (!value.is_string()) fail(who + ": its dtype is not text");
    const auto found = std::find_if(std::begin(kTypes), std::end(kTypes),
                                    [&](const TypeInfo& info) { return info.name == value; });
    if (found == std::end(kTypes)) {
      throw Error(fmt::format("{}: {} has the unknown dtype {}", path_, who,
                              in_quotes(value.get<std::string>())),
                  "save the tensor as F32, F64 or I64");
    }
    return *found;
  }

  std::vector<int64_t> whole_numbers(const std::string& who, const json& entry,
                                     const char* key) const {
    const json& list = entry[key];
    if (!list.is_array()) fail(fmt::format("{}: its {} is not a list", who, key));
    std::vector<int64_t> numbers;
    for (const json& item : list) {
      if (!item.is_number_unsigned() ||
          item.get<uint64_t>() > uint64_t{std::numeric_limits<int64_t>::max()}) {
        fail(fmt::format("{}: its {} contains {}, which is not a size", who, key,
                         in_quotes(item.dump())));
      }
      numbers.push_back(item);
    }
    return numbers;
  }

  /// `entries`, in order, must fill the buffer without hole and overlap.
  void check_cover(const std::vector<Entry>& entries) const {
    uint64_t covered = 0;
    for (const Entry& entry : entries) {
      if (entry.begin != covered) {
        fail(fmt::format("tensor {} begins at byte {}, but the one before it ends at {}",
                         in_quotes(entry.tensor.name), entry.begin, covered));
      }
      covered = entry.end;
    }
    if (covered != (size_ - data_begin_)) {
      fail(fmt::format("{} bytes follow the last tensor", (size_ - data_begin_) - covered));
    }
  }

  std::string path_;
  std::string_view file_;
  uint64_t size_;
  uint64_t data_begin_ = 0;  // of the values: what follows the header
};

template <class To, class From>
std::vector<To> convert(const std::string& bytes) {
  std::vector<From> values(bytes.size() / sizeof(From));
  // Not for empty tensors: memcpy must not be given a null pointer.
  if (!values.empty()) std::memcpy(values.data(), bytes.data(), bytes.size());
  std::vector<To> converted(values.size());
  std::transform(values.begin(), values.end(), converted.begin(),
                 [](From value) { return static_cast<To>(value); });
  return converted;
}

template <class To>
std::vector<To> values_of(const Tensor& tensor) {
  switch (tensor.type) {
    case Tensor::Type::f32:
      return convert<To, float>(tensor.bytes);
    case Tensor::Type::f64:
      return convert<To, double>(tensor.bytes);
    case Tensor::Type::i64:
      break;
  }
  throw Error(fmt::format("tensor {} contains whole numbers", in_quotes(tensor.name)),
              "save it as F32 or F64");
}

}  // namespace

int64_t Tensor::count() const {
  return *count_of(shape);
}

std::vector<float> Tensor::floats() const {
  return values_of<float>(*this);
}
std::vector<double> Tensor::doubles() const {
  return values_of<double>(*this);
}

Tensor Tensor::from(std::string name, std::vector<int64_t> shape, const float* values) {
  Tensor tensor{std::move(name), Type::f32, std::move(shape), {}};
  tensor.bytes.assign(reinterpret_cast<const char*>(values),
                      static_cast<size_t>(tensor.count()) * sizeof(float));
  return tensor;
}

Tensor Tensor::from(std::string name, std::vector<int64_t> shape, const double* values) {
  Tensor tensor{std::move(name), Type::f64, std::move(shape), {}};
  tensor.bytes.assign(reinterpret_cast<const char*>(values),
                      static_cast<size_t>(tensor.count()) * sizeof(double));
  return tensor;
}

const Tensor* TensorFile::find(std::string_view name) const {
  for (const Tensor& tensor : tensors) {
    if (tensor.name == name) return &tensor;
  }
  return nullptr;
}

const Tensor& TensorFile::get(std::string_view name, const std::vector<int64_t>& shape) const {
  const Tensor* tensor = find(name);
  if (tensor == nullptr) {
    throw Error(fmt::format("{} has no tensor {}", path, in_quotes(name)),
                "choose a file that was written for this model");
  }
  if (tensor->shape != shape) {
    throw Error(fmt::format("{}: tensor {} has the shape {}, but the model needs {}", path,
                            in_quotes(name), shape_text(tensor->shape), shape_text(shape)),
                "choose a file that was written for this model, or the recipe that it was written "
                "with");
  }
  return *tensor;
}

TensorFile parse_safetensors(Bytes file) {
  return Reader(file, file.bytes.size()).read();
}

TensorFile read_safetensors(const std::filesystem::path& path) {
  const std::string bytes = read_file(path);
  return parse_safetensors({bytes, path.native()});
}

struct TensorColumns::State {
  std::string path;
  std::ifstream file;
  std::vector<Entry> entries;
  uint64_t data_begin = 0;

  /// Puts the values of a tensor into `values`, which it resizes.
  template <class T>
  void take(std::string_view name, Tensor::Type type, std::vector<T>& values) {
    const auto found = std::find_if(entries.begin(), entries.end(),
                                    [&](const Entry& e) { return e.tensor.name == name; });
    if (found == entries.end() || found->tensor.type != type || found->tensor.shape.size() != 1) {
      throw Error(fmt::format("{} has no column {} of {}", path, in_quotes(name),
                              type == Tensor::Type::i64 ? "whole numbers" : "numbers"),
                  "the file is damaged or a different one; copy it again");
    }
    values.resize((found->end - found->begin) / sizeof(T));
    file.seekg(static_cast<std::streamoff>(data_begin + found->begin));
    file.read(reinterpret_cast<char*>(values.data()),
              static_cast<std::streamsize>(values.size() * sizeof(T)));
    if (!file) throw Error(fmt::format("cannot read {}", path), "check the disk and the path");
  }
};

TensorColumns::TensorColumns(const std::filesystem::path& path)
    : state_(std::make_unique<State>()) {
  State& s = *state_;
  s.path = path.string();
  std::error_code problem;
  const uint64_t size = std::filesystem::file_size(path, problem);
  if (!problem) s.file.open(path, std::ios::binary);
  if (problem || !s.file) {
    throw Error(fmt::format("cannot read {}{}", s.path, problem ? ": " + problem.message() : ""),
                "check the path");
  }
  uint64_t length = 0;
  s.file.read(reinterpret_cast<char*>(&length), kLengthBytes);
  std::string head(std::min(size, kLengthBytes + std::min<uint64_t>(length, kLongestHeader)), ' ');
  s.file.clear();
  s.file.seekg(0);
  s.file.read(head.data(), static_cast<std::streamsize>(head.size()));
  Reader reader({head, s.path}, size);
  std::map<std::string, std::string> metadata;
  s.entries = reader.entries(metadata);
  s.data_begin = reader.data_begin();
}

TensorColumns::~TensorColumns() = default;

bool TensorColumns::has(std::string_view name) const {
  return std::any_of(state_->entries.begin(), state_->entries.end(),
                     [&](const Entry& e) { return e.tensor.name == name; });
}

std::vector<double> TensorColumns::doubles(std::string_view name) {
  std::vector<double> values;
  state_->take(name, Tensor::Type::f64, values);
  return values;
}

std::vector<int64_t> TensorColumns::integers(std::string_view name) {
  std::vector<int64_t> values;
  state_->take(name, Tensor::Type::i64, values);
  return values;
}

}  // namespace spanlab
