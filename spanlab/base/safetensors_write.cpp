// Writes safetensors files: the header, then the values, whole or part by part.
#include <algorithm>
#include <cassert>
#include <nlohmann/json.hpp>
#include <string>

#include "spanlab/base/file.h"
#include "spanlab/base/safetensors_format.h"

namespace spanlab {
namespace {

using namespace safetensors;

size_t bytes_of(const TensorView& tensor) {
  return static_cast<size_t>(*count_of(tensor.shape)) * info_of(tensor.type).bytes;
}

/// Sorts the tensors as they go to the file; the header with its length before it.
std::string header_of(std::vector<TensorView>& tensors,
                      const std::map<std::string, std::string>& metadata) {
  // The widest first keeps every tensor aligned. The format's own writer sorts by type, last of its
  // list first, which comes to that.
  std::sort(tensors.begin(), tensors.end(), [](const TensorView& a, const TensorView& b) {
    return a.type != b.type ? a.type > b.type : a.name < b.name;
  });
  nlohmann::ordered_json header = nlohmann::ordered_json::object();
  if (!metadata.empty()) header[kMetadata] = metadata;
  size_t offset = 0;
  for (const TensorView& tensor : tensors) {
    assert(!header.contains(tensor.name));
    const size_t end = offset + bytes_of(tensor);
    header[tensor.name] = {{"dtype", info_of(tensor.type).name},
                           {"shape", tensor.shape},
                           {"data_offsets", {offset, end}}};
    offset = end;
  }
  // Metadata may hold file names, which need not be UTF-8.
  std::string text = header.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  text.resize((text.size() + kLengthBytes - 1) / kLengthBytes * kLengthBytes, ' ');
  const uint64_t length = text.size();
  return std::string(reinterpret_cast<const char*>(&length), kLengthBytes) + text;
}

}  // namespace

std::string safetensors_bytes(const std::vector<Tensor>& tensors,
                              const std::map<std::string, std::string>& metadata) {
  std::vector<TensorView> views;
  for (const Tensor& tensor : tensors) {
    views.push_back({tensor.name, tensor.type, tensor.shape, tensor.bytes.data()});
    assert(tensor.bytes.size() == bytes_of(views.back()));
  }
  std::string file = header_of(views, metadata);
  for (const TensorView& view : views) {
    file.append(static_cast<const char*>(view.values), bytes_of(view));
  }
  return file;
}

void write_safetensors(const std::filesystem::path& path, const std::vector<Tensor>& tensors,
                       const std::map<std::string, std::string>& metadata) {
  write_file_atomically(path, safetensors_bytes(tensors, metadata));
}

void write_tensors(const std::filesystem::path& path, const std::vector<TensorView>& tensors,
                   const std::map<std::string, std::string>& metadata) {
  std::vector<TensorView> views = tensors;
  const std::string header = header_of(views, metadata);
  size_t next = 0;  // part: the header, then a tensor each
  write_file_atomically(path, [&]() -> std::string_view {
    while (next <= views.size()) {
      const size_t part = next++;
      if (part == 0) return header;
      const TensorView& view = views[part - 1];
      if (const size_t bytes = bytes_of(view))
        return {static_cast<const char*>(view.values), bytes};
    }
    return {};
  });
}

}  // namespace spanlab
