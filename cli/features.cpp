// spanlab features: the features of bars, or of windows, as a table.
#include <fmt/format.h>

#include <memory>
#include <string>
#include <vector>

#include "cli/commands.h"
#include "cli/exit_status.h"
#include "cli/load_bars.h"
#include "cli/output_file.h"
#include "spanlab/base/csv.h"
#include "spanlab/base/file.h"
#include "spanlab/base/text.h"
#include "spanlab/features/pipeline.h"
#include "spanlab/windows/check.h"
#include "spanlab/windows/window_features.h"
#include "spanlab/windows/window_file.h"

namespace spanlab::cli {
namespace {

constexpr const char* kPerWindow = "per_window";
constexpr const char* kContinuous = "continuous";
constexpr int kPosition = kFeatureCount - 1;  // has no meaning outside a window

struct FeaturesOptions {
  std::string bars, windows, out;
  std::string mode;  // empty: per_window if there are windows
  int length = kWindowLength;
};

CsvText table_of(std::vector<std::string> columns, int features) {
  for (const FeatureInfo& feature : feature_table().first(static_cast<size_t>(features))) {
    columns.emplace_back(feature.name);
  }
  return CsvText(columns);
}

// One row a bar. The features go from the stream straight to the text: no second table in memory.
void write_pass(const Series& series, const FeaturesOptions& options) {
  CsvText csv = table_of({"row"}, kPosition);
  FeatureStream stream(options.length);
  float values[kFeatureCount];
  for (int64_t row = 0; row < series.size(); ++row) {
    stream.push(series.bar(row), values);
    csv.cell(row);
    for (int k = 0; k < kPosition; ++k) csv.cell(values[k]);
    csv.end_row();
  }
  write_file_atomically(options.out, csv.text());
  fmt::print("{}: {} features of {}\n", options.out, kPosition, counted(series.size(), "bar"));
}

// One row a bar of a window.
void write_windows_features(const Series& series, const FeaturesOptions& options) {
  const FeatureMode mode =
      options.mode == kContinuous ? FeatureMode::continuous : FeatureMode::per_window;
  const std::vector<Window> windows = read_windows(options.windows, options.length);
  check_windows(series, windows, options.length);
  const WindowFeatures features(series, windows, options.length, mode);
  CsvText csv = table_of({"window_id", "row", "t"}, kFeatureCount);
  std::vector<float> values(static_cast<size_t>(options.length) * kFeatureCount);
  for (const Window& window : windows) {
    features.of(window, values.data());
    const float* value = values.data();
    for (int64_t t = 0; t < options.length; ++t) {
      csv.cell(std::string_view(window.id)).cell(window.first_row + t).cell(t);
      for (int k = 0; k < kFeatureCount; ++k) csv.cell(*value++);
      csv.end_row();
    }
  }
  write_file_atomically(options.out, csv.text());
  fmt::print("{}: {} features of {} of {}\n", options.out, kFeatureCount,
             counted(static_cast<int64_t>(windows.size()), "window"),
             counted(options.length, "bar"));
}

void features(const FeaturesOptions& options) {
  if (options.windows.empty() && options.mode == kPerWindow) {
    throw UsageError("--mode per_window needs --windows",
                     "name the windows file, or use --mode continuous");
  }
  require_own_file({"--out", options.out},
                   {{"--bars", options.bars}, {"--windows", options.windows}});
  const Series series = load_bars(options.bars);
  if (options.windows.empty()) {
    write_pass(series, options);
  } else {
    write_windows_features(series, options);
  }
}

}  // namespace

void add_features_command(CLI::App& app) {
  const auto options = std::make_shared<FeaturesOptions>();
  CLI::App* command = app.add_subcommand("features", "Write the features of bars or windows");
  command->add_option("--bars", options->bars, "Bars: CSV, plain or gzip")->required();
  command->add_option("--windows", options->windows,
                      "Windows: CSV; without it, one pass over all bars");
  command->add_option("--out", options->out, "File to write the features to")->required();
  command
      ->add_option("--mode", options->mode,
                   "per_window: start afresh in each window (the default with --windows); "
                   "continuous: windows are cut from one pass")
      ->check(CLI::IsMember(std::vector<std::string>{kPerWindow, kContinuous}));
  command->add_option("--length", options->length, "Bars in a window")
      ->check(CLI::Range(1, 1'000'000))
      ->capture_default_str();
  command->callback([options] { features(*options); });
}

}  // namespace spanlab::cli
