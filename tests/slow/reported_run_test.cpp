// The whole program on the real data of the reported run: the same failure, the same bits whatever
// happens on the way, within its memory.
#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "spanlab/base/random.h"
#include "tests/cli/run_program.h"
#include "tests/real_data.h"
#include "tests/temporary_folder.h"

namespace spanlab {
namespace {

namespace fs = std::filesystem;
using testing::run_program;
using testing::RunResult;

class ReportedRun : public ::testing::Test {
 protected:
  RunResult train(const std::string& recipe, const std::string& out,
                  const std::vector<std::string>& more = {}, const testing::RunOptions& o = {}) {
    std::vector<std::string> arguments{
        "train", "recipes/" + recipe + ".toml", "--bars", test::kBars, "--windows", test::kWindows,
        "--out", (folder_ / out).string(),      "--quiet"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run_program(arguments, o);
  }

  nlohmann::json metadata(const std::string& out) const {
    std::ifstream in(folder_ / out / "metadata.json");
    return nlohmann::json::parse(in);
  }
  std::string weights(const std::string& out) const { return metadata(out)["weights_hash"]; }

  /// Last row of a table, by column name.
  std::map<std::string, double> last_row(const std::string& out, const std::string& table) const {
    std::ifstream in(folder_ / out / (table + ".csv"));
    std::string header, line, last;
    std::getline(in, header);
    while (std::getline(in, line)) last = line;
    std::map<std::string, double> row;
    std::istringstream names(header), cells(last);
    for (std::string name, cell;
         std::getline(names, name, ',') && std::getline(cells, cell, ',');) {
      if (name != "phase" && !cell.empty()) row[name] = std::stod(cell);
    }
    return row;
  }

  TemporaryFolder folder_;
};

// At epoch 100 the countdown of one run lies anywhere in a band: over its last 25 epochs PyTorch's
// own run of this recipe goes from 8.75 to 10.02, and its seeds differ as much. So a single run is
// held against that band, and the mean of five against the narrower one of the reported figures.
TEST_F(ReportedRun, FailsAsTheOriginalDid) {
  constexpr int kSeeds = 5;
  double countdown = 0, total = 0;
  for (int seed = 0; seed < kSeeds; ++seed) {
    const std::string out = "seed" + std::to_string(seed);
    const RunResult run = train("baseline", out, {"--set", "train.seed=" + std::to_string(seed)});
    ASSERT_EQ(run.status, 0) << run.err;
    EXPECT_EQ(metadata(out)["parameters"]["total"], 97547);
    EXPECT_LT(run.peak_kib, 100 * 1024);

    const auto loss = last_row(out, "loss_components");
    EXPECT_GE(loss.at("loss_countdown"), 8.5);
    EXPECT_LE(loss.at("loss_countdown"), 10.8);
    EXPECT_NEAR(loss.at("loss_type"), 0.69, 0.05);
    EXPECT_NEAR(loss.at("loss_ptr"), 0.0087, 0.0015);
    EXPECT_NEAR(loss.at("loss_span"), 0.23, 0.03);
    countdown += loss.at("loss_countdown") / kSeeds;
    total += loss.at("total_loss") / kSeeds;
    const auto balancing = last_row(out, "uncertainty_params");
    EXPECT_NEAR(balancing.at("weight_ptr"), 0.557, 0.015);
    EXPECT_NEAR(balancing.at("weight_span"), 0.265, 0.015);
    EXPECT_NEAR(balancing.at("weight_type"), 0.134, 0.015);
    EXPECT_NEAR(balancing.at("weight_countdown"), 0.0435, 0.015);
    EXPECT_LT(last_row(out, "epoch_metrics").at("span_f1"), 0.002);
    EXPECT_LT(std::abs(last_row(out, "probability_stats").at("separation")), 0.05);

    int checkpoints = 0;
    for (const auto& entry : fs::directory_iterator(folder_ / out)) {
      checkpoints += entry.path().extension() == ".safetensors";
    }
    EXPECT_EQ(checkpoints, 11);
  }
  EXPECT_GE(countdown, 9.0);
  EXPECT_LE(countdown, 10.8);
  EXPECT_GE(countdown / total, 0.90);
  EXPECT_LE(countdown / total, 0.93);
}

TEST_F(ReportedRun, WeightedFindsSpans) {
  const RunResult run = train("weighted", "weighted");
  ASSERT_EQ(run.status, 0) << run.err;
  EXPECT_GT(last_row("weighted", "epoch_metrics").at("span_f1"), 0.2);
}

TEST_F(ReportedRun, EveryRecipeTrains) {
  for (const char* recipe :
       {"no-countdown", "unit-countdown", "span-only", "wide-huber", "position"}) {
    const RunResult run = train(recipe, recipe, {"--set", "train.epochs=3"});
    EXPECT_EQ(run.status, 0) << recipe << ": " << run.err;
  }
}

TEST_F(ReportedRun, SameBitsOnOneTwoAndFourThreadsAndAfterTwentyKills) {
  for (const int threads : {1, 2, 4}) {
    const auto run = train("baseline", "threads" + std::to_string(threads),
                           {"--threads", std::to_string(threads)});
    ASSERT_EQ(run.status, 0) << run.err;
    EXPECT_EQ(weights("threads" + std::to_string(threads)), weights("threads1")) << threads;
  }
  // Killed 20 times at random moments. A run that is done before that is compared, and the next one
  // goes on counting; the last one is resumed to its end.
  RandomStream random(17, Purpose::market);
  const fs::path killed = folder_ / "killed";
  int kills = 0, compared = 0;
  while (kills < 20 || compared == 0) {
    testing::RunOptions options;
    if (kills < 20) {
      options.signal = SIGKILL;
      options.signal_after = std::chrono::milliseconds(300 + random.below(2500));
    }
    const bool started = fs::exists(killed / "metadata.json");
    const RunResult run = started ? run_program({"resume", killed.string(), "--quiet"}, options)
                                  : train("baseline", "killed", {}, options);
    if (run.status == -SIGKILL) {
      ++kills;
      continue;
    }
    ASSERT_EQ(run.status, 0) << run.err;
    ++compared;
    EXPECT_EQ(weights("killed"), weights("threads1")) << "after " << kills << " kills";
    for (const auto& entry : fs::directory_iterator(folder_ / "threads1")) {
      const std::string name = entry.path().filename().string();
      if (name == "metadata.json" || name == "epoch_metrics.csv") continue;  // they hold times
      EXPECT_EQ(folder_.read("killed/" + name), folder_.read("threads1/" + name)) << name;
    }
    fs::remove_all(killed);
  }
}

TEST_F(ReportedRun, DemoRunsToItsEnd) {
  const RunResult run = run_program({"demo", "--out", (folder_ / "demo").string(), "--quiet"});
  ASSERT_EQ(run.status, 0) << run.err;
  EXPECT_NE(run.out.find("countdown"), std::string::npos);
  EXPECT_EQ(metadata("demo/run")["status"], "completed");
  const auto f1_of = [&](const std::string& what) {
    const size_t at = run.out.find("F1 of the " + what);
    return at == std::string::npos ? -1 : std::stod(run.out.substr(at + 10 + what.size()));
  };
  EXPECT_GT(f1_of("failed recipe"), 0);
  EXPECT_GT(f1_of("detector"), 3 * f1_of("failed recipe"));
  EXPECT_GT(f1_of("best possible"), f1_of("detector"));
  for (const char* file : {"demo.html", "detections.csv", "detector/detector.safetensors"}) {
    EXPECT_TRUE(fs::exists(folder_ / "demo" / file)) << file;
  }
}

TEST_F(ReportedRun, FeaturesOfTwoMillionBarsFitTheirMemory) {
  // The file repeated with later times, so that it is two million bars of real prices.
  std::istringstream in(test::unpacked(test::kBars));
  std::string header, line;
  std::getline(in, header);
  std::vector<std::string> rest;
  while (std::getline(in, line)) rest.push_back(line.substr(line.find(',')));
  const fs::path bars = folder_ / "two_million.csv";
  {
    std::ofstream out(bars);
    out << header << "\n";
    for (int64_t row = 0; row < 2'000'000; ++row) {
      out << 1736208060 + 60 * row << rest[static_cast<size_t>(row) % rest.size()] << "\n";
    }
  }
  const RunResult run = run_program(
      {"features", "--bars", bars.string(), "--out", (folder_ / "features.csv").string()});
  EXPECT_EQ(run.status, 0) << run.err;
  EXPECT_LT(run.peak_kib, 600 * 1024);
}

}  // namespace
}  // namespace spanlab
