// docs/formats lists every column and key of the files that spanlab writes, and no other.
#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <string>

#include "spanlab/bars/bars_file.h"
#include "spanlab/base/file.h"
#include "spanlab/base/safetensors.h"
#include "spanlab/detect/detection_text.h"
#include "spanlab/labels/candidates.h"
#include "spanlab/recipe/recipe.h"
#include "tests/cli/small_detector.h"

namespace spanlab {
namespace {

using nlohmann::json;
using Names = std::set<std::string>;

/// The names in backticks in the first column of the table at or after `anchor`.
Names documented(const std::string& page, const std::string& anchor) {
  const std::string text = read_file("docs/formats/" + page);
  const size_t place = text.find("\n" + anchor);
  if (place == std::string::npos) {
    ADD_FAILURE() << page << " has no " << anchor;
    return {};
  }
  std::istringstream lines(text.substr(text.find("\n|", place) + 1));
  Names names;
  for (std::string line; std::getline(lines, line) && line.starts_with("|");) {
    std::istringstream cell(line.substr(0, line.find('|', 1)));
    bool name = false;
    for (std::string part; std::getline(cell, part, '`'); name = !name) {
      if (name) names.insert(part);
    }
  }
  return names;
}

Names columns_of(const std::string& csv) {
  const std::vector<std::string> cells = cells_of(csv.substr(0, csv.find('\n')));
  return {cells.begin(), cells.end()};
}

/// The keys of an object, or of all objects of a list.
Names keys_of(const json& value) {
  Names names;
  if (value.is_object()) {
    for (const auto& [key, item] : value.items()) names.insert(key);
  } else {
    for (const json& item : value) names.merge(keys_of(item));
  }
  return names;
}

TEST(Formats, SpansAndCandidates) {
  const TemporaryFolder folder;
  const SimulatedMarket market = simulate_market(500, 1);
  write_spans(folder / "spans.csv", market.spans);
  write_candidates(folder / "candidates.csv", market.bars, {{market.spans.at(0), {}}});
  EXPECT_EQ(columns_of(folder.read("spans.csv")), documented("spans.md", "## Columns"));
  EXPECT_EQ(columns_of(folder.read("candidates.csv")), documented("spans.md", "## Candidates"));
}

TEST(Formats, Windows) {
  const WindowSpan span{3, 5, SpanType::consolidation}, further{8, 9, SpanType::retracement};
  EXPECT_EQ(columns_of(windows_csv({{"a", "a", 0, 0, 1.0, {span, further}}})),
            documented("windows.md", "## Columns"));
}

TEST(Formats, BarsOfARunFolder) {
  const TemporaryFolder folder;
  Bars bars = simulate_market(10, 1).bars;
  bars.volume.assign(10, 1.0);
  write_bars_file(folder / "bars.safetensors", bars);
  Names tensors;
  for (const Tensor& tensor : read_safetensors(folder / "bars.safetensors").tensors) {
    tensors.insert(tensor.name);
  }
  EXPECT_EQ(tensors, documented("bars.md", "## Bars inside a run folder"));
}

Names metadata_of(const std::filesystem::path& file) {
  Names keys;
  for (const auto& [key, value] : read_safetensors(file).metadata) keys.insert(key);
  return keys;
}

TEST(Formats, Findings) {
  const json page = json::parse(read_file("tests/diagnose/golden/findings.json"));
  const char* const file = "findings.md";
  EXPECT_EQ(keys_of(page), documented(file, "## Keys\n"));
  EXPECT_EQ(keys_of(page["findings"]), documented(file, "## Keys of a finding"));
  EXPECT_EQ(keys_of(page["findings"][0]["evidence"]), documented(file, "## Keys of evidence"));
  EXPECT_EQ(keys_of(page["findings"][0]["remedies"]), documented(file, "## Keys of a remedy"));
}

TEST(Formats, Lab) {
  const json page = json::parse(read_file("tests/report/golden/lab.json"));
  const json& metrics = page["recipes"][0]["metrics"];
  EXPECT_EQ(keys_of(page), documented("lab.md", "## Keys\n"));
  EXPECT_EQ(keys_of(page["recipes"]), documented("lab.md", "## Keys of a recipe"));
  EXPECT_EQ(keys_of(metrics.front()), documented("lab.md", "## Keys of an interval"));
  EXPECT_EQ(keys_of(page["trivial"]), documented("lab.md", "## Keys of a trivial predictor"));
  EXPECT_EQ(keys_of(page["path"]), documented("lab.md", "## Keys of a step"));
}

TEST(Formats, DetectionsAndEvents) {
  const char* const file = "detections.md";
  EXPECT_EQ(columns_of(detections_csv({})), documented(file, "## Detections"));
  EXPECT_EQ(columns_of(kEventHeader), documented(file, "## Event lines"));
  const TemporaryFolder folder;
  write_probabilities(folder / "p.csv", {}, {});
  EXPECT_EQ(columns_of(folder.read("p.csv")), documented(file, "## Probabilities"));
}

TEST_F(DetectCommands, RunFolderIsDocumented) {
  const std::string run = market().folder / "documented";
  ASSERT_EQ(
      run_program({"train", "baseline", "--bars", market().bars, "--windows", market().windows,
                   "--out", run, "--set", "data.window=40", "model.hidden=16", "train.epochs=2"})
          .status,
      0);
  ASSERT_EQ(run_program({"diagnose", run}).status, 0);
  Names files;
  for (const auto& entry : std::filesystem::directory_iterator(run)) {
    const std::string name = entry.path().filename().string();
    files.insert(name == "checkpoint_epoch_2.safetensors" ? "checkpoint_epoch_N.safetensors"
                 : entry.is_directory()                   ? name + "/"
                                                          : name);
  }
  files.insert("resume_state.safetensors");  // only while a run is stopped
  const char* const page = "run_folder.md";
  EXPECT_EQ(files, documented(page, "## Files"));
  EXPECT_EQ(metadata_of(run + "/best_model.safetensors"),
            documented(page, "| metadata of best_model.safetensors"));
  EXPECT_EQ(metadata_of(run + "/checkpoint_epoch_2.safetensors"),
            documented(page, "| metadata of a checkpoint"));
}

TEST_F(DetectCommands, FileIsDocumented) {
  const char* const file = "detector.md";
  const TensorFile detector = read_safetensors(market().detector);
  const json facts = json::parse(detector.metadata.at("detector"));
  EXPECT_EQ(keys_of(facts), documented(file, "## Facts"));
  EXPECT_EQ(keys_of(facts["calibration"]), documented(file, "| key of calibration"));
  EXPECT_EQ(keys_of(facts["delays"]), documented(file, "| key of a delay"));
  EXPECT_EQ(keys_of(facts["points"]), documented(file, "| key of a point"));
  EXPECT_EQ(keys_of(facts["inputs"]), documented(file, "| key of an input"));

  Names metadata;
  for (const auto& [key, value] : detector.metadata) {
    metadata.insert(key.starts_with("recipe.") ? "recipe.SETTING" : key);
  }
  EXPECT_EQ(metadata, documented(file, "## Metadata"));

  Names tensors;
  for (const Tensor& tensor : detector.tensors) {
    tensors.insert(tensor.name.substr(std::string("member.0.").size()));
  }
  EXPECT_EQ(tensors, documented(file, "## Tensors"));
}

}  // namespace
}  // namespace spanlab
