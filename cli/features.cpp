// spanlab features: the features of bars, or of windows, as a table.
#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cli/commands.h"
#include "cli/exit_status.h"
#include "cli/output.h"
#include "cli/shared_options.h"
#include "spanlab/base/csv.h"
#include "spanlab/base/file.h"
#include "spanlab/base/text.h"
#include "spanlab/features/pipeline.h"
#include "spanlab/report/features_page.h"
#include "spanlab/windows/check.h"
#include "spanlab/windows/window_file.h"
#include "spanlab/windows/window_inputs.h"

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

// Numbers of the features that mean something outside a window.
std::vector<int> features_of_bars() {
  std::vector<int> columns;
  for (int k = 0; k < kFeatureCount; ++k) {
    if (k != kPositionFeature) columns.push_back(k);
  }
  return columns;
}

CsvText table_of(std::vector<std::string> columns, const std::vector<int>& features) {
  for (const int k : features) {
    columns.emplace_back(feature_table()[static_cast<size_t>(k)].name);
  }
  return CsvText(columns);
}

// One row a bar. The text goes to the file part by part: all of it would need far more memory than
// the bars.
void write_pass(const Bars& series, const FeaturesOptions& options) {
  constexpr int64_t kRowsInAPart = 4096;
  const std::vector<int> columns = features_of_bars();
  CsvText csv = table_of({"row"}, columns);
  FeatureStream stream(options.length);
  float values[kFeatureCount];
  int64_t row = 0;
  bool header_only = true;
  write_file_atomically(options.out, [&]() -> std::string_view {
    if (!std::exchange(header_only, false)) csv.clear();
    const int64_t end = std::min(row + kRowsInAPart, series.size());
    for (; row < end; ++row) {
      if (series.gap_before(row)) stream.reset();
      stream.push(series.bar(row), values);
      csv.cell(row);
      for (const int k : columns) csv.cell(values[k]);
      csv.end_row();
    }
    return csv.text();
  });
  fmt::print("{}: {} features of {}\n", options.out, columns.size(), counted(series.size(), "bar"));
}

// One row a bar of a window.
void write_windows_features(const Bars& series, const FeaturesOptions& options) {
  const FeatureMode mode =
      options.mode == kContinuous ? FeatureMode::continuous : FeatureMode::per_window;
  const std::vector<Window> windows = read_windows(options.windows, options.length);
  check_windows(series, windows, options.length, options.windows);
  std::vector<int> columns(kFeatureCount);
  std::iota(columns.begin(), columns.end(), 0);
  CsvText csv = table_of({"window_id", "row", "t"}, columns);
  const std::vector<float> values =
      window_inputs(series, windows, {columns, mode, options.length}, false);
  const float* value = values.data();
  for (const Window& window : windows) {
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
                     "name the windows file, or use --mode continuous");
  }
  require_own_file({"--out", options.out},
                   {{"--bars", options.bars}, {"--windows", options.windows}});
  const Bars series = load_bars(options.bars);
  if (options.windows.empty()) {
    write_pass(series, options);
  } else {
    write_windows_features(series, options);
  }
}

void declare(Options& options, FeaturesOptions& values) {
  options.option("--bars", values.bars, "Bars: CSV, plain or gzip");
  options.option("--windows", values.windows, "Windows: CSV; without it, one pass over all bars");
  options.option("--out", values.out, "File to write the features to");
  options
      .option("--mode", values.mode,
              "per_window: start afresh in each window (the default with --windows); continuous: "
              "windows are cut from one pass, afresh after each gap")
      .one_of({kPerWindow, kContinuous});
  add_length_option(options, values.length);
  options.flag("--explain", values.explain,
               "Print what each feature is and what its family tells, and write nothing");
}

}  // namespace

Command features_command() {
  return make_command<FeaturesOptions>(
      "features", "Write the features of bars or windows, or explain them", declare, features);
}

}  // namespace spanlab::cli
