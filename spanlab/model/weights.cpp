// Weight files: one loop over the parameter table.
#include "spanlab/model/weights.h"

#include <algorithm>

namespace spanlab {

void append_tensors(const ParameterTable& table, const float* block, const std::string& prefix,
                    std::vector<Tensor>& tensors) {
  for (const Parameter& p : table.entries()) {
    tensors.push_back(Tensor::from(prefix + p.name, p.shape, block + p.offset));
  }
}

void load_tensors(const TensorFile& file, const ParameterTable& table, const std::string& prefix,
                  float* block) {
  for (const Parameter& p : table.entries()) {
    const std::vector<float> values = file.get(prefix + p.name, p.shape).floats();
    std::copy(values.begin(), values.end(), block + p.offset);
  }
}

}  // namespace spanlab
