// fit, detect, watch and replay as a user types them: one small detector, many kinds of bars.
#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "cli/exit_status.h"
#include "spanlab/bars/csv_bars.h"
#include "spanlab/bars/prefix.h"
#include "spanlab/bars/simulate.h"
#include "spanlab/base/csv.h"
#include "spanlab/base/file.h"
#include "spanlab/detect/detector.h"
#include "spanlab/labels/true_spans.h"
#include "spanlab/windows/cut.h"
#include "spanlab/windows/window_file.h"
#include "tests/cli/run_program.h"
#include "tests/temporary_folder.h"

namespace spanlab {
namespace {

namespace fs = std::filesystem;
using ::spanlab::testing::run_program;
using ::spanlab::testing::RunResult;

constexpr int kWindow = 40;

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

std::vector<std::string> cells_of(const std::string& line) {
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
    const std::vector<Span> spans = true_spans(market);
    CutSettings settings;
    settings.count = 40;
    settings.overlaps = 0;
    settings.length = kWindow;
    settings.end_row = 4000;
    write_bars(bars, series);
    write_spans(spans_file, spans);
    write_windows(windows, cut_windows(series, spans, settings));
    // For the tests: bars that no window saw.
    head = prefix(series, 600);
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
  Series series, head;
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
      rows.push_back(c[0] + "," + c[1] + "," + c[2] + "," + c[3] + "," + c[4]);
    }
    return rows;
  }
  static std::vector<std::string> committed_events(const std::string& events) {
    std::vector<std::string> rows;
    for (const std::string& line : lines_of(events)) {
      const std::vector<std::string> c = cells_of(line);
      if (c[1] != "committed") continue;
      rows.push_back(c[2] + "," + c[3] + "," + c[4] + "," + c[5] + "," + c[6]);
    }
    return rows;
  }
  static void expect_failure(const RunResult& result, int status, const std::string& said) {
    EXPECT_EQ(result.status, status) << result.err;
    EXPECT_TRUE(contains(result.err, "error: ")) << result.err;
    EXPECT_TRUE(contains(result.err, "\nhint: ")) << result.err;
    EXPECT_TRUE(contains(result.err, said)) << result.err;
  }

 private:
  inline static std::unique_ptr<Market> market_;
};

TEST_F(DetectCommands, FitWritesADetectorAndReports) {
  const Detector detector = read_detector(market().detector);
  EXPECT_EQ(detector.members.size(), 1u);
  EXPECT_EQ(detector.stride, 8);
  EXPECT_EQ(detector.bar_ms, market().series.bar_ms);
  ASSERT_EQ(detector.delays.size(), 3u);  // by size, in whatever order they were given
  EXPECT_EQ(detector.delays[0].delay, 4);
  EXPECT_EQ(detector.delays[2].delay, 16);
  EXPECT_EQ(detector.default_delay, 8);
  const fs::path folder = market().folder / "fitted";
  EXPECT_TRUE(contains(read_file(folder / "fit.md"), "8 (default)"));
  EXPECT_TRUE(contains(read_file(folder / "fit.html"), "<html"));
  EXPECT_TRUE(contains(market().fitted.out, market().detector)) << market().fitted.out;
}

TEST_F(DetectCommands, FitThatWasStoppedGoesOnToTheSameDetector) {
  const fs::path folder = market().folder / "stopped";
  const RunResult killed = run_program(market().fit_arguments("stopped"),
                                       {.environment = {"SPANLAB_FAILPOINTS=epoch=kill@5"}});
  ASSERT_EQ(killed.status, -SIGKILL) << killed.err;
  EXPECT_FALSE(fs::exists(folder / "detector.safetensors"));
  const RunResult resumed = run_program(market().fit_arguments("stopped"));
  ASSERT_EQ(resumed.status, 0) << resumed.err;
  EXPECT_EQ(read_file(folder / "detector.safetensors"), read_file(market().detector));
}

TEST_F(DetectCommands, FitSaysHowToGoOnAfterCtrlC) {
  std::vector<std::string> arguments = market().fit_arguments("interrupted");
  arguments.insert(arguments.end(), {"--set", "train.epochs=10000"});
  const RunResult stopped =
      run_program(arguments, {.signal = SIGINT, .signal_after = std::chrono::milliseconds(700)});
  EXPECT_EQ(stopped.status, cli::kInterrupted) << stopped.err;
  EXPECT_TRUE(contains(stopped.err, "the same command goes on")) << stopped.err;
  EXPECT_FALSE(fs::exists(market().folder / "interrupted" / "detector.safetensors"));
}

TEST_F(DetectCommands, FitRefusals) {
  std::vector<std::string> arguments = market().fit_arguments("refused");
  const auto with = [&](const std::vector<std::string>& more) {
    std::vector<std::string> all = arguments;
    all.insert(all.end(), more.begin(), more.end());
    return run_program(all);
  };
  expect_failure(with({"--set", "loss.tasks=[\"type\"]"}), cli::kBadInput, "finds spans");
  *std::find(arguments.begin(), arguments.end(), "16") = "33";
  expect_failure(with({}), cli::kBadInput, "a delay of 33 bars does not fit");
  *std::find(arguments.begin(), arguments.end(), "33") = "32";
  std::replace(arguments.begin(), arguments.end(), std::string("8"), std::string("9"));
  *(std::find(arguments.begin(), arguments.end(), "--delay") + 1) = "5";
  expect_failure(with({}), cli::kBadInput, "does not fit");
  EXPECT_FALSE(fs::exists(market().folder / "refused" / "detector.safetensors"));
}

TEST_F(DetectCommands, DetectWritesTheSameSpansAsCsvAndJson) {
  const RunResult printed = detect(market().short_bars);
  ASSERT_EQ(printed.status, 0) << printed.err;
  const std::vector<std::string> lines = lines_of(printed.out);
  ASSERT_GT(lines.size(), 3u);
  EXPECT_EQ(lines[0], "start_row,end_row,start_time,end_time,direction,confidence,status");
  const Series& series = market().head;
  int64_t before = -1;
  for (size_t i = 1; i < lines.size(); ++i) {
    const std::vector<std::string> c = cells_of(lines[i]);
    ASSERT_EQ(c.size(), 7u) << lines[i];
    const int64_t first = std::stoll(c[0]), last = std::stoll(c[1]);
    EXPECT_GT(first, before);
    EXPECT_GE(last, first);
    ASSERT_LT(last, series.size());
    before = last;
    const double from = first > 0 ? series.close[static_cast<size_t>(first - 1)] : series.open[0];
    EXPECT_EQ(c[4], series.close[static_cast<size_t>(last)] >= from ? "up" : "down") << lines[i];
    const double confidence = std::stod(c[5]);
    EXPECT_GE(confidence, std::stod(threshold()) - 1e-4);
    EXPECT_LE(confidence, 1.0);
  }

  const RunResult csv = detect(market().short_bars, {"--out", market().out});
  ASSERT_EQ(csv.status, 0) << csv.err;
  EXPECT_EQ(market().folder.read("out.csv"), printed.out);
  EXPECT_TRUE(contains(csv.out, std::to_string(lines.size() - 1) + " spans in 600 bars"))
      << csv.out;

  ASSERT_EQ(detect(market().short_bars, {"--out", market().folder / "out.json"}).status, 0);
  const std::string json = market().folder.read("out.json");
  size_t objects = 0;
  for (size_t at = 0; (at = json.find("\"start_row\": ", at)) != std::string::npos; ++at) ++objects;
  EXPECT_EQ(objects, lines.size() - 1);
  for (const char* key :
       {"end_row", "start_time", "end_time", "direction", "confidence", "status"}) {
    EXPECT_TRUE(contains(json, std::string("\"") + key + "\": ")) << key;
  }
}

TEST_F(DetectCommands, ALowerThresholdOfOperatingPointsFindsMore) {
  const auto count = [&](const char* option, const std::string& value) {
    const RunResult result = run_program(
        {"detect", market().detector, "--bars", market().short_bars, "--quiet", option, value});
    EXPECT_EQ(result.status, 0) << result.err;
    return lines_of(result.out).size() - 1;
  };
  EXPECT_GT(count("--threshold", "0"), 0u);
  EXPECT_EQ(count("--threshold", "1"), 0u);
  EXPECT_GE(count("--per-day", "1000000"), count("--per-day", "5"));
  EXPECT_GE(count("--shortest", "1"), count("--shortest", "8"));
  const RunResult result = run_program(
      {"detect", market().detector, "--bars", market().bars, "--precision", "1", "--per-day", "3"});
  expect_failure(result, cli::kWrongUsage, "each choose the threshold");
  for (const char* command : {"watch", "replay"}) {
    std::vector<std::string> arguments = {command, market().detector, "--threshold",
                                          "0.5",   "--precision",     "0.5"};
    if (command == std::string("replay"))
      arguments.insert(arguments.end(), {"--bars", market().bars});
    expect_failure(run_program(arguments), cli::kWrongUsage, "give one of them");
  }
}

TEST_F(DetectCommands, ADelayThatTheDetectorLacksIsRefused) {
  expect_failure(detect(market().short_bars, {"--delay", "5"}), cli::kBadInput, "delay of 5 bars");
  const RunResult said = watch("timestamp,open,high,low,close\n", {"--delay", "5"});
  expect_failure(said, cli::kBadInput, "it has them for 4, 8, 16");
  expect_failure(run_program({"replay", market().detector, "--bars", market().short_bars, "--delay",
                              "5", "--quiet"}),
                 cli::kBadInput, "delay of 5 bars");
  EXPECT_EQ(detect(market().short_bars, {"--delay", "4"}).status, 0);
}

TEST_F(DetectCommands, OtherBarsAreWarnedOfWithNumbers) {
  Series slow = market().head;
  for (size_t i = 0; i < slow.time_ms.size(); ++i)
    slow.time_ms[i] = slow.time_ms[0] + static_cast<int64_t>(i) * 300'000;
  const std::string file = market().folder / "slow.csv";
  write_bars(file, slow);
  const RunResult result = detect(file);
  EXPECT_EQ(result.status, 0) << result.err;
  EXPECT_TRUE(contains(
      result.err, "warning: these bars are 300 s long, the detector was trained on bars of 60 s"))
      << result.err;
  const RunResult same = detect(market().short_bars);
  EXPECT_FALSE(contains(same.err, "s long")) << same.err;
}

TEST_F(DetectCommands, NothingIsSaidOfStretchesShorterThanAWindow) {
  const std::string few = market().folder / "few.csv";
  write_bars(few, prefix(market().head, kWindow - 1));
  const RunResult silent = detect(few);
  EXPECT_EQ(silent.status, 0) << silent.err;
  EXPECT_EQ(lines_of(silent.out).size(), 1u);
  EXPECT_TRUE(
      contains(silent.err, "39 of 39 bars lie in stretches shorter than a window of 40 bars"))
      << silent.err;

  Series gaps = market().head;
  for (size_t i = 300; i < 600; ++i) gaps.time_ms[i] += 3'600'000;
  for (size_t i = 320; i < 600; ++i) gaps.time_ms[i] += 3'600'000;
  const std::string file = market().folder / "gaps.csv";
  write_bars(file, gaps);
  const RunResult split = detect(file);
  EXPECT_EQ(split.status, 0) << split.err;
  EXPECT_TRUE(contains(split.err, "20 of 600 bars")) << split.err;
  for (const std::string& line : lines_of(split.out)) {
    if (line.starts_with("start_row")) continue;
    const std::vector<std::string> c = cells_of(line);
    const int64_t first = std::stoll(c[0]), last = std::stoll(c[1]);
    EXPECT_TRUE(last < 300 || first >= 320) << line;
  }
}

TEST_F(DetectCommands, WatchCommitsWhatDetectCommits) {
  const std::string text = market().folder.read("short.csv");
  const std::vector<std::string> expected = committed_rows(detect(market().short_bars).out);
  ASSERT_GT(expected.size(), 2u);
  const RunResult all = watch(text);
  ASSERT_EQ(all.status, 0) << all.err;
  EXPECT_EQ(committed_events(all.out), expected);
  EXPECT_TRUE(contains(all.out, ",provisional,")) << all.out;
  EXPECT_TRUE(contains(all.err, "a span is committed 9 to 16 bars after its end")) << all.err;
  EXPECT_TRUE(contains(all.err, "the stream ended after 600 bars, with " +
                                    std::to_string(expected.size()) + " spans committed"))
      << all.err;
  const RunResult committed = watch(text, {"--committed-only"});
  EXPECT_EQ(committed_events(committed.out), expected);
  EXPECT_EQ(lines_of(committed.out).size(), expected.size() + 1);
}

TEST_F(DetectCommands, WatchSkipsWhatIsNoNewBarAndSaysSo) {
  std::vector<std::string> lines = lines_of(market().folder.read("short.csv"));
  const std::vector<std::string> expected = committed_rows(detect(market().short_bars).out);
  const std::string good = lines[100], time = cells_of(lines[101])[0];
  const std::vector<std::string> odd = {good,                  // line 102 repeats
                                        lines[50],             // 103 goes back
                                        time + ",,1,1,1",      // 104 has no open
                                        time + ",1,nan,1,1",   // 105 has no high
                                        time + ",1,2,much,1",  // 106 is no number at all
                                        time + ",1,2",         // 107 lacks fields
                                        "yesterday,1,2,1,1"};  // 108 has no time
  lines.insert(lines.begin() + 101, odd.begin(), odd.end());
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  const RunResult result = watch(text);
  ASSERT_EQ(result.status, 0) << result.err;
  EXPECT_EQ(committed_events(result.out), expected);
  EXPECT_TRUE(contains(result.err, "line 102 repeats the bar of ")) << result.err;
  EXPECT_TRUE(contains(result.err, "line 103 goes back in time to ")) << result.err;
  EXPECT_TRUE(contains(result.err, "line 104 has a price that is no number")) << result.err;
  EXPECT_TRUE(contains(result.err, "line 105 has a price that is no number")) << result.err;
  EXPECT_TRUE(contains(result.err,
                       "row 106, column \"low\": \"much\" is not a number; the line is skipped"))
      << result.err;
  EXPECT_TRUE(contains(result.err, "row 107: 3 fields, but the header has 5; the line is skipped"))
      << result.err;
  EXPECT_TRUE(contains(result.err, "row 108, column \"timestamp\": \"yesterday\" is not a time"))
      << result.err;
  EXPECT_TRUE(contains(result.err, "the stream ended after 600 bars")) << result.err;
}

TEST_F(DetectCommands, WatchStartsAfreshBehindAGap) {
  Series gaps = market().head;
  for (size_t i = 300; i < 600; ++i) gaps.time_ms[i] += 3'600'000;
  const std::string file = market().folder / "gap.csv";
  write_bars(file, gaps);
  const RunResult result = watch(market().folder.read("gap.csv"));
  ASSERT_EQ(result.status, 0) << result.err;
  EXPECT_TRUE(contains(result.err, "bars are missing before ")) << result.err;
  EXPECT_TRUE(
      contains(result.err, "(line 302); windows start afresh, so the next detection needs 40 bars"))
      << result.err;
  EXPECT_EQ(committed_events(result.out), committed_rows(detect(file).out));
}

TEST_F(DetectCommands, WatchLeavesAStreamThatEndsMidLine) {
  const std::string text = market().folder.read("short.csv");
  const std::string file = market().folder / "less.csv";
  write_bars(file, prefix(market().head, 599));
  const std::vector<std::string> expected = committed_rows(detect(file).out);
  for (const size_t missing : {1u, 3u, 20u}) {  // the newline; some digits of the close; fields
    const RunResult result = watch(text.substr(0, text.size() - missing));
    EXPECT_EQ(result.status, 0) << result.err;
    EXPECT_EQ(committed_events(result.out), expected);
    EXPECT_TRUE(contains(result.err, "the stream ended within line 601; it is skipped"))
        << result.err;
    EXPECT_TRUE(contains(result.err, "the stream ended after 599 bars")) << result.err;
  }
  const RunResult header = watch("timestamp,open,high,low,close\n");
  EXPECT_EQ(header.status, 0) << header.err;
  EXPECT_EQ(lines_of(header.out).size(), 1u);
  EXPECT_TRUE(contains(header.err, "after 0 bars")) << header.err;
  expect_failure(watch(""), cli::kBadInput, "empty");
  expect_failure(watch("timestamp,open,high,low\n1,1,1,1\n"), cli::kBadInput,
                 "column for the close");
}

TEST_F(DetectCommands, ReplayFindsNoRepaints) {
  const RunResult result = run_program(with_threshold(
      {"replay", market().detector, "--bars", market().short_bars, "--anew", "6", "--quiet"}));
  ASSERT_EQ(result.status, 0) << result.err;
  EXPECT_TRUE(contains(result.out, "prefixes        600  (6 of them detected anew from nothing)"))
      << result.out;
  EXPECT_TRUE(contains(result.out, "repaints        0\n")) << result.out;
  const size_t committed = committed_rows(detect(market().short_bars).out).size();
  EXPECT_TRUE(contains(result.out, "committed       " + std::to_string(committed) + " span"))
      << result.out;
}

TEST_F(DetectCommands, WrongFilesAreNamed) {
  const auto detect_with = [&](const fs::path& file) {
    return run_program({"detect", file, "--bars", market().short_bars, "--quiet"});
  };
  fs::path model;
  for (const auto& entry : fs::recursive_directory_iterator(market().folder / "fitted" / "runs")) {
    if (entry.path().filename() == "best_model.safetensors") model = entry.path();
  }
  ASSERT_FALSE(model.empty());
  expect_failure(detect_with(model), cli::kBadInput, "is not a detector");
  const std::string whole = read_file(market().detector);
  for (const size_t size :
       {size_t{0}, size_t{5}, whole.size() / 8, whole.size() / 2, whole.size() - 1}) {
    expect_failure(detect_with(market().folder.write("cut.safetensors", whole.substr(0, size))),
                   cli::kBadInput, "cut.safetensors");
  }
  expect_failure(detect_with(market().bars), cli::kBadInput, "bars.csv");
  expect_failure(detect_with(market().folder / "none.safetensors"), cli::kBadInput,
                 "none.safetensors");
  expect_failure(detect_with(market().folder.path()), cli::kBadInput,
                 market().folder.path().string());
  expect_failure(run_program({"detect", market().detector, "--bars", market().windows, "--quiet"}),
                 cli::kBadInput, "windows.csv");
  expect_failure(run_program({"detect", market().detector, "--bars", market().short_bars, "--out",
                              market().detector}),
                 cli::kWrongUsage, "the same file");
  EXPECT_EQ(read_file(market().detector), whole);
}

}  // namespace
}  // namespace spanlab
