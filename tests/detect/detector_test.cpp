// The detector's file: what is written comes back bit for bit, and what is damaged is refused.
#include "spanlab/detect/detector.h"

#include <gtest/gtest.h>

#include <cstring>
#include <functional>
#include <limits>
#include <map>
#include <string>
#include <vector>

#include "spanlab/base/file.h"
#include "spanlab/base/safetensors.h"
#include "tests/detect/small_detector.h"
#include "tests/expect_error.h"
#include "tests/recipe/former_names.h"
#include "tests/temporary_folder.h"

namespace spanlab {
namespace {

class DetectorFile : public ::testing::Test {
 protected:
  std::filesystem::path path() const { return folder_ / "a.detector"; }

  /// Writes a small detector after `change` has been at its tensors and metadata.
  using Change = std::function<void(std::vector<Tensor>&, std::map<std::string, std::string>&)>;
  void write_changed(const Change& change) const {
    write_detector(path(), small_detector());
    TensorFile file = read_safetensors(path());
    change(file.tensors, file.metadata);
    write_safetensors(path(), file.tensors, file.metadata);
  }
  void expect_refused(const Change& change, std::initializer_list<const char*> parts) const {
    write_changed(change);
    expect_error([&] { read_detector(path()); }, {"a.detector"});
    expect_error([&] { read_detector(path()); }, parts);
  }
  /// Replaces `from` in the facts by `to`.
  void expect_refused_facts(const std::string& from, const std::string& to,
                            std::initializer_list<const char*> parts) const {
    expect_refused(
        [&](auto&, auto& metadata) {
          std::string& facts = metadata.at("detector");
          const size_t place = facts.find(from);
          ASSERT_NE(place, std::string::npos) << from << " in " << facts;
          facts.replace(place, from.size(), to);
        },
        parts);
  }

  TemporaryFolder folder_;
};

TEST_F(DetectorFile, ComesBackBitForBit) {
  for (const SpanHead head : {SpanHead::bar, SpanHead::semi_markov, SpanHead::linear_chain}) {
    Detector detector = small_detector(head);
    detector.recipe.data.feature_mode = FeatureMode::continuous;
    detector.recipe.train.rate.peak = 1.0 / 3;
    detector.members[1][7] = -0.0f;
    detector.members[1][8] = std::numeric_limits<float>::denorm_min();
    write_detector(path(), detector);
    const Detector back = read_detector(path());
    EXPECT_EQ(recipe_text(back.recipe), recipe_text(detector.recipe));
    ASSERT_EQ(back.members.size(), 2u);
    for (size_t m = 0; m < 2; ++m) {
      ASSERT_EQ(back.members[m].size(), detector.members[m].size());
      EXPECT_EQ(std::memcmp(back.members[m].data(), detector.members[m].data(),
                            back.members[m].size() * sizeof(float)),
                0);
    }
    EXPECT_EQ(back.calibration, detector.calibration);
    EXPECT_EQ(back.stride, 3);
    EXPECT_EQ(back.shortest, 2);
    EXPECT_EQ(back.delays, detector.delays);
    EXPECT_EQ(back.default_delay, 4);
    EXPECT_EQ(back.points, detector.points);
    EXPECT_EQ(back.bar_ms, 60'000);
    EXPECT_EQ(back.inputs, detector.inputs);
    EXPECT_EQ(back.data_hash, detector.data_hash);
    EXPECT_EQ(back.version, "1.2.3");
    // And written again it is the same file.
    const std::string bytes = read_file(path());
    write_detector(path(), back);
    EXPECT_TRUE(read_file(path()) == bytes);
  }
}

TEST_F(DetectorFile, IsParsedFromMemory) {
  const Detector detector = small_detector();
  write_detector(path(), detector);
  const std::string bytes = read_file(path());
  const Detector parsed = parse_detector({bytes, "a detector in memory"});
  EXPECT_EQ(parsed.members, detector.members);
  EXPECT_EQ(parsed.delays, detector.delays);
  EXPECT_EQ(recipe_text(parsed.recipe), recipe_text(detector.recipe));
  for (const std::string& broken : {std::string(), std::string("no tensors at all"),
                                    bytes.substr(0, bytes.size() / 2), bytes + "x"}) {
    expect_error(
        [&] {
          parse_detector({broken, "a detector in memory"});
        },
        {"a detector in memory"});
  }
}

// Whatever the bytes are: a detector or an Error, nothing else.
TEST_F(DetectorFile, ChangedBytesOfTheHeaderAreParsedOrRefused) {
  write_detector(path(), small_detector());
  const std::string bytes = read_file(path());
  const size_t header_end = bytes.find("}}") + 2;
  ASSERT_LT(header_end, bytes.size());
  int refused = 0;
  for (size_t i = 0; i < header_end; i += 11) {
    std::string changed = bytes;
    changed[i] = static_cast<char>(changed[i] ^ (i % 2 == 0 ? 1 : 0x40));
    try {
      parse_detector({changed, "a.detector"});
    } catch (const Error& e) {
      ++refused;
      EXPECT_NE(std::string(e.what()).find("a.detector"), std::string::npos) << e.what();
    }
  }
  EXPECT_GT(refused, 50);
}

TEST_F(DetectorFile, ThatOfAnEarlierVersionIsRead) {
  Detector detector = small_detector();
  detector.recipe.balancing.method = Balancing::famo;
  detector.recipe.balancing.rate = 0.5;
  write_detector(path(), detector);
  TensorFile file = read_safetensors(path());
  std::map<std::string, std::string> former;
  for (const auto& [key, value] : file.metadata) {
    constexpr std::string_view kRecipe = "recipe.";
    const bool setting = key.starts_with(kRecipe);
    former[setting ? "recipe." + former_name(key.substr(kRecipe.size())) : key] = value;
  }
  EXPECT_EQ(former.at("recipe.loss.balancing"), "\"famo\"");
  EXPECT_EQ(former.at("recipe.loss.balancing_rate"), "0.5");
  write_safetensors(path(), file.tensors, former);
  const Detector back = read_detector(path());
  EXPECT_EQ(recipe_text(back.recipe), recipe_text(detector.recipe));
  EXPECT_EQ(back.members, detector.members);
}

TEST_F(DetectorFile, KnowsItsDelays) {
  const Detector detector = small_detector();
  EXPECT_EQ(detector.at_delay(9).recall, 0.125);
  expect_error([&] { detector.at_delay(3); }, {"delay of 3", "0, 4, 9"});
}

TEST_F(DetectorFile, WhatIsNoDetectorIsRefused) {
  expect_error([&] { read_detector(folder_ / "none"); }, {"none"});
  folder_.write("a.detector", "no tensors at all");
  expect_error([&] { read_detector(path()); }, {"a.detector"});
  expect_refused([](auto&, auto& metadata) { metadata.erase("format"); },
                 {"not a detector", "have no format"});
  expect_refused([](auto&, auto& metadata) { metadata["format"] = "spanlab detector 2"; },
                 {"not a detector", "spanlab detector 2"});
}

TEST_F(DetectorFile, ATruncatedFileIsRefused) {
  write_detector(path(), small_detector());
  const std::string bytes = read_file(path());
  for (const size_t size :
       {size_t{0}, size_t{4}, size_t{100}, bytes.size() / 2, bytes.size() - 1}) {
    folder_.write("a.detector", bytes.substr(0, size));
    expect_error([&] { read_detector(path()); }, {"a.detector"});
  }
}

TEST_F(DetectorFile, AMissingOrMisshapenTensorIsNamed) {
  expect_refused([](auto& tensors, auto&) { tensors.erase(tensors.begin() + 3); }, {"member.0."});
  expect_refused(
      [](auto& tensors, auto&) {
        for (Tensor& tensor : tensors) {
          if (tensor.name == "member.1.expansion_span_emission.1.weight") tensor.shape = {32, 1};
        }
      },
      {"member.1.expansion_span_emission.1", "[32, 1]"});
  // Of a third member there is nothing.
  expect_refused_facts("\"members\":2", "\"members\":3", {"member.2."});
}

TEST_F(DetectorFile, DamagedFactsAreRefused) {
  expect_refused([](auto&, auto& metadata) { metadata.erase("detector"); }, {"incomplete"});
  expect_refused([](auto&, auto& metadata) { metadata["detector"] = "{"; }, {"damaged"});
  for (const char* key :
       {"calibration", "slope", "stride", "shortest", "delays", "threshold", "points", "per_day",
        "bar_ms", "inputs", "deviation", "data_hash", "version", "members"}) {
    expect_refused_facts("\"" + std::string(key) + "\"", "\"other\"", {"incomplete or damaged"});
  }
  expect_refused_facts("\"stride\":3", "\"stride\":\"3\"", {"damaged"});
  expect_refused_facts("\"stride\":3", "\"stride\":0", {"stride"});
  expect_refused_facts("\"shortest\":2", "\"shortest\":0", {"shortest"});
  expect_refused_facts("\"members\":2", "\"members\":0", {"no members"});
  expect_refused_facts("\"members\":2", "\"members\":100000000", {"members"});
  expect_refused_facts("\"members\":2", "\"members\":-1", {"members"});
  expect_refused_facts("\"slope\":1.5", "\"slope\":null", {"damaged"});
  expect_refused_facts("\"default_delay\":4", "\"default_delay\":5", {"default"});
}

TEST_F(DetectorFile, DelaysMustFitTheWindow) {
  // 9 + 3 = 12 bars is all that a window of 12 can bear.
  expect_refused_facts("\"stride\":3", "\"stride\":4", {"delay"});
  expect_refused_facts("\"delay\":9", "\"delay\":10", {"delay"});
  expect_refused_facts("\"delay\":0", "\"delay\":-1", {"delay"});
  expect_refused([](auto&, auto& metadata) { metadata["recipe.data.window"] = "11"; }, {"delay"});
}

TEST_F(DetectorFile, TheRecipeMustBeThatOfTheMembers) {
  expect_refused(
      [](auto&, auto& metadata) { metadata["recipe.data.features"] = "[\"close_norm\"]"; },
      {"features"});
  expect_refused(
      [](auto&, auto& metadata) {
        metadata["recipe.data.features"] = "[\"close_norm\", \"body_pct\", \"range_z\", \"none\"]";
      },
      {"recipe", "none"});
  expect_refused([](auto&, auto& metadata) { metadata["recipe.model.hidden"] = "32"; },
                 {"member.0."});
  expect_refused([](auto&, auto& metadata) { metadata["recipe.model.colour"] = "1"; },
                 {"recipe", "colour"});
  expect_refused([](auto&, auto& metadata) { metadata["recipe.model.span_head"] = "\"one_span\""; },
                 {"expansion_span"});
}

}  // namespace
}  // namespace spanlab
