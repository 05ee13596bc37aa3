// spanlab bars ceiling: what the best possible detector reaches on a simulated market.
#include <fmt/format.h>

#include <cstdint>
#include <memory>
#include <numeric>
#include <string>
#include <vector>

#include "cli/bars_parts.h"
#include "cli/number_range.h"
#include "spanlab/bars/simulate.h"
#include "spanlab/base/error.h"
#include "spanlab/labels/true_spans.h"
#include "spanlab/measure/bayes_ceiling.h"
#include "spanlab/measure/market_posterior.h"

namespace spanlab::cli {
namespace {

struct CeilingOptions {
  int64_t bars = 0, from = 0;
  uint64_t seed = 0;
  std::vector<double> strengths = {MarketModel{}.strength};
};

std::vector<int64_t> scored_rows(const CeilingOptions& options) {
  if (options.from >= options.bars) {
    throw Error(fmt::format("no bar from row {} on: the market has {}", options.from, options.bars),
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
  const std::vector<Span> spans = true_spans(market);
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

}  // namespace

void add_bars_ceiling(CLI::App& bars) {
  const auto options = std::make_shared<CeilingOptions>();
  CLI::App* command = bars.add_subcommand(
      "ceiling", "What the best possible detector reaches on the market that simulate makes");
  command->add_option("--bars", options->bars, "Number of one-minute bars")
      ->check(whole_between(1, 1'000'000'000))
      ->required();
  command->add_option("--seed", options->seed, "That of the market")->capture_default_str();
  command->add_option("--strength", options->strengths, "One or several; see simulate")
      ->capture_default_str();
  command->add_option("--from", options->from, "First row to score; all bars are looked at")
      ->check(whole_from(0))
      ->capture_default_str();
  command->callback([options] { print_ceiling(*options); });
}

}  // namespace spanlab::cli
