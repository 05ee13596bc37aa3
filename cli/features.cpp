// spanlab features: the features of bars or windows as a table, or explained.
#include <fmt/format.h>

#include <string>
#include <utility>

#include "cli/commands.h"
#include "cli/exit_status.h"
#include "cli/output.h"
#include "cli/shared_options.h"
#include "spanlab/base/text.h"
#include "spanlab/facade/features.h"

namespace spanlab::cli {
namespace {

constexpr const char* kPerWindow = "per_window";
constexpr const char* kContinuous = "continuous";

struct FeaturesOptions {
  std::string bars, windows, out;
  std::string mode;  // empty: per_window if there are windows
  int length = kWindowLength;
  bool explain = false;
};

// One row a bar.
void write_pass(const FeaturesOptions& options) {
  const Bars series = load_bars(options.bars);
  const int features = write_features(options.out, series, options.length);
  fmt::print("{}: {} features of {}\n", options.out, features, counted(series.size(), "bar"));
}

// One row a bar of a window.
void write_of_windows(const FeaturesOptions& options) {
  const FeatureMode mode =
      options.mode == kContinuous ? FeatureMode::continuous : FeatureMode::per_window;
  const Labelled labelled = load_labelled({options.bars, options.windows}, options.length);
  write_window_features(options.out, labelled, options.length, mode);
  fmt::print("{}: {} features of {} of {}\n", options.out, kFeatureCount,
             counted(static_cast<int64_t>(labelled.windows.size()), "window"),
             counted(options.length, "bar"));
}

void features(const FeaturesOptions& options) {
  if (options.explain) return print_document(features_explained());
  for (const auto& [option, value] :
       {std::pair("--bars", &options.bars), {"--out", &options.out}}) {
    if (value->empty()) {
      throw UsageError(fmt::format("{} is missing", option),
                       fmt::format("{} features --bars bars.csv --out features.csv, or --explain",
                                   program_name()));
    }
  }
  if (options.windows.empty() && options.mode == kPerWindow) {
    throw UsageError("--mode per_window needs --windows",
                     "give the windows file, or use --mode continuous");
  }
  require_own_file({"--out", options.out},
                   {{"--bars", options.bars}, {"--windows", options.windows}});
  if (options.windows.empty()) {
    write_pass(options);
  } else {
    write_of_windows(options);
  }
}

void declare(Options& options, FeaturesOptions& values) {
  options.option("--bars", values.bars, "Bars: CSV, plain or gzip");
  options.option("--windows", values.windows, "Windows: CSV; without it, features of all bars");
  options.option("--out", values.out, "File to write the features to");
  options
      .option("--mode", values.mode,
              "per_window: from the bars of each window alone (default with --windows); "
              "continuous: over the whole series, restarting after each gap")
      .one_of({kPerWindow, kContinuous});
  add_length_option(options, values.length);
  options.flag("--explain", values.explain,
               "Print what each feature and its family measure; write nothing");
}

}  // namespace

Command features_command() {
  return make_command<FeaturesOptions>(
      "features", "Write the features of bars or windows, or explain them", declare, features);
}

}  // namespace spanlab::cli
