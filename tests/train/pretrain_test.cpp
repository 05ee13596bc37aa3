// Masked pre-training: its gradient, masks, windows, buffer, and that it learns.
#include "spanlab/train/pretrain.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "spanlab/loss/huber.h"
#include "spanlab/market/simulate.h"
#include "spanlab/model/reconstruction.h"
#include "spanlab/train/masked_batch.h"
#include "spanlab/train/window_buffer.h"
#include "spanlab/train/window_source.h"
#include "spanlab/windows/window_inputs.h"
#include "tests/expect_error.h"

namespace spanlab {
namespace {

std::vector<uint8_t> mask_of(const MaskConfig& config, int bars, uint32_t index) {
  std::vector<uint8_t> masked(static_cast<size_t>(bars), 7);
  mask_bars(config, bars, RandomStream(3, Purpose::bar_mask, 1, index), masked.data());
  return masked;
}

int64_t masked_bars(const std::vector<uint8_t>& mask) {
  return std::accumulate(mask.begin(), mask.end(), int64_t{0});
}

/// Masked bars that follow a masked one, per masked bar.
double runs_on(const std::vector<uint8_t>& mask) {
  int64_t follows = 0;
  for (size_t t = 1; t < mask.size(); ++t) follows += mask[t] & mask[t - 1];
  return static_cast<double>(follows) / static_cast<double>(masked_bars(mask));
}

TEST(MaskBars, TheShareIsExactAndSpreadsOverItsRange) {
  EXPECT_EQ(masked_bars(mask_of({MaskKind::random, 0.25, 0.25}, 80, 1)), 20);
  EXPECT_EQ(masked_bars(mask_of({MaskKind::patch, 0.25, 0.25, 8}, 80, 1)), 20);
  int64_t least = 1000, most = 0;
  for (uint32_t i = 0; i < 300; ++i) {
    const int64_t count = masked_bars(mask_of({MaskKind::patch, 0.1, 0.4, 8}, 100, i));
    least = std::min(least, count);
    most = std::max(most, count);
  }
  EXPECT_GE(least, 10);
  EXPECT_LE(least, 12);
  EXPECT_LE(most, 40);
  EXPECT_GE(most, 38);
}

TEST(MaskBars, SomeBarIsMaskedAndSomeIsOpen) {
  for (uint32_t i = 0; i < 50; ++i) {
    EXPECT_EQ(masked_bars(mask_of({MaskKind::patch, 0.001, 0.001, 8}, 20, i)), 1);
    EXPECT_EQ(masked_bars(mask_of({MaskKind::random, 1, 1}, 20, i)), 19);
  }
}

TEST(MaskBars, PatchesAreRunsAndRandomBarsAreNot) {
  double patch = 0, random = 0;
  for (uint32_t i = 0; i < 200; ++i) {
    patch += runs_on(mask_of({MaskKind::patch, 0.25, 0.25, 8}, 105, i)) / 200;
    random += runs_on(mask_of({MaskKind::random, 0.25, 0.25}, 105, i)) / 200;
  }
  EXPECT_NEAR(random, 0.25, 0.03);  // the share itself
  EXPECT_GT(patch, 0.8);            // 7 of 8 in a whole patch
}

TEST(MaskBars, EveryBarIsMaskedAboutAsOften) {
  std::vector<int> count(40);
  for (uint32_t i = 0; i < 2000; ++i) {
    const auto mask = mask_of({MaskKind::random, 0.25, 0.25}, 40, i);
    for (size_t t = 0; t < 40; ++t) count[t] += mask[t];
  }
  for (const int c : count) EXPECT_NEAR(c, 500, 100);  // five standard deviations
}

TEST(MaskBars, IsAFunctionOfItsKey) {
  EXPECT_EQ(mask_of({}, 105, 4), mask_of({}, 105, 4));
  EXPECT_NE(mask_of({}, 105, 4), mask_of({}, 105, 5));
}

TEST(Reconstruction, TheGradientIsThatOfTheLoss) {
  ThreadPool pool(2);
  Reconstruction<double> model({5, 3, 16, 2});
  std::vector<double> block(model.table().size()), gradient(block.size());
  model.table().initialise(7, block.data());
  constexpr int kBatch = 2, kRows = 5 * kBatch;
  std::vector<double> x(kRows * 3), target(x.size()), slope(x.size());
  RandomStream random(1, Purpose::market);
  for (double& v : x) v = random.normal();
  for (double& v : target) v = random.normal();
  const std::vector<uint8_t> masked{1, 0, 0, 1, 1, 0, 0, 0, 1, 0};
  const auto loss = [&] {
    model.prepare(pool, block.data());
    const auto& answer = model.forward(pool, block.data(), kBatch, x.data(), true);
    return huber(kRows, 3, answer.data(), target.data(), masked.data(),
                 std::numeric_limits<double>::infinity(), slope.data());
  };
  loss();
  model.backward(pool, block.data(), x.data(), slope.data(), gradient.data());
  double largest = 0;
  for (const double g : gradient) largest = std::max(largest, std::abs(g));
  EXPECT_GT(largest, 1e-3);
  constexpr double kStep = 1e-5;
  for (const Parameter& p : model.table().entries()) {
    for (size_t i = p.offset; i < p.offset + p.size; i += std::max<size_t>(1, p.size / 7)) {
      const double before = block[i];
      block[i] = before + kStep;
      const double above = loss();
      block[i] = before - kStep;
      const double below = loss();
      block[i] = before;
      EXPECT_NEAR(gradient[i], (above - below) / (2 * kStep), 2e-8 * largest + 1e-9) << p.name;
    }
  }
}

TEST(MaskedBatch, HidesScalesAndComparesMaskedBarsAlone) {
  // One window of four bars, one feature: mean 10, deviation 2.
  const std::vector<float> window{8, 10, 12, 16};
  const WindowSurvey survey{1, {10}, {2}};
  const MaskedBatch batch =
      make_masked_batch(window, 4, survey, {MaskKind::random, 0.5, 0.5}, {1, 1, 0});
  EXPECT_EQ(batch.target, (std::vector<float>{-1, 0, 1, 3}));
  double squares = 0;
  for (size_t t = 0; t < 4; ++t) {
    EXPECT_EQ(batch.input[t], batch.masked[t] != 0 ? 0 : window[t]);
    const auto target = static_cast<double>(batch.target[t]);
    squares += batch.masked[t] != 0 ? target * target / 2 : 0;
  }
  const std::vector<float> mean(4);
  EXPECT_DOUBLE_EQ(masked_error(batch, mean.data(), nullptr), squares);
  EXPECT_EQ(masked_error(batch, batch.target.data(), nullptr), 0);
}

TEST(MaskedBatch, TheNearestBarIsTheEarlierOfTwo) {
  MaskedBatch batch{1, 6, 1, {}, {0, 1, 2, 3, 4, 5}, {1, 0, 1, 0, 1, 1}};
  EXPECT_EQ(nearest_bars(batch), (std::vector<float>{1, 1, 1, 3, 3, 3}));
  batch.masked = {1, 1, 1, 1, 0, 1};
  EXPECT_EQ(nearest_bars(batch), (std::vector<float>{4, 4, 4, 4, 4, 4}));
}

TEST(WindowBuffer, HandsOutEveryWindowOnceInAnotherOrder) {
  WindowBuffer buffer(10, 2, RandomStream(1, Purpose::window_buffer));
  std::vector<float> seen;
  size_t most = 0;
  for (int i = 0; i < 100; ++i) {
    float window[2] = {static_cast<float>(i), static_cast<float>(-i)};
    if (buffer.exchange(window)) {
      EXPECT_EQ(window[0], -window[1]);
      seen.push_back(window[0]);
    }
    most = std::max(most, buffer.size());
  }
  EXPECT_EQ(most, 10u);
  for (float window[2]; buffer.take(window);) seen.push_back(window[0]);
  EXPECT_FALSE(std::is_sorted(seen.begin(), seen.end()));
  std::sort(seen.begin(), seen.end());
  ASSERT_EQ(seen.size(), 100u);
  for (int i = 0; i < 100; ++i) EXPECT_EQ(seen[static_cast<size_t>(i)], static_cast<float>(i));
}

/// Bars of the simulated market, with a gap after row 699.
struct Market {
  Bars series;

  explicit Market(int64_t count, uint64_t seed = 5) : series(simulate_market(count, seed).bars) {
    for (size_t i = 700; i < series.time_ms.size(); ++i) series.time_ms[i] += 3'600'000;
  }

  PretrainConfig config() const {
    PretrainConfig config;
    config.data.window = 40;
    config.data.features = {"return_1", "return_5", "true_range", "volatility_10"};
    config.data.feature_mode = FeatureMode::continuous;
    config.model.hidden = 16;
    config.epochs = 2;
    return config;
  }
};

TEST(WindowSource, GivesWhatTheSeriesInMemoryGives) {
  const Market market(1500);
  const std::vector<int> features{0, 5, kPositionFeature, 15, 30};
  for (const FeatureMode mode : {FeatureMode::continuous, FeatureMode::per_window}) {
    const WindowPass pass{market.series, 1400, {features, mode, 40, 16}};
    std::vector<int64_t> rows;
    for (const auto& [first, end] : {std::pair<int64_t, int64_t>{0, 700}, {700, 1400}}) {
      for (int64_t row = first; row + 40 <= end; row += 16) rows.push_back(row);
    }
    std::vector<Window> windows;
    for (const int64_t row : rows) windows.push_back({"", "", 0, row, 1, {}});
    const std::vector<float> in_memory =
        window_inputs(market.series, windows, {features, mode, 40}, false);
    WindowSource source(pass);
    std::vector<float> streamed(40 * features.size());
    size_t taken = 0;
    for (; source.next(streamed.data()); ++taken) {
      ASSERT_LT(taken, windows.size());
      for (size_t k = 0; k < streamed.size(); ++k) {
        ASSERT_EQ(streamed[k], in_memory[taken * streamed.size() + k]) << taken << " " << k;
      }
    }
    EXPECT_EQ(taken, windows.size());
  }
}

TEST(WindowSource, TheSurveyCountsAllAndScalesTheFirst) {
  const Market market(1500);
  const WindowPass pass{market.series, 1500, {{13}, FeatureMode::continuous, 40, 40}};
  const WindowSurvey survey = survey_windows(pass, 3);
  EXPECT_EQ(survey.windows, 700 / 40 + 800 / 40);
  std::vector<float> window(40);
  WindowSource source(pass);
  double sum = 0, squares = 0;
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(source.next(window.data()));
    for (const float v : window) {
      sum += static_cast<double>(v);
      squares += static_cast<double>(v) * static_cast<double>(v);
    }
  }
  EXPECT_NEAR(survey.mean[0], sum / 120, 1e-9);
  EXPECT_NEAR(survey.deviation[0], std::sqrt(squares / 120 - sum / 120 * sum / 120), 1e-9);
}

TEST(Pretrain, BeatsTheMeanOnBarsThatItHasNotSeen) {
  const Market market(6000);
  PretrainConfig config = market.config();
  config.epochs = 12;
  config.learning_rate = 0.01;
  const auto result = pretrain(config, market.series, {.threads = 1});
  const PretrainErrors& e = result.errors;
  EXPECT_GT(e.start, 0.8 * e.constant);
  EXPECT_LT(e.end, 0.8 * e.constant);
  EXPECT_LT(e.end, e.copying);
  EXPECT_NEAR(e.constant, 1, 0.5);
}

TEST(Pretrain, IsTheSameForAnyNumberOfThreadsAndOtherForAnotherSeed) {
  const Market market(1500);
  PretrainConfig config = market.config();
  const auto one = pretrain(config, market.series, {.threads = 1});
  const auto three = pretrain(config, market.series, {.threads = 3});
  config.seed = 1;
  const auto other = pretrain(config, market.series, {.threads = 1});
  EXPECT_EQ(one.encoder.bytes, three.encoder.bytes);
  EXPECT_EQ(one.errors.end, three.errors.end);
  EXPECT_NE(one.encoder.bytes, other.encoder.bytes);
}

TEST(Pretrain, BarsFromTheEndRowOnChangeNothing) {
  Market market(1500);
  PretrainConfig config = market.config();
  config.rows_before = 1200;
  const auto before = pretrain(config, market.series, {.threads = 1});
  for (size_t i = 1200; i < 1500; ++i) market.series.close[i] = market.series.high[i];
  const auto after = pretrain(config, market.series, {.threads = 1});
  EXPECT_EQ(before.encoder.bytes, after.encoder.bytes);
  EXPECT_EQ(before.errors.end, after.errors.end);
}

TEST(Pretrain, KeepsNoMoreWindowsHoweverManyBarsThereAre) {
  for (const int64_t bars : {3000, 30'000}) {
    const Market market(bars);
    PretrainConfig config = market.config();
    config.buffer = 50;
    config.epochs = 1;
    config.steps = 1'000'000'000;
    std::stop_source stop;
    Job stopped{.threads = 1, .stop = stop.get_token()};
    stopped.on_progress = [&](const Progress& p) {
      if (p.step == 3) stop.request_stop();
    };
    EXPECT_THROW(pretrain(config, market.series, stopped), Stopped);
    config.steps = 8;
    config.batch = 64;
    const auto result = pretrain(config, market.series, {.threads = 1});
    EXPECT_EQ(result.most_kept, 50);
    EXPECT_EQ(result.steps, 8);
    EXPECT_GT(result.windows, bars / 16 * 8 / 10);
  }
}

TEST(Pretrain, RefusesWhatItCannotLearnFrom) {
  const Market market(60);
  PretrainConfig config = market.config();
  expect_error([&] { pretrain(config, market.series, {.threads = 1}); }, {"too few bars"});
  config.data.features.clear();
  expect_error([&] { pretrain(config, market.series, {.threads = 1}); },
               {"data.features is empty"});
}

}  // namespace
}  // namespace spanlab
