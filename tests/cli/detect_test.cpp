// What fit and detect write, and a fit that is stopped. What they print: tests/commands.
#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>
#include <string>
#include <vector>

#include "cli/exit_status.h"
#include "spanlab/base/file.h"
#include "tests/cli/small_detector.h"

namespace spanlab {
namespace {

namespace fs = std::filesystem;

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
      run_program(arguments, {.signal = SIGINT, .signal_after = std::chrono::milliseconds(1500)});
  EXPECT_EQ(stopped.status, cli::kInterrupted) << stopped.err;
  EXPECT_TRUE(contains(stopped.err, "the same command continues")) << stopped.err;
  EXPECT_FALSE(fs::exists(market().folder / "interrupted" / "detector.safetensors"));
}

TEST_F(DetectCommands, DetectWritesTheSameSpansAsCsvAndJson) {
  const RunResult printed = detect(market().short_bars);
  ASSERT_EQ(printed.status, 0) << printed.err;
  const std::vector<std::string> lines = lines_of(printed.out);
  ASSERT_GT(lines.size(), 3u);
  EXPECT_EQ(lines[0], "start_row,end_row,start_time,end_time,direction,confidence,status");
  const Bars& series = market().head;
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

}  // namespace
}  // namespace spanlab
