// The golden file of an independent implementation: weights, inputs, outputs, losses, gradients.
#pragma once

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <filesystem>
#include <string>
#include <vector>

#include "spanlab/base/safetensors.h"
#include "spanlab/base/task.h"
#include "spanlab/model/jade.h"

namespace spanlab {

inline constexpr const char* kGoldenPath = "../shared/reference/jade_golden.safetensors";
inline constexpr int kGoldenBatch = 5;

/// Loads what every golden test starts from, as Real; call only where the file is there.
template <class Real>
struct Golden {
  TensorFile file = read_safetensors(kGoldenPath);
  ThreadPool pool{2};
  Jade<Real> model{JadeConfig{.input_dropout = 0, .layer_dropout = 0, .head_dropout = 0}};
  std::vector<Real> block = std::vector<Real>(model.table().size());
  std::vector<Real> input = values("input.features");
  std::vector<Real> mask = values("target.mask"), pointers = values("target.pointers"),
                    countdown = values("target.countdown");
  std::vector<int32_t> type;
  std::vector<uint8_t> counted = std::vector<uint8_t>(kGoldenBatch, 1);

  Golden() {
    for (const Parameter& p : model.table().entries()) {
      const std::vector<Real> from = values("param." + p.name);
      EXPECT_EQ(from.size(), p.size) << p.name;
      std::copy(from.begin(), from.end(), block.begin() + static_cast<ptrdiff_t>(p.offset));
    }
    const Tensor* t = file.find("target.type");
    for (int i = 0; i < kGoldenBatch; ++i) {
      type.push_back(static_cast<unsigned char>(t->bytes[static_cast<size_t>(i) * 8]));
    }
    model.prepare(pool, block.data());
  }

  std::vector<Real> values(const std::string& name) const {
    const std::vector<double> from = file.find(name)->doubles();
    return {from.begin(), from.end()};
  }
};

/// Largest difference over the largest magnitude of `want`.
template <class Real>
double golden_difference(const Real* got, const std::vector<double>& want) {
  double largest = 0, difference = 0;
  for (size_t i = 0; i < want.size(); ++i) {
    largest = std::max(largest, std::abs(want[i]));
    const double gap = std::abs(static_cast<double>(got[i]) - want[i]);
    difference = std::max(difference, std::isnan(gap) ? HUGE_VAL : gap);
  }
  return largest > 0 ? difference / largest : difference;
}

}  // namespace spanlab
