// The table of a model's parameters: one block of memory, with named views of it.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "spanlab/base/random.h"
#include "spanlab/base/task.h"

namespace spanlab {

/// What a tensor is part of.
enum class ModelPart {
  encoder,     ///< the layers that all tasks share
  projection,  ///< between the encoder and the heads of a whole window
  head,        ///< of one task, or of pre-training's own
  log_sigma,   ///< of a task's loss in uncertainty weighting
};

/// A tensor's place in the model.
struct Role {
  ModelPart part = ModelPart::head;
  std::vector<Task> tasks;  ///< whose losses it changes
  int layer = 0;            ///< of the encoder, from the inputs up

  static Role head_of(Task task) { return {ModelPart::head, {task}}; }

  bool serves(std::span<const Task> any) const {
    return std::find_first_of(tasks.begin(), tasks.end(), any.begin(), any.end()) != tasks.end();
  }
};

/// One tensor in the block.
struct Parameter {
  std::string name;            ///< PyTorch's name, so that weights travel
  std::vector<int64_t> shape;  ///< row-major
  size_t offset;               ///< first value in the block
  size_t size;                 ///< number of values
  double bound;                ///< initial values are uniform in [-bound, bound] around `center`
  double center;
  Role role;
};

/// Describes a block of parameters; gradients, optimizer state and files follow the same table.
class ParameterTable {
 public:
  /// Appends a tensor and returns its offset.
  size_t add(Role role, std::string name, std::vector<int64_t> shape, double bound,
             double center = 0) {
    size_t size = 1;
    for (const int64_t extent : shape) size *= static_cast<size_t>(extent);
    entries_.push_back({.name = std::move(name),
                        .shape = std::move(shape),
                        .offset = total_,
                        .size = size,
                        .bound = bound,
                        .center = center,
                        .role = std::move(role)});
    total_ += size;
    return entries_.back().offset;
  }

  const std::vector<Parameter>& entries() const { return entries_; }
  size_t size() const { return total_; }  ///< values in the block

  /// nullptr if there is no tensor of that name.
  const Parameter* find(std::string_view name) const {
    for (const Parameter& entry : entries_) {
      if (entry.name == name) return &entry;
    }
    return nullptr;
  }

  /// Fills `block` [size()] with initial values: a function of the seed and each tensor's place.
  template <class Real>
  void initialise(uint64_t seed, Real* block) const {
    for (size_t i = 0; i < entries_.size(); ++i) {
      const Parameter& p = entries_[i];
      RandomStream stream(seed, Purpose::parameter_init, 0, static_cast<uint32_t>(i));
      for (size_t j = 0; j < p.size; ++j) {
        block[p.offset + j] =
            static_cast<Real>(p.center + (p.bound > 0 ? stream.uniform(-p.bound, p.bound) : 0));
      }
    }
  }

 private:
  std::vector<Parameter> entries_;
  size_t total_ = 0;
};

}  // namespace spanlab
