// The probe: it is the optimum, finds what is there, and nothing where nothing is.
#include "spanlab/metrics/probe.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "spanlab/base/random.h"
#include "tests/expect_error.h"

namespace spanlab {
namespace {

struct Data {
  int windows, length, width;
  std::vector<float> values, mask;
  ProbeInput input() const { return {windows, length, width, values}; }
};

// Normal inputs; labels by the logistic model w . x_t + b.
Data logistic_data(int windows, int length, const std::vector<double>& w, double b, uint64_t seed) {
  RandomStream random(seed, Purpose::market);
  Data data{windows, length, static_cast<int>(w.size()), {}, {}};
  for (int bar = 0; bar < windows * length; ++bar) {
    double z = b;
    for (const double weight : w) {
      const double x = random.normal();
      data.values.push_back(static_cast<float>(x));
      z += weight * x;
    }
    data.mask.push_back(random.uniform() < 1 / (1 + std::exp(-z)) ? 1.0f : 0.0f);
  }
  return data;
}

TEST(Probe, RecoversTheModelThatMadeTheLabels) {
  const Data data = logistic_data(200, 100, {1.0, -0.5, 0.0}, -2.0, 1);
  const LogisticProbe probe(data.input(), data.mask, {.sizes = false, .context = 1, .l2 = 1e-3});
  ASSERT_EQ(probe.kept(), 3);
  ASSERT_EQ(probe.weights().size(), 9u);
  // Standard errors are about 1 / sqrt(20000 p (1 - p)) = 0.02.
  EXPECT_NEAR(probe.intercept(), -2.0, 0.08);
  const double expected[] = {0, 0, 0, 1.0, -0.5, 0, 0, 0, 0};
  for (size_t i = 0; i < 9; ++i) EXPECT_NEAR(probe.weights()[i], expected[i], 0.08) << i;
}

// Sum of log losses and penalty, and its slope along each weight by central differences, written
// down once more in the plainest way.
TEST(Probe, SlopesVanishAtTheFit) {
  const Data data = logistic_data(3, 20, {1.0, -1.0}, -1.0, 2);
  const int context = 1;
  const double l2 = 2.0;
  const LogisticProbe probe(data.input(), data.mask,
                            {.sizes = false, .context = context, .l2 = l2});
  double mean[2] = {}, square[2] = {};
  for (size_t i = 0; i < 60; ++i) {
    for (size_t d = 0; d < 2; ++d) {
      const double x = data.values[2 * i + d];
      mean[d] += x / 60;
      square[d] += x * x / 60;
    }
  }
  std::vector<double> w(probe.weights().begin(), probe.weights().end());
  w.push_back(probe.intercept());
  const auto loss = [&](const std::vector<double>& v) {
    double sum = 0;
    for (size_t i = 0; i + 1 < v.size(); ++i) sum += 0.5 * l2 * v[i] * v[i];
    for (int n = 0; n < 3; ++n) {
      for (int t = 0; t < 20; ++t) {
        double z = v.back();
        for (int o = -1; o <= 1; ++o) {
          const int bar = n * 20 + std::min(std::max(t + o, 0), 19);
          for (size_t d = 0; d < 2; ++d) {
            const double sd = std::sqrt(square[d] - mean[d] * mean[d]);
            const double x = data.values[static_cast<size_t>(bar) * 2 + d];
            z += v[static_cast<size_t>(o + 1) * 2 + d] * (x - mean[d]) / sd;
          }
        }
        const float y = data.mask[static_cast<size_t>(n * 20 + t)];
        sum += std::log1p(std::exp(z)) - y * z;
      }
    }
    return sum;
  };
  for (size_t i = 0; i < w.size(); ++i) {
    std::vector<double> up = w, down = w;
    up[i] += 1e-4;
    down[i] -= 1e-4;
    EXPECT_NEAR((loss(up) - loss(down)) / 2e-4, 0.0, 2e-4) << i;
  }
  const std::vector<float> scores = probe.scores(data.input());
  double sum = 0, labels = 0;
  for (size_t i = 0; i < 60; ++i) {
    sum += scores[i];
    labels += data.mask[i];
  }
  EXPECT_NEAR(sum, labels, 1e-3);  // the free intercept: mean score = base rate
}

TEST(Probe, SizesSeeMovesOfEitherDirection) {
  // Labelled where |x| > 1.5: no straight line through x tells it.
  RandomStream random(7, Purpose::market);
  Data data{20, 50, 1, {}, {}};
  for (int i = 0; i < 1000; ++i) data.values.push_back(static_cast<float>(random.normal()));
  for (const float x : data.values) data.mask.push_back(std::abs(x) > 1.5f ? 1.0f : 0.0f);
  const auto log_loss = [&](bool sizes) {
    const LogisticProbe probe(data.input(), data.mask, {.sizes = sizes, .context = 0, .l2 = 0.1});
    const std::vector<float> scores = probe.scores(data.input());
    double sum = 0;
    for (size_t i = 0; i < 1000; ++i) sum -= std::log(data.mask[i] > 0 ? scores[i] : 1 - scores[i]);
    return sum / 1000;
  };
  EXPECT_GT(log_loss(false), 0.35);  // the base rate's entropy, 0.13 of bars, is 0.39
  EXPECT_LT(log_loss(true), 0.1);
}

TEST(Probe, ContextSeesNeighboursWithinTheWindowOnly) {
  // The label is the sign of the input two bars later: context 2 finds it, context 1 cannot.
  RandomStream random(3, Purpose::market);
  Data data{50, 40, 1, {}, {}};
  for (int i = 0; i < 2000; ++i) data.values.push_back(static_cast<float>(random.normal()));
  for (size_t i = 0; i < 2000; ++i) {
    data.mask.push_back(i % 40 < 38 && data.values[i + 2] > 0 ? 1.0f : 0.0f);
  }
  const auto right = [&](int context) {
    const LogisticProbe probe(data.input(), data.mask, {.context = context, .l2 = 0.1});
    const std::vector<float> scores = probe.scores(data.input());
    int count = 0;
    for (size_t i = 0; i < 2000; ++i) count += (scores[i] > 0.5f) == (data.mask[i] > 0.5f);
    return count / 2000.0;
  };
  EXPECT_GT(right(2), 0.9);  // the last two bars of a window see too little
  EXPECT_LT(right(1), 0.65);

  // A window's scores do not depend on the other windows.
  const LogisticProbe probe(data.input(), data.mask);
  const std::vector<float> all = probe.scores(data.input());
  const std::vector<float> second =
      probe.scores({1, 40, 1, std::span<const float>(data.values).subspan(40, 40)});
  EXPECT_EQ(second, std::vector<float>(all.begin() + 40, all.begin() + 80));
}

TEST(Probe, DropsConstantInputsAndScalesDoNotMatter) {
  Data data = logistic_data(20, 30, {1.5}, -1.0, 4);
  const LogisticProbe plain(data.input(), data.mask);
  Data wide{20, 30, 3, {}, data.mask};
  for (const float x : data.values) {
    wide.values.insert(wide.values.end(), {0.1f, 1024.0f * x, 7.0f});
  }
  const LogisticProbe probe(wide.input(), wide.mask);
  EXPECT_EQ(probe.kept(), 1);
  const std::vector<float> a = plain.scores(data.input()), b = probe.scores(wide.input());
  for (size_t i = 0; i < a.size(); ++i) ASSERT_NEAR(a[i], b[i], 1e-6);
  EXPECT_EQ(LogisticProbe(wide.input(), wide.mask).scores(wide.input()), b);  // the same bits
}

TEST(Probe, OneSidedLabelsAndSeparableOnesStayFinite) {
  Data data = logistic_data(4, 25, {1.0}, 0.0, 5);
  const std::vector<float> none(100, 0.0f), every(100, 1.0f);
  const LogisticProbe low(data.input(), none), high(data.input(), every);
  for (const float p : low.scores(data.input())) EXPECT_FLOAT_EQ(p, 0.5f / 101);
  for (const float p : high.scores(data.input())) EXPECT_FLOAT_EQ(p, 100.5f / 101);

  std::vector<float> sign;
  for (const float x : data.values) sign.push_back(x > 0 ? 1.0f : 0.0f);
  const LogisticProbe separable(data.input(), sign, {.sizes = false, .context = 0, .l2 = 1e-6});
  EXPECT_TRUE(std::isfinite(separable.intercept()));
  EXPECT_TRUE(std::isfinite(separable.weights()[0]));
  const std::vector<float> scores = separable.scores(data.input());
  for (size_t i = 0; i < 100; ++i) EXPECT_EQ(scores[i] > 0.5f, sign[i] > 0.5f);
}

TEST(Probe, BadInputIsNamed) {
  Data data = logistic_data(2, 10, {1.0, 1.0}, 0.0, 6);
  expect_error([&] { LogisticProbe({2, 10, 3, data.values}, data.mask); }, {"40 input values"});
  expect_error([&] { LogisticProbe({2, 10, 0, {}}, data.mask); }, {"0 inputs"});
  expect_error([&] { LogisticProbe({0, 10, 2, {}}, {}); }, {"no bar"});
  expect_error([&] { LogisticProbe(data.input(), std::span<const float>(data.mask).first(19)); },
               {"19 mask values"});
  expect_error([&] { LogisticProbe(data.input(), data.mask, {.context = -1}); }, {"context -1"});
  expect_error([&] { LogisticProbe(data.input(), data.mask, {.l2 = 0.0}); }, {"l2 0"});
  const LogisticProbe probe(data.input(), data.mask);
  expect_error([&] { probe.scores({4, 10, 1, data.values}); }, {"2 inputs a bar"});
  data.values[7] = std::numeric_limits<float>::quiet_NaN();
  expect_error([&] { LogisticProbe(data.input(), data.mask); }, {"input 1 of bar 3"});
}

}  // namespace
}  // namespace spanlab
