// A detector that the program has fitted on a small simulated market, for the tests of fit, detect,
// watch and replay.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "spanlab/bars/bars.h"
#include "spanlab/bars/csv_bars.h"
#include "spanlab/detect/detector.h"
#include "spanlab/market/simulate.h"
#include "spanlab/windows/cut.h"
#include "spanlab/windows/window.h"
#include "tests/cli/run_program.h"
#include "tests/temporary_folder.h"

namespace spanlab {

using ::spanlab::testing::run_program;
using ::spanlab::testing::RunResult;

inline constexpr int kWindow = 40;

inline bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

inline std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

inline std::vector<std::string> cells_of(const std::string& line) {
  std::vector<std::string> cells;
  std::istringstream in(line);
  for (std::string cell; std::getline(in, cell, ',');) cells.push_back(cell);
  return cells;
}

// A market with strong expansions, windows around some, and a detector that was fitted once.
struct Market {
  Market() {
    MarketModel model;
    model.strength = 3;
    const SimulatedMarket market = simulate_market(5000, 7, model);
    series = market.bars;
    const std::vector<Span> spans = market.spans;
    CutSettings settings;
    settings.count = 40;
    settings.overlaps = 0;
    settings.length = kWindow;
    settings.rows_before = 4000;
    write_bars(bars, series);
    write_spans(spans_file, spans);
    write_windows(windows, cut_windows(series, spans, settings));
    head = prefix(series, 600);  // for tests that need no more
    write_bars(short_bars, head);
  }

  std::vector<std::string> fit_arguments(const std::string& name) const {
    return {"fit",
            "--recipe",
            "recipes/best.toml",
            "--bars",
            bars,
            "--windows",
            windows,
            "--spans",
            spans_file,
            "--out",
            folder / name,
            "--folds",
            "2",
            "--members",
            "1",
            "--stride",
            "8",
            "--delays",
            "8",
            "4",
            "16",
            "--delay",
            "8",
            "--set",
            "data.window=40",
            "--set",
            "model.hidden=16",
            "--set",
            "train.epochs=3",
            "--threads",
            "1"};
  }

  TemporaryFolder folder;
  Bars series, head;
  std::string bars = folder / "bars.csv", spans_file = folder / "spans.csv",
              windows = folder / "windows.csv", short_bars = folder / "short.csv",
              out = folder / "out.csv";
  std::string detector = folder / "fitted" / "detector.safetensors";
  RunResult fitted;
  std::string threshold;
};

class DetectCommands : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    market_ = std::make_unique<Market>();
    market_->fitted = run_program(market_->fit_arguments("fitted"));
    ASSERT_EQ(market_->fitted.status, 0) << market_->fitted.err;
    const std::vector<OperatingPoint> points = read_detector(market_->detector).points;
    ASSERT_GT(points.size(), 3u);
    market_->threshold = std::to_string(points[points.size() / 2].threshold);
  }
  static void TearDownTestSuite() { market_.reset(); }

  static Market& market() { return *market_; }
  // A threshold at which a detector of three epochs finds something.
  static std::vector<std::string> with_threshold(std::vector<std::string> arguments) {
    arguments.insert(arguments.end(), {"--threshold", threshold(), "--threads", "1"});
    return arguments;
  }
  // That of the middle operating point: neither all bars nor none.
  static const std::string& threshold() { return market().threshold; }
  static RunResult detect(const std::string& bars, std::vector<std::string> more = {}) {
    std::vector<std::string> arguments = {"detect", market().detector, "--bars", bars, "--quiet"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run_program(with_threshold(arguments));
  }
  static RunResult watch(const std::string& input, std::vector<std::string> more = {}) {
    std::vector<std::string> arguments = {"watch", market().detector};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run_program(with_threshold(arguments), {.input = input});
  }
  // What detect commits: start_row .. confidence of each.
  static std::vector<std::string> committed_rows(const std::string& csv) {
    std::vector<std::string> rows;
    for (const std::string& line : lines_of(csv)) {
      if (!line.ends_with(",committed")) continue;
      const std::vector<std::string> c = cells_of(line);
      rows.push_back(c[0] + "," + c[1] + "," + c[2] + "," + c[3] + "," + c[4] + "," + c[5]);
    }
    return rows;
  }
  static std::vector<std::string> committed_events(const std::string& events) {
    std::vector<std::string> rows;
    for (const std::string& line : lines_of(events)) {
      const std::vector<std::string> c = cells_of(line);
      if (c[1] != "committed") continue;
      rows.push_back(c[2] + "," + c[3] + "," + c[4] + "," + c[5] + "," + c[6] + "," + c[7]);
    }
    return rows;
  }

 private:
  inline static std::unique_ptr<Market> market_;
};

}  // namespace spanlab
