// spanlab windows cut and check: windows around spans, and what a windows file contains.
#include <fmt/format.h>

#include <string>
#include <vector>

#include "cli/commands.h"
#include "cli/exit_status.h"
#include "cli/output.h"
#include "cli/shared_options.h"
#include "spanlab/base/error.h"
#include "spanlab/base/text.h"
#include "spanlab/labels/spans.h"
#include "spanlab/windows/check.h"
#include "spanlab/windows/cut.h"
#include "spanlab/windows/labelled.h"
#include "spanlab/windows/split.h"
#include "spanlab/windows/window.h"

namespace spanlab::cli {
namespace {

struct CutOptions {
  std::string bars, spans, out;
  CutSettings settings;
};

void cut(const CutOptions& options) {
  require_own_file({"--out", options.out}, {{"--bars", options.bars}, {"--spans", options.spans}});
  const Bars series = load_bars(options.bars);
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
    fmt::print("  {} of {} fit into a window; with more spans, {} windows would be cut\n", base,
               counted(static_cast<int64_t>(spans.size()), "span"), kDefaultBaseWindows);
  }
  fmt::print("  {:.1f} % of their bars are labelled; `{} windows check` reports more\n",
             100.0 * summary.base_rate, program_name());
}

struct WindowsCheckOptions {
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
void print_leakage(const std::vector<Window>& windows, const WindowsCheckOptions& options) {
  const Split split =
      split_windows(windows, options.length, {SplitKind::random, options.validation, options.seed});
  const size_t leaking = leaking_windows(split, windows, options.length).size();
  print_line("random split", fmt::format("{} of {} validation windows share bars or a base window "
                                         "with a training window",
                                         leaking, split.validation.size()));
  if (leaking > 0) {
    fmt::print("\nScores on such windows are too good: split by group or by time.\n");
  }
}

void check(const WindowsCheckOptions& options) {
  const Labelled labelled =
      load_labelled({options.bars, options.windows, options.spans}, options.length);
  const std::vector<Window> windows = complete_windows(labelled, options.length);
  fmt::print("{}: all windows fit {}\n", options.windows, options.bars);
  print_summary(summarise_windows(windows, options.length), options.length, !options.spans.empty());
  print_leakage(windows, options);
}

void declare_cut(Options& options, CutOptions& values) {
  options.option("--bars", values.bars, "Bars: CSV, plain or gzip").required();
  options.option("--spans", values.spans, "Spans: CSV").required();
  options.option("--out", values.out, "File to write the windows to").required();
  options.settings(settings_of(values.settings));
}

void declare_windows_check(Options& options, WindowsCheckOptions& values) {
  options.option("--bars", values.bars, "Bars: CSV, plain or gzip").required();

  options.option("--windows", values.windows, "Windows: CSV").required();
  options.option("--spans", values.spans, "Spans: CSV, further spans of the windows");
  add_length_option(options, values.length);
  options.option("--validation", values.validation, kFinite,
                 "Validation fraction of the random split to examine");
  options.option("--seed", values.seed, IntegerRange{0, kNoLimit}, "Seed of that split");
}

}  // namespace

Command windows_cut_command() {
  return make_command<CutOptions>("cut", "Cut windows around spans, at random positions",
                                  declare_cut, cut);
}

Command windows_check_command() {
  return make_command<WindowsCheckOptions>(
      "check", "Check windows against their bars and report what they contain",
      declare_windows_check, check);
}

}  // namespace spanlab::cli
