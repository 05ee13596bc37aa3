// spanlab windows cut | check: windows around spans, and what a windows file holds.
#include <fmt/format.h>

#include <memory>
#include <string>
#include <vector>

#include "cli/commands.h"
#include "cli/load_bars.h"
#include "cli/number_range.h"
#include "cli/output_file.h"
#include "cli/program_name.h"
#include "cli/windows_parts.h"
#include "spanlab/base/error.h"
#include "spanlab/base/text.h"
#include "spanlab/labels/spans.h"
#include "spanlab/windows/check.h"
#include "spanlab/windows/cut.h"
#include "spanlab/windows/join.h"
#include "spanlab/windows/split.h"
#include "spanlab/windows/summary.h"
#include "spanlab/windows/window_file.h"

namespace spanlab::cli {
namespace {

struct CutOptions {
  std::string bars, spans, out;
  CutSettings settings;
};

void cut(const CutOptions& options) {
  require_own_file({"--out", options.out}, {{"--bars", options.bars}, {"--spans", options.spans}});
  const Series series = load_bars(options.bars);
  const std::vector<Span> spans = read_spans(options.spans);
  if (spans.empty()) {
    throw Error(fmt::format("{} has no spans", options.spans),
                fmt::format("label some first; `{} label hindsight` finds spans by a rule",
                            program_name()));
  }
  check_spans(series, spans, options.spans);
  const std::vector<Window> windows = cut_windows(series, spans, options.settings);
  write_windows(options.out, windows);
  const WindowsSummary summary = summarise_windows(windows, options.settings.length);
  const int base = summary.windows - summary.shifted;
  fmt::print("{}: {} of {}, {} and {}\n", options.out, counted(summary.windows, "window"),
             counted(options.settings.length, "bar"), counted(base, "base window"),
             counted(summary.shifted, "overlap"));
  if (!options.settings.count && base < kDefaultBaseWindows) {
    fmt::print("  only {} of {} fit into a window; if more did, {} would be taken\n", base,
               counted(static_cast<int64_t>(spans.size()), "span"), kDefaultBaseWindows);
  }
  fmt::print("  {:.1f} % of their bars are labelled; `{} windows check` tells more\n",
             100.0 * summary.base_rate, program_name());
}

struct CheckOptions {
  std::string bars, windows, spans;
  int length = kWindowLength;
  double validation = 0.2;
  uint64_t seed = 42;
};

void print_line(const char* name, const std::string& text) {
  fmt::print("  {:<16}{}\n", name, text);
}

void print_summary(const WindowsSummary& s, int length, bool has_spans_file) {
  const int labelled = s.consolidations + s.retracements;
  print_line("windows", fmt::format("{} of {}: {}, {}", s.windows, counted(length, "bar"),
                                    counted(s.windows - s.shifted, "base window"),
                                    counted(s.shifted, "overlap")));
  print_line("labelled", fmt::format("{}: {}, {}; {} partly visible", labelled,
                                     counted(s.consolidations, "consolidation"),
                                     counted(s.retracements, "retracement"), s.partly_visible));
  print_line("base rate", fmt::format("{:.1f} % of the bars are inside a labelled expansion",
                                      100.0 * s.base_rate));
  if (has_spans_file) {
    print_line("with all spans", fmt::format("{:.1f} %", 100.0 * s.span_base_rate));
  }
  if (labelled > 0) {
    print_line("mean length", fmt::format("{:.1f} bars", static_cast<double>(s.labelled_bars) /
                                                             static_cast<double>(labelled)));
  }
  print_line("sharing bars", fmt::format("{} with a bar in common with another",
                                         counted(s.sharing_bars, "window")));
  print_line("groups", fmt::format("{} of windows that share bars or a base window, directly "
                                   "or through others",
                                   counted(s.groups, "set")));
}

// What a random split would give away.
void print_leakage(const std::vector<Window>& windows, const CheckOptions& options) {
  const Split split =
      split_windows(windows, options.length, {SplitKind::random, options.validation, options.seed});
  const size_t leaking = leaking_windows(split, windows, options.length).size();
  print_line("random split", fmt::format("{} of {} validation windows share bars or a base window "
                                         "with a training window",
                                         leaking, split.validation.size()));
  if (leaking > 0) {
    fmt::print("\nA score on such windows is too good: split grouped or by time.\n");
  }
}

void check(const CheckOptions& options) {
  const Series series = load_bars(options.bars);
  std::vector<Window> windows = read_windows(options.windows, options.length);
  check_windows(series, windows, options.length, options.windows);
  if (!options.spans.empty()) {
    const std::vector<Span> spans = read_spans(options.spans);
    check_spans(series, spans, options.spans);
    join_spans(windows, spans, options.length);
  }
  fmt::print("{}: all windows fit {}\n", options.windows, options.bars);
  print_summary(summarise_windows(windows, options.length), options.length, !options.spans.empty());
  print_leakage(windows, options);
}

void add_length(CLI::App& command, int& length) {
  command.add_option("--length", length, "Bars in a window")
      ->check(whole_between(1, 1'000'000))
      ->capture_default_str();
}

void add_cut(CLI::App& group) {
  const auto options = std::make_shared<CutOptions>();
  CutSettings& settings = options->settings;
  CLI::App* command = group.add_subcommand("cut", "Cut windows around spans, at random places");
  command->add_option("--bars", options->bars, "Bars: CSV, plain or gzip")->required();
  command->add_option("--spans", options->spans, "Spans: CSV")->required();
  command->add_option("--out", options->out, "File to write the windows to")->required();
  command->add_option("--count", settings.count,
                      fmt::format("Base windows, each around a span of its own; without it as many "
                                  "as fit, at most {}",
                                  kDefaultBaseWindows));
  command->add_option("--overlaps", settings.overlaps, "At most so many shifted windows besides")
      ->capture_default_str();
  command->add_option("--stride", settings.stride, "Bars that these are shifted by, either way")
      ->capture_default_str();
  command
      ->add_option("--min-visible", settings.min_visible,
                   "Smallest part of the span that a shifted window must show")
      ->capture_default_str();
  add_length(*command, settings.length);
  command->add_option("--end-row", settings.end_row,
                      "No window reaches this row: the bars from there on stay for testing");
  command->add_option("--seed", settings.seed, "The same seed gives the same windows")
      ->capture_default_str();
  command->callback([options] { cut(*options); });
}

void add_check(CLI::App& group) {
  const auto options = std::make_shared<CheckOptions>();
  CLI::App* command =
      group.add_subcommand("check", "Check windows against their bars and report what they hold");
  command->add_option("--bars", options->bars, "Bars: CSV, plain or gzip")->required();
  command->add_option("--windows", options->windows, "Windows: CSV")->required();
  command->add_option("--spans", options->spans, "Spans: CSV, further spans of the windows");
  add_length(*command, options->length);
  command
      ->add_option("--validation", options->validation,
                   "Fraction that a random split would validate on")
      ->capture_default_str();
  command->add_option("--seed", options->seed, "Seed of that split")->capture_default_str();
  command->callback([options] { check(*options); });
}

}  // namespace

void add_windows_command(CLI::App& app) {
  CLI::App* group = app.add_subcommand("windows", "Cut windows around spans, check or split them");
  group->require_subcommand(1);
  add_cut(*group);
  add_check(*group);
  add_windows_split(*group);
  add_windows_tile(*group);
}

}  // namespace spanlab::cli
