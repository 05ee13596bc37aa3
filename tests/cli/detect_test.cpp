// fit and detect as a user types them: what they write, say and refuse.
#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <string>
#include <vector>

#include "cli/exit_status.h"
#include "spanlab/base/csv.h"
#include "spanlab/base/file.h"
#include "spanlab/windows/cut.h"
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

TEST_F(DetectCommands, FitOfASettingsFileMakesTheSameDetector) {
  const fs::path first = market().folder / "fitted", again = market().folder / "again";
  std::vector<std::string> line{"fit",
                                "--config",
                                (first / "fit.toml").string(),
                                "--bars",
                                market().bars,
                                "--windows",
                                market().windows,
                                "--spans",
                                market().spans_file,
                                "--out",
                                again.string(),
                                "--threads",
                                "1"};
  const RunResult result = run_program(line);
  ASSERT_EQ(result.status, 0) << result.err;
  EXPECT_EQ(read_file(again / "detector.safetensors"), read_file(market().detector));
  EXPECT_EQ(read_file(again / "fit.toml"), read_file(first / "fit.toml"));

  // An option on the line replaces what the file says.
  const std::string long_stride = (market().folder / "long_stride.toml").string();
  std::string text = read_file(first / "fit.toml");
  const size_t at = text.find("stride = ");
  ASSERT_NE(at, std::string::npos);
  write_file_atomically(long_stride, text.replace(at, text.find('\n', at) - at, "stride = 200"));
  std::vector<std::string> of_file = line;
  *(std::find(of_file.begin(), of_file.end(), "--config") + 1) = long_stride;
  expect_failure(run_program(of_file), cli::kBadInput,
                 long_stride + ": fit.stride: a stride of 200 bars");
  line.insert(line.end(), {"--stride", "200"});
  expect_failure(run_program(line), cli::kBadInput, "--stride: a stride of 200 bars");
  line.insert(line.end(), {"--recipe", "best"});
  expect_failure(run_program(line), cli::kWrongUsage, "--config excludes --recipe");
}

TEST_F(DetectCommands, AFitsFileAndARecipeAreToldApart) {
  const std::string fit_file = (market().folder / "fitted" / "fit.toml").string();
  const std::vector<std::string> data{"--bars",    market().bars,
                                      "--windows", market().windows,
                                      "--out",     (market().folder / "none").string()};
  const auto with_data = [&](std::vector<std::string> line) {
    line.insert(line.end(), data.begin(), data.end());
    return run_program(line);
  };
  expect_failure(with_data({"fit"}), cli::kWrongUsage, "--recipe is required, or --config");
  // The name of a recipe that the program has is not that of a fit's file.
  for (const char* missing : {"none.toml", "best"}) {
    const RunResult refused = with_data({"fit", "--config", missing});
    expect_failure(refused, cli::kBadInput, std::string("there is no file ") + missing);
    EXPECT_TRUE(contains(refused.err, "fit.toml")) << refused.err;
  }
  expect_failure(with_data({"fit", "--config", "recipes/best.toml"}), cli::kBadInput,
                 "recipes/best.toml is a recipe: it has no section [fit]");
  expect_failure(with_data({"train", fit_file}), cli::kBadInput,
                 fit_file + " is the file of a fit, not a recipe");
  EXPECT_FALSE(fs::exists(market().folder / "none"));
}

TEST_F(DetectCommands, ErrorsCallSettingsByTheirOptions) {
  const RunResult twice = run_program({"detect", market().detector, "--bars", market().short_bars,
                                       "--threshold", "0.5", "--precision", "0.3"});
  expect_failure(twice, cli::kWrongUsage,
                 "--threshold, --precision and --per-day each choose the threshold");
  std::vector<std::string> line = market().fit_arguments("none");
  *(std::find(line.begin(), line.end(), "--delay") + 1) = "5";
  expect_failure(run_program(line), cli::kBadInput, "--delay is 5, which is none of the delays");
  // A path that contains a setting's name stays what it is.
  expect_failure(run_program({"detect", "detect.delay/x", "--bars", market().short_bars}),
                 cli::kBadInput, "detect.delay/x");
  // In a file they have their own names.
  const fs::path file = market().folder.write("bad_fit.toml", "[fit]\nfolds = 1\n");
  expect_failure(run_program({"fit", "--config", file.string(), "--bars", market().bars,
                              "--windows", market().windows}),
                 cli::kBadInput, "bad_fit.toml:2: fit.folds must be 2 to 100, not 1");
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
  arguments = market().fit_arguments("refused");
  *(std::find(arguments.begin(), arguments.end(), "--stride") + 1) = "200";
  expect_failure(with({}), cli::kBadInput, "a stride of 200 bars is longer than the window of 40");
  arguments = market().fit_arguments("refused");
  const RunResult untested = with({"--test-spans", market().spans_file, "--test-from", "4990"});
  expect_failure(untested, cli::kBadInput, "no window of 40 bars fits behind row 4990");
  EXPECT_FALSE(contains(untested.err, "folds and members")) << untested.err;  // before any training
  EXPECT_FALSE(fs::exists(market().folder / "refused" / "detector.safetensors"));
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

TEST_F(DetectCommands, OptionsThatWouldBeIgnoredAreRefused) {
  const RunResult xml = detect(market().short_bars, {"--out", market().folder / "a.xml"});
  expect_failure(xml, cli::kWrongUsage, "a .csv or a .json file");
  EXPECT_TRUE(contains(xml.err, "a.csv\n")) << xml.err;
  EXPECT_FALSE(fs::exists(market().folder / "a.xml"));
  expect_failure(detect(market().short_bars, {"--first-row", "0"}), cli::kWrongUsage, "--spans");
}

TEST_F(DetectCommands, ASpanThatReachesTheLastBarMayGoOn) {
  const RunResult result = run_program({"detect", market().detector, "--bars", market().short_bars,
                                        "--quiet", "--threshold", "0", "--out", market().out});
  EXPECT_EQ(result.status, 0) << result.err;
  EXPECT_TRUE(contains(result.out, "1 of them provisional: it may go on\n")) << result.out;
}

TEST_F(DetectCommands, FaultsInTheBarsAreNotedByAll) {
  Bars series = market().head;
  series.high[50] = series.low[50] - 1;
  const std::string file = market().folder / "faulty.csv";
  write_bars(file, series);
  const std::string note =
      "note: 1 fault in " + file + "; spanlab bars check " + file + " lists it";
  EXPECT_TRUE(contains(detect(file).err, note));
  const RunResult replayed =
      run_program({"replay", market().detector, "--bars", file, "--anew", "0", "--quiet"});
  EXPECT_TRUE(contains(replayed.err, note)) << replayed.err;
  // Others say so before they find that these bars are too few for the windows.
  std::vector<std::string> arguments = market().fit_arguments("faulty");
  std::replace(arguments.begin(), arguments.end(), market().bars, file);
  const RunResult fitted = run_program(arguments);
  expect_failure(fitted, cli::kBadInput, ": the span of rows ");
  EXPECT_TRUE(contains(fitted.err, note)) << fitted.err;
  EXPECT_FALSE(contains(fitted.err, "folds and members")) << fitted.err;
  const RunResult lab = run_program({"lab", "--bars", file, "--windows", market().windows, "--out",
                                     market().folder / "lab", "--set", "data.window=40"});
  EXPECT_TRUE(contains(lab.err, note)) << lab.err;
  const RunResult pretrained =
      run_program({"pretrain", "--recipe", "recipes/best.toml", "--bars", file, "--steps", "1",
                   "--quiet", "--set", "data.window=40", "--set", "model.hidden=16", "--out",
                   market().folder / "encoder"});
  EXPECT_EQ(pretrained.status, 0) << pretrained.err;
  EXPECT_EQ(pretrained.err, note + "\n");
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
  expect_failure(
      run_program({"detect", market().detector, "--bars", market().bars, "--precision", "nan"}),
      cli::kWrongUsage, "nan");
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
  Bars slow = market().head;
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
  EXPECT_EQ(lines_of(silent.err).size(), 1u) << silent.err;  // none of features
  EXPECT_TRUE(
      contains(silent.err, "39 of 39 bars lie in stretches shorter than a window of 40 bars"))
      << silent.err;

  Bars gaps = market().head;
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

TEST_F(DetectCommands, ADetectorRanksCandidatesForLabels) {
  std::vector<Span> half = read_spans(market().spans_file);
  half.resize(half.size() / 2);
  const std::string file = market().folder / "candidates.csv",
                    windows = market().folder / "half.csv";
  write_windows(windows, tile_windows(market().series, half, {.length = kWindow}));
  const RunResult result =
      run_program({"label", "review", "--bars", market().bars, "--windows", windows, "--length",
                   "40", "--quantile", "0.1", "--detector", market().detector, "--out", file});
  ASSERT_EQ(result.status, 0) << result.err;
  EXPECT_TRUE(contains(result.out, "the most probable first")) << result.out;
  CsvReader csv(file);
  const int column = csv.column("probability");
  double before = 1;
  int rows = 0;
  for (; csv.next(); ++rows) {
    EXPECT_LE(csv.number(column), before);
    before = csv.number(column);
  }
  EXPECT_GT(rows, 2);
  EXPECT_LT(before, 1);
}

TEST_F(DetectCommands, WeakLabelsAreFittedInPurgedBlocks) {
  const auto succeed = [](const std::vector<std::string>& arguments) {
    const RunResult result = run_program(arguments);
    ASSERT_EQ(result.status, 0) << result.err;
  };
  const std::string spans = market().folder / "weak_spans.csv",
                    windows = market().folder / "weak.csv", end = "1200";
  succeed({"label", "hindsight", "--bars", market().bars, "--rows-before", end, "--out", spans});
  succeed({"windows", "tile", "--bars", market().bars, "--spans", spans, "--length", "40", "--step",
           "20", "--rows-before", end, "--out", windows});
  std::vector<std::string> arguments = market().fit_arguments("weak");
  std::replace(arguments.begin(), arguments.end(), market().windows, windows);
  std::replace(arguments.begin(), arguments.end(), market().spans_file, spans);
  const RunResult folds = run_program(arguments);
  expect_failure(folds, cli::kBadInput, "group");  // all windows are one group
  arguments.insert(arguments.end(), {"--set", "split.kind=purged"});
  succeed(arguments);
  EXPECT_EQ(read_detector(market().folder / "weak" / "detector.safetensors").members.size(), 1u);
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
  expect_failure(detect_with(market().bars), cli::kBadInput, "bars.csv: not a safetensors file");
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
