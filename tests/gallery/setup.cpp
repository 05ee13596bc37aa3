// The healthy set-up.
#include "tests/gallery/setup.h"

#include <utility>

#include "spanlab/lab/experiment.h"
#include "spanlab/market/simulate.h"
#include "spanlab/windows/cut.h"

namespace spanlab::gallery {
namespace {

constexpr int64_t kBars = 32'000, kTestRow = 27'000;
constexpr double kStrength = 2.5;

}  // namespace

Setup healthy_setup(uint64_t seed) {
  MarketModel model;
  model.strength = kStrength;
  SimulatedMarket market = simulate_market(kBars, 100 + seed, model);
  const std::vector<Span> truth = market.spans;
  Setup setup{seed, {}, std::move(market.bars), truth, truth, {}, kTestRow, {}};
  CutSettings cut;
  cut.rows_before = kTestRow - kWindowLength;
  cut.seed = seed;
  setup.windows = cut_windows(setup.bars, setup.truth, cut);
  setup.options.threads = 1;
  set(setup,
      {"split.kind=grouped", "split.seed=" + std::to_string(seed), "model.hidden=32",
       "model.projection=32", "model.input_dropout=0.0", "model.head_dropout=0.2",
       "model.span_start=prior", "balancing.method=initial_loss", "loss.countdown_target=masked",
       "loss.countdown_delta=0.5", "train.epochs=40", "train.learning_rate=0.004",
       "train.schedule=one_cycle", "train.clip_norm=1.0", "train.seed=" + std::to_string(seed),
       "record.uncertainty_every=1", "record.gradients_every=1", "record.diagnostics_every=2",
       "record.checkpoint_every=40"});
  return setup;
}

TrainingData inputs_of(const Setup& setup) {
  Labelled labelled{setup.bars, setup.windows, {}, {}};
  if (!setup.labelled.empty()) labelled.spans = setup.labelled;
  return TrainingData(std::move(labelled));
}

void set(Setup& setup, const std::vector<std::string>& assignments) {
  setup.recipe = patched(setup.recipe, assignments);
}

}  // namespace spanlab::gallery
