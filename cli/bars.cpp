// spanlab bars check | resample | simulate: look at bars, make longer ones, make up a market;
// `ceiling` has a file of its own.
#include <fmt/format.h>

#include <string>

#include "cli/commands.h"
#include "cli/output.h"
#include "cli/shared_options.h"
#include "spanlab/bars/check.h"
#include "spanlab/bars/csv_bars.h"
#include "spanlab/bars/resample.h"
#include "spanlab/bars/timestamps.h"
#include "spanlab/base/error.h"
#include "spanlab/base/text.h"
#include "spanlab/labels/spans.h"
#include "spanlab/market/simulate.h"

namespace spanlab::cli {
namespace {

struct BarsCheckOptions {
  std::string file;
  bool strict = false;
};

// "  17 (2025-01-07 00:18:00), 40, 41, ..."; empty if nothing was found.
std::string rows_text(const BarsFinding& finding, const Bars& series) {
  if (finding.count == 0) return "";
  const int64_t first = finding.first_rows.front();
  std::string text =
      fmt::format("  {} ({})", first, time_text(series.time_ms[static_cast<size_t>(first)]));
  for (size_t k = 1; k < finding.first_rows.size(); ++k) {
    text += fmt::format(", {}", finding.first_rows[k]);
  }
  if (finding.count > static_cast<int64_t>(finding.first_rows.size())) text += ", ...";
  return text;
}

void print_report(const std::string& file, const Bars& series, const BarsReport& report) {
  fmt::print("{}\n", file);
  fmt::print("  bars      {}\n", report.rows);
  fmt::print("  time      {} to {}\n", time_text(report.first_ms), time_text(report.last_ms));
  fmt::print("  bar size  {}\n", report.bar_ms > 0 ? duration_text(report.bar_ms) : "unknown");
  fmt::print("  volume    {}\n\n", series.volume.empty() ? "no" : "yes");
  fmt::print("  {:<25}{:>10}  {}\n", "", "bars", "first rows (row 0 is the first bar)");
  for (int k = 0; k < kBarsChecks; ++k) {
    const auto check = static_cast<BarsCheck>(k);
    const BarsFinding& finding = report.of(check);
    fmt::print("  {:<25}{:>10}{}\n", info_of(check).name, finding.count,
               rows_text(finding, series));
  }
  fmt::print("\n");
  if (report.of(BarsCheck::gap).count > 0) {
    fmt::print("  {} missing in the gaps, the longest gap is {}.\n",
               counted(report.missing_bars, "bar"), duration_text(report.longest_gap_ms));
  }
  fmt::print("  {}. Gaps and flat bars are normal and do not count as faults.\n",
             report.faults() == 0 ? "No faults" : counted(report.faults(), "fault"));
}

void check(const BarsCheckOptions& options) {
  const Bars series = read_bars(options.file, Unusable::keep);
  const BarsReport report = check_bars(series);
  print_report(options.file, series, report);
  if (options.strict && report.faults() > 0) {
    throw Error(fmt::format("{} has {}", options.file, counted(report.faults(), "fault")),
                "the report on stdout names the rows; repair or remove them");
  }
}

struct ResampleOptions {
  std::string file, to, out;
};

void resample_file(const ResampleOptions& options) {
  require_own_file({"--out", options.out}, {{"the bars", options.file}});
  const int64_t to_ms = parse_duration(options.to);
  const Bars series = load_bars(options.file);
  const Resampled result = resample(series, to_ms);
  write_bars(options.out, result.bars);
  fmt::print("{}: {} of {} from {} of {}\n", options.out, counted(result.bars.size(), "bar"),
             duration_text(to_ms), counted(series.size(), "bar"), duration_text(series.bar_ms));
  if (result.dropped_bars > 0) {
    fmt::print("dropped {} outside the complete bars of {}\n", counted(result.dropped_bars, "bar"),
               duration_text(to_ms));
  }
}

struct SimulateOptions {
  int64_t bars = 0;
  uint64_t seed = 0;
  double strength = MarketModel{}.strength;
  std::string out, spans;
};

void simulate(const SimulateOptions& options) {
  require_own_file({"--out", options.out}, {{"--spans", options.spans}});
  MarketModel model;
  model.strength = options.strength;
  const SimulatedMarket market = simulate_market(options.bars, options.seed, model);
  const std::vector<Span> spans = market.spans;
  int64_t inside = 0, retracements = 0;
  for (const Span& span : spans) {
    inside += span.rows().size();
    retracements += span.type == SpanType::retracement;
  }
  write_bars(options.out, market.bars);
  write_spans(options.spans, spans);
  fmt::print("{}: {} bars of {}, seed {}\n", options.out, market.bars.size(),
             duration_text(model.bar_ms), options.seed);
  fmt::print("{}: {} expansions ({} consolidations, {} retracements), {:.1f} % of the bars\n",
             options.spans, spans.size(), static_cast<int64_t>(spans.size()) - retracements,
             retracements,
             100.0 * static_cast<double>(inside) / static_cast<double>(market.bars.size()));
}

void declare_bars_check(Options& options, BarsCheckOptions& values) {
  options.positional("file", values.file, "Bars: CSV, plain or gzip").required();
  options.flag("--strict", values.strict,
               "Exit with status 1 if there are faults (anything but gaps and flat bars)");
}

void declare_resample(Options& options, ResampleOptions& values) {
  options.positional("file", values.file, "Bars: CSV, plain or gzip").required();
  options.option("--to", values.to, "Size of the longer bars, for example 5m, 1h, 1d").required();
  options.option("--out", values.out, "File to write the longer bars to").required();
}

void declare_simulate(Options& options, SimulateOptions& values) {
  options.option("--bars", values.bars, kAnyInteger, "Number of one-minute bars").required();
  options.option("--seed", values.seed, IntegerRange{0, kNoLimit},
                 "The same seed gives the same market");
  options.option("--strength", values.strength, kFinite,
                 "Drift of an expansion, in standard deviations per bar: 1 is hard, 3 is easy");
  options.option("--out", values.out, "File to write the bars to").required();
  options.option("--spans", values.spans, "File to write the true spans to").required();
}

}  // namespace

Command bars_check_command() {
  return make_command<BarsCheckOptions>(
      "check", "Report gaps and faults in a file of bars, without changing it", declare_bars_check,
      check);
}

Command bars_resample_command() {
  return make_command<ResampleOptions>("resample",
                                       "Resample bars to a larger bar size, never across a gap",
                                       declare_resample, resample_file);
}

Command bars_simulate_command() {
  return make_command<SimulateOptions>("simulate", "Simulate a market with known expansions",
                                       declare_simulate, simulate);
}

}  // namespace spanlab::cli
