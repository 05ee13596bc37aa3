// The LSTM step: each gate alone in closed form, fast against reference, layout there and back.
#include "spanlab/kernels/lstm.h"

#include <gtest/gtest.h>

#include <cstring>

#include "spanlab/kernels/reference.h"
#include "tests/kernels/compare.h"

namespace spanlab {
namespace {

constexpr float kOpen = 40, kShut = -40;  // a bias that holds a gate at 1 or 0

/// One unit of interest (number 5) with chosen biases; returns its cell and output.
struct OneUnit {
  float bias[4] = {kOpen, kOpen, 0, kOpen};
  float x = 0, c_before = 0;

  std::pair<float, float> run() const {
    const LstmShape shape{1, 16};
    std::vector<float> packed(shape.packed_size(), 0.0f);
    for (int gate = 0; gate < 4; ++gate)
      packed[static_cast<size_t>(gate_place(gate, 5))] = bias[gate];
    packed[static_cast<size_t>(kPanelGates + gate_place(2, 5))] = 1;  // the candidate sees x
    std::vector<float> h_before(16, 0.0f), cells(16, c_before), gates(64), c(16), tanh_c(16), h(16);
    lstm_forward_step(shape, 1, packed.data(), &x, 1, h_before.data(), 16, cells.data(),
                      gates.data(), c.data(), tanh_c.data(), h.data());
    return {c[5], h[5]};
  }
};

TEST(LstmStep, InputGateAlone) {
  OneUnit unit;
  unit.x = 0.7f;
  unit.bias[1] = kShut;
  EXPECT_NEAR(unit.run().first, std::tanh(0.7), 1e-6);
  unit.bias[0] = 0.3f;
  EXPECT_NEAR(unit.run().first, std::tanh(0.7) / (1 + std::exp(-0.3)), 1e-6);
  unit.bias[0] = kShut;
  EXPECT_NEAR(unit.run().first, 0, 1e-6);
}

TEST(LstmStep, ForgetGateAlone) {
  OneUnit unit;
  unit.c_before = 1.5f;
  unit.bias[0] = kShut;
  EXPECT_NEAR(unit.run().first, 1.5, 1e-6);
  unit.bias[1] = -0.4f;
  EXPECT_NEAR(unit.run().first, 1.5 / (1 + std::exp(0.4)), 1e-6);
}

TEST(LstmStep, OutputGateAlone) {
  OneUnit unit;
  unit.c_before = 0.8f;
  unit.bias[0] = kShut;
  EXPECT_NEAR(unit.run().second, std::tanh(0.8), 1e-6);
  unit.bias[3] = 0.2f;
  EXPECT_NEAR(unit.run().second, std::tanh(0.8) / (1 + std::exp(-0.2)), 1e-6);
  unit.bias[3] = kShut;
  EXPECT_NEAR(unit.run().second, 0, 1e-6);
}

TEST(LstmStep, ActivationsOverTheWholeRange) {
  OneUnit unit;
  unit.bias[1] = kShut;
  for (double x = -30; x <= 30; x += 0.0137) {
    unit.x = static_cast<float>(x);
    EXPECT_NEAR(unit.run().first, std::tanh(static_cast<double>(unit.x)), 1e-6) << x;
  }
}

TEST(LstmStep, NotANumberStaysOne) {
  OneUnit unit;
  unit.x = std::nanf("");
  EXPECT_TRUE(std::isnan(unit.run().first));
}

struct Sizes {
  int input, hidden, rows;
  bool first;    // no state before
  size_t shift;  // misalignment in floats
};

void check_forward(const Sizes& s) {
  RandomStream stream(11, Purpose::parameter_init, static_cast<uint32_t>(s.rows),
                      static_cast<uint32_t>(s.input));
  const LstmShape shape{s.input, s.hidden};
  const auto n = static_cast<size_t>(s.rows);
  const auto hidden = static_cast<size_t>(s.hidden);
  const ptrdiff_t x_row = s.input + 1, h_row = 2 * s.hidden;
  const Array packed(shape.packed_size(), s.shift, stream, 0.4);
  const Array x(n * static_cast<size_t>(x_row), s.shift + 1, stream, 2);
  const Array h_before(n * 2 * hidden, s.shift + 2, stream),
      c_before(n * hidden, s.shift, stream, 2);
  Array got[4] = {{n * 4 * hidden, s.shift, stream},
                  {n * hidden, s.shift + 3, stream},
                  {n * hidden, s.shift + 1, stream},
                  {n * 2 * hidden, s.shift, stream}};
  Array want[4] = {got[0], got[1], got[2], got[3]};
  const float* h0 = s.first ? nullptr : h_before.data();
  const float* c0 = s.first ? nullptr : c_before.data();
  lstm_forward_step(shape, s.rows, packed.data(), x.data(), x_row, h0, h_row, c0, got[0].data(),
                    got[1].data(), got[2].data(), got[3].data());
  reference::lstm_forward_step(shape, s.rows, packed.data(), x.data(), x_row, h0, h_row, c0,
                               want[0].data(), want[1].data(), want[2].data(), want[3].data());
  for (int i = 0; i < 4; ++i) {
    EXPECT_LT(relative_difference(got[i], want[i]), 3e-6)
        << i << " rows " << s.rows << " input " << s.input << " hidden " << s.hidden;
    EXPECT_TRUE(got[i].guards_intact());
  }
}

void check_backward(const Sizes& s) {
  RandomStream stream(12, Purpose::parameter_init, static_cast<uint32_t>(s.rows));
  const LstmShape shape{s.input, s.hidden};
  const auto count = static_cast<size_t>(s.rows) * static_cast<size_t>(s.hidden);
  const Array dh_out(2 * count, s.shift, stream), dh_next(count, s.shift + 1, stream);
  const Array c_before(count, s.shift + 2, stream), tanh_c(count, s.shift, stream);
  Array gates(4 * count, s.shift + 3, stream), dc(count, s.shift + 1, stream);
  Array want_gates = gates, want_dc = dc;
  const float* c0 = s.first ? nullptr : c_before.data();
  lstm_backward_step(shape, s.rows, dh_out.data(), 2 * s.hidden, dh_next.data(), c0, tanh_c.data(),
                     gates.data(), dc.data());
  reference::lstm_backward_step(shape, s.rows, dh_out.data(), 2 * s.hidden, dh_next.data(), c0,
                                tanh_c.data(), want_gates.data(), want_dc.data());
  EXPECT_LT(relative_difference(gates, want_gates), 1e-6);
  EXPECT_LT(relative_difference(dc, want_dc), 1e-6);
  EXPECT_TRUE(gates.guards_intact() && dc.guards_intact());
}

TEST(LstmStep, EveryNumberOfRows) {
  for (int rows = 1; rows <= 40; ++rows) {
    check_forward({12, 32, rows, rows % 3 == 0, 0});
    check_backward({12, 32, rows, rows % 3 == 0, 0});
  }
}

TEST(LstmStep, EveryWidth) {
  for (const int hidden : {16, 32, 48, 96, 128}) {
    for (const int input : {1, 2, 12, 13, 31, 192, 256})
      check_forward({input, hidden, 7, false, 0});
    check_backward({3, hidden, 7, false, 0});
  }
}

TEST(LstmStep, Misalignment) {
  for (size_t shift = 0; shift < 16; ++shift) {
    check_forward({5, 48, 8, false, shift});
    check_backward({5, 48, 8, false, shift});
  }
}

TEST(LstmStep, ARowDoesNotDependOnItsNeighbours) {
  RandomStream stream(13, Purpose::parameter_init);
  const LstmShape shape{12, 96};
  constexpr int kRows = 32;
  const Array packed(shape.packed_size(), 0, stream, 0.3), x(kRows * 12, 0, stream);
  const Array h_before(kRows * 96, 0, stream), c_before(kRows * 96, 0, stream);
  Array gates(kRows * 384, 0, stream), c(kRows * 96, 0, stream), tanh_c(kRows * 96, 0, stream);
  Array h(kRows * 96, 0, stream), apart = h;
  lstm_forward_step(shape, kRows, packed.data(), x.data(), 12, h_before.data(), 96, c_before.data(),
                    gates.data(), c.data(), tanh_c.data(), h.data());
  for (int row = 0; row < kRows;) {
    const int rows = std::min(kRows - row, 1 + row % 5);
    lstm_forward_step(shape, rows, packed.data(), x.data() + row * 12, 12,
                      h_before.data() + row * 96, 96, c_before.data() + row * 96, gates.data(),
                      c.data(), tanh_c.data(), apart.data() + row * 96);
    row += rows;
  }
  EXPECT_EQ(std::memcmp(h.data(), apart.data(), h.size() * sizeof(float)), 0);
}

TEST(LstmStep, TheOrderOfPanelsChangesNothing) {
  RandomStream stream(14, Purpose::parameter_init);
  const LstmShape shape{5, 80};
  constexpr int kRows = 9;
  const Array packed(shape.packed_size(), 0, stream, 0.3), x(kRows * 5, 0, stream);
  const Array h_before(kRows * 80, 0, stream), c_before(kRows * 80, 0, stream);
  const Array blank[4] = {{kRows * 320, 0, stream},
                          {kRows * 80, 0, stream},
                          {kRows * 80, 0, stream},
                          {kRows * 80, 0, stream}};
  std::vector<Array> straight(blank, blank + 4), turned(blank, blank + 4);
  for (const bool backwards : {false, true}) {
    std::vector<Array>& out = backwards ? turned : straight;
    lstm_forward_step(shape, kRows, packed.data(), x.data(), 5, h_before.data(), 80,
                      c_before.data(), out[0].data(), out[1].data(), out[2].data(), out[3].data(),
                      backwards);
  }
  for (size_t i = 0; i < 4; ++i) {
    EXPECT_EQ(std::memcmp(straight[i].data(), turned[i].data(), blank[i].size() * sizeof(float)),
              0);
    EXPECT_NE(std::memcmp(straight[i].data(), blank[i].data(), blank[i].size() * sizeof(float)), 0);
  }
}

TEST(LstmLayout, PackedWeightsHoldEveryWeightOnce) {
  const LstmShape shape{3, 32};
  std::vector<double> weight_ih(128 * 3), weight_hh(128 * 32), bias(128), zero(128, 0.0);
  double next = 1;
  for (auto* values : {&weight_ih, &weight_hh, &bias}) {
    for (double& v : *values) v = next++;
  }
  std::vector<double> packed(shape.packed_size());
  pack_lstm(shape, weight_ih.data(), weight_hh.data(), bias.data(), zero.data(), packed.data());
  std::sort(packed.begin(), packed.end());
  for (size_t i = 0; i < packed.size(); ++i) EXPECT_EQ(packed[i], static_cast<double>(i + 1));
}

TEST(LstmLayout, GradientsGoBackToTheirWeights) {
  const LstmShape shape{2, 16};
  std::vector<double> rows(2 * 64), weight(64 * 2, 100.0);
  for (int k = 0; k < 2; ++k) {
    for (int gate = 0; gate < 4; ++gate) {
      for (int u = 0; u < 16; ++u) {
        rows[static_cast<size_t>(k * 64 + gate_place(gate, u))] = gate * 1000 + u * 10 + k;
      }
    }
  }
  unpack_lstm_gradient(shape, 2, rows.data(), weight.data());
  EXPECT_EQ(weight[(2 * 16 + 7) * 2 + 1], 100 + 2000 + 70 + 1);
  EXPECT_EQ(weight[(0 * 16 + 15) * 2 + 0], 100 + 150);
}

}  // namespace
}  // namespace spanlab
