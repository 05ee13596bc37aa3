// Commands open each of their input files once, also where two options name the same file.
#include <gtest/gtest.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "tests/cli/small_detector.h"

namespace spanlab {
namespace {

namespace fs = std::filesystem;

/// How often each file of a folder is opened while this lives.
class OpenCounts {
 public:
  explicit OpenCounts(const fs::path& folder) : inotify_(inotify_init1(IN_NONBLOCK)) {
    EXPECT_GE(inotify_add_watch(inotify_, folder.c_str(), IN_OPEN), 0);
  }
  ~OpenCounts() { close(inotify_); }
  OpenCounts(const OpenCounts&) = delete;
  OpenCounts& operator=(const OpenCounts&) = delete;

  std::map<std::string, int> read() const {
    std::map<std::string, int> counts;
    alignas(inotify_event) char buffer[64 * 1024];
    for (ssize_t size = 0; (size = ::read(inotify_, buffer, sizeof buffer)) > 0;) {
      for (const char* at = buffer; at < buffer + size;) {
        const auto* event = reinterpret_cast<const inotify_event*>(at);
        if (event->len > 0) ++counts[event->name];
        at += sizeof(inotify_event) + event->len;
      }
    }
    return counts;
  }

 private:
  int inotify_;
};

/// Inputs in a folder that nothing is written to.
class OpenOnce : public DetectCommands {
 protected:
  static void SetUpTestSuite() {
    DetectCommands::SetUpTestSuite();
    data_ = std::make_unique<TemporaryFolder>();
    const Market& m = market();
    for (const std::string& file : {m.bars, m.spans_file, m.windows, m.detector}) {
      fs::copy_file(file, data_->path() / fs::path(file).filename());
    }
    fs::copy_file("recipes/baseline.toml", data_->path() / "recipe.toml");
  }
  static void TearDownTestSuite() {
    data_.reset();
    DetectCommands::TearDownTestSuite();
  }

  static std::string in(const std::string& file) {
    return (data_->path() / fs::path(file).filename()).string();
  }

  /// Every input that the line names is opened once, and no other.
  static void expect_once(const std::vector<std::string>& line) {
    const OpenCounts counts(data_->path());
    const RunResult result = run_program(line);
    EXPECT_EQ(result.status, 0) << line.front() << ": " << result.err;
    std::map<std::string, int> named;
    for (const std::string& word : line) {
      const fs::path path(word);
      if (path.parent_path() == data_->path()) named[path.filename().string()] = 1;
    }
    EXPECT_EQ(counts.read(), named) << line.front();
  }

  static inline std::unique_ptr<TemporaryFolder> data_;
  const std::string bars_ = in(market().bars), spans_ = in(market().spans_file),
                    windows_ = in(market().windows), detector_ = in(market().detector),
                    recipe_ = in("recipe.toml");
  TemporaryFolder out_;
};

TEST_F(OpenOnce, CommandsThatTrain) {
  const std::vector<std::string> small{
      "--set", "data.window=40", "--set",  "model.hidden=16", "--set", "train.epochs=1", "--bars",
      bars_,   "--windows",      windows_, "--spans",         spans_,  "--quiet"};
  const auto with = [&](std::vector<std::string> line, const std::vector<std::string>& more) {
    line.insert(line.end(), small.begin(), small.end());
    line.insert(line.end(), more.begin(), more.end());
    return line;
  };
  const std::string run = (out_ / "run").string();
  expect_once(with({"train", recipe_}, {"--out", run}));
  expect_once({"evaluate", run, "--test-spans", spans_});
  expect_once({"compare", run, run, "--test-spans", spans_});
  expect_once({"pretrain", "--recipe", recipe_, "--bars", bars_, "--steps", "1", "--quiet", "--set",
               "data.window=40", "--set", "model.hidden=16", "--out",
               (out_ / "encoder.safetensors").string()});
  expect_once(with({"fit", "--recipe", recipe_},
                   {"--test-spans", spans_, "--out", (out_ / "fit").string(), "--folds", "2",
                    "--members", "1", "--stride", "4", "--delays", "8", "--delay", "8"}));
  expect_once(
      with({"lab", "--recipe", recipe_}, {"--test-spans", spans_, "--out", (out_ / "lab").string(),
                                          "--seeds", "1", "--remedies", "0", "--no-detector"}));
}

TEST_F(OpenOnce, CommandsThatDoNot) {
  const std::string out = (out_ / "out.csv").string(),
                    candidates = (out_ / "candidates.csv").string();
  expect_once({"bars", "check", bars_});
  expect_once({"bars", "resample", bars_, "--to", "5m", "--out", out});
  expect_once({"detect", detector_, "--bars", bars_, "--spans", spans_, "--out", out, "--quiet"});
  expect_once({"replay", detector_, "--bars", bars_, "--anew", "0", "--quiet"});
  expect_once({"features", "--bars", bars_, "--windows", windows_, "--length", "40", "--out", out});
  expect_once({"label", "hindsight", "--bars", bars_, "--out", out});
  expect_once({"label", "review", "--bars", bars_, "--windows", windows_, "--spans", spans_,
               "--detector", detector_, "--length", "40", "--out", candidates});
  expect_once({"label", "accept", "--candidates", candidates, "--bars", bars_, "--windows",
               windows_, "--length", "40", "--out", (out_ / "spans.csv").string()});
  expect_once({"windows", "cut", "--bars", bars_, "--spans", spans_, "--length", "40", "--count",
               "20", "--out", out});
  expect_once({"windows", "tile", "--bars", bars_, "--spans", spans_, "--out", out});
  expect_once({"windows", "check", "--bars", bars_, "--windows", windows_, "--spans", spans_,
               "--length", "40"});
  expect_once({"windows", "split", "--windows", windows_, "--spans", spans_, "--length", "40"});
  expect_once({"recipe", recipe_});
}

}  // namespace
}  // namespace spanlab
