// Golden files of an independent implementation: weights, inputs, outputs, losses, gradients.
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
#include "tests/real_data.h"

namespace spanlab {

inline constexpr int kGoldenBatch = 5;

/// The small model that comes with the tests and, where the reference lies beside the project, the
/// one of full size.
inline std::vector<std::string> golden_files() {
  std::vector<std::string> files{test::kSmallJade};
  const char* full_size = "../shared/reference/jade_golden.safetensors";
  if (std::filesystem::exists(full_size)) files.emplace_back(full_size);
  return files;
}

inline TensorFile read_golden(const std::string& path) {
  return parse_safetensors({.bytes = test::unpacked(path), .name = path});
}

/// The sizes of its model, without dropout.
inline JadeConfig golden_config(const TensorFile& file) {
  const auto size = [&](const char* name, size_t dimension) {
    return static_cast<int>(file.find(name)->shape.at(dimension));
  };
  return {.hidden = size("param.lstm.weight_hh_l0", 1),
          .projection = size("param.projection.0.weight", 0),
          .input_dropout = 0,
          .layer_dropout = 0,
          .head_dropout = 0};
}

/// Loads what every golden test starts from, as Real.
template <class Real>
struct Golden {
  explicit Golden(const std::string& path) : Golden(read_golden(path)) {}

  TensorFile file;
  ThreadPool pool{2};
  Jade<Real> model{golden_config(file)};
  std::vector<Real> block = std::vector<Real>(model.table().size());
  std::vector<Real> input = values("input.features");
  std::vector<Real> mask = values("target.mask"), pointers = values("target.pointers"),
                    countdown = values("target.countdown");
  std::vector<int32_t> type;
  std::vector<uint8_t> counted = std::vector<uint8_t>(kGoldenBatch, 1);

  std::vector<Real> values(const std::string& name) const {
    const std::vector<double> from = file.find(name)->doubles();
    return {from.begin(), from.end()};
  }

 private:
  explicit Golden(TensorFile tensors) : file(std::move(tensors)) {
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
