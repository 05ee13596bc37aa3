// spanlab bars ceiling: what the best possible detector reaches on a simulated market.
#include <fmt/format.h>

#include <cstdint>
#include <numeric>
#include <string>
#include <vector>

#include "cli/commands.h"
#include "spanlab/base/error.h"
#include "spanlab/market/bayes_ceiling.h"
#include "spanlab/market/simulate.h"

namespace spanlab::cli {
namespace {

struct CeilingOptions {
  int64_t bars = 0, from = 0;
  uint64_t seed = 0;
  std::vector<double> strengths = {MarketModel{}.strength};
};

std::vector<int64_t> scored_rows(const CeilingOptions& options) {
  if (options.from >= options.bars) {
    throw Error(fmt::format("no bar from row {}: the market has {}", options.from, options.bars),
                "lower --from or raise --bars");
  }
  std::vector<int64_t> rows(static_cast<size_t>(options.bars - options.from));
  std::iota(rows.begin(), rows.end(), options.from);
  return rows;
}

// Two lines: what the closes tell, and what the bars tell.
std::string rows_of(double strength, const CeilingOptions& options,
                    const std::vector<int64_t>& rows) {
  MarketModel model;
  model.strength = strength;
  const SimulatedMarket market = simulate_market(options.bars, options.seed, model);
  const std::vector<Span> spans = market.spans;
  std::string lines;
  for (const Sight sight : {Sight::closes, Sight::bars}) {
    const std::vector<double> posterior = expansion_posterior(market.bars, model, sight);
    const BayesCeiling c = bayes_ceiling(posterior, spans, rows);
    lines += fmt::format("  {:<10}{:<8}{:>10.4f}{:>9.4f}{:>9.4f}{:>11.4f}{:>9.4f}{:>11.3f}\n",
                         strength, sight == Sight::closes ? "closes" : "bars", c.base_rate,
                         c.average_precision, c.f1, c.precision, c.recall, c.threshold);
  }
  return lines;
}

void print_ceiling(const CeilingOptions& options) {
  const std::vector<int64_t> rows = scored_rows(options);
  std::string table;
  for (const double strength : options.strengths) table += rows_of(strength, options, rows);
  fmt::print("{} bars, seed {}, rows {} to {} scored\n\n", options.bars, options.seed, rows.front(),
             rows.back());
  fmt::print("  {:<10}{:<8}{:>10}{:>9}{:>9}{:>11}{:>9}{:>11}\n", "strength", "from", "base rate",
             "AP", "F1", "precision", "recall", "threshold");
  fmt::print("{}", table);
}

void declare(Options& options, CeilingOptions& values) {
  options.option("--bars", values.bars, IntegerRange{1, 1'000'000'000}, "Number of one-minute bars")
      .required();
  options.option("--seed", values.seed, IntegerRange{0, kNoLimit}, "Seed of the market");
  options.option("--strength", values.strengths, kFinite,
                 "Drifts of the expansions, one or several; see simulate");
  options.option("--from", values.from, IntegerRange{0, kNoLimit},
                 "First row to score; earlier bars are still used as inputs");
}

}  // namespace

Command bars_ceiling_command() {
  return make_command<CeilingOptions>(
      "ceiling", "Metrics of the best possible detector on a market of `simulate`", declare,
      print_ceiling);
}

}  // namespace spanlab::cli
