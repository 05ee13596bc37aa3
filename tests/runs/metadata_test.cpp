// metadata.json: round trip, the keys of the file, damaged files.
#include "spanlab/runs/metadata.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <regex>

#include "tests/expect_error.h"
#include "tests/temporary_folder.h"

namespace spanlab {
namespace {

using nlohmann::json;

Metadata example() {
  Metadata m;
  m.timestamp = "2025-10-26T22:50:00Z";
  m.status = RunStatus::stopped;
  m.version = "0.1.0";
  m.settings = {{"train.batch", "32"},
                {"train.learning_rate", "0.001"},
                {"loss.tasks", "[\"type\",\"ptr\"]"},
                {"split.kind", "\"random\""}};
  m.inputs = {{"bars", "data/\"my\" bars.csv"}, {"windows", "w.csv"}};
  m.data_hash = "00ff";
  m.dataset_size = 210, m.train_size = 168, m.val_size = 42;
  m.feature_names = {"open_norm", "close_norm"};
  m.total_parameters = m.trainable_parameters = 97547;
  m.seed = 9007199254740993;  // not a double
  m.cpu = "A CPU", m.instruction_set = "avx2", m.threads = 2;
  m.epochs_completed = 68, m.best_epoch = 60;
  return m;
}

TEST(Metadata, RoundTrip) {
  const TemporaryFolder folder;
  Metadata m = example();
  write_metadata(folder / "m.json", m);
  EXPECT_TRUE(read_metadata(folder / "m.json") == m);
  m.status = RunStatus::completed;
  m.weights_hash = "abc";
  m.best_epoch = std::nullopt;
  m.start_hash = "beef";
  m.source_hash = {{"bars", "01"}, {"windows", "02"}};
  write_metadata(folder / "m.json", m);
  EXPECT_TRUE(read_metadata(folder / "m.json") == m);
}

TEST(Metadata, TextNeedsNoFile) {
  EXPECT_TRUE(parse_metadata(metadata_text(example()), "memory") == example());
  expect_error([] { parse_metadata("{}", "memory"); }, {"memory is not the metadata of a run"});
}

TEST(Metadata, KeysOfTheFile) {
  const TemporaryFolder folder;
  write_metadata(folder / "m.json", example());
  const json file = json::parse(folder.read("m.json"));
  EXPECT_EQ(file["timestamp"], "2025-10-26T22:50:00Z");
  EXPECT_EQ(file["status"], "stopped");
  EXPECT_EQ(file["settings"]["train.batch"], 32);
  EXPECT_EQ(file["settings"]["loss.tasks"], (json{"type", "ptr"}));
  EXPECT_EQ(file["parameters"]["total"], 97547);
  EXPECT_EQ(file["parameters"]["trainable"], 97547);
  EXPECT_EQ(file["dataset_size"], 210);
  EXPECT_EQ(file["train_size"], 168);
  EXPECT_EQ(file["val_size"], 42);
  EXPECT_EQ(file["feature_names"].size(), 2u);
  EXPECT_TRUE(file["weights_hash"].is_null());
  EXPECT_FALSE(file.contains("source_hash") || file.contains("start_hash"));
  EXPECT_EQ(folder.read("m.json").substr(0, 15), "{\n  \"timestamp\"");  // in reading order
}

TEST(Metadata, PathsThatAreNotUtf8AreStillWritten) {
  const TemporaryFolder folder;
  Metadata m = example();
  m.inputs["bars"] = "\xff.csv";
  write_metadata(folder / "m.json", m);
  EXPECT_EQ(read_metadata(folder / "m.json").inputs["bars"], "\xef\xbf\xbd.csv");
}

TEST(Metadata, DamagedFilesAreRefused) {
  const TemporaryFolder folder;
  write_metadata(folder / "m.json", example());
  const std::string good = folder.read("m.json");
  const auto refused = [&](const std::string& text) {
    const auto path = folder.write("bad.json", text);
    expect_error([&] { read_metadata(path); }, {"bad.json", "another folder"});
  };
  for (size_t length : {size_t{0}, size_t{1}, good.size() / 2, good.size() - 3}) {
    refused(good.substr(0, length));
  }
  for (const char* text : {"[]", "3", "null", "{}", "\xff", "{\"timestamp\": 3}"}) refused(text);
  // Every key must be there, and none may be of another type.
  const json file = json::parse(good);
  for (const auto& item : file.items()) {
    json without = file;
    without.erase(item.key());
    refused(without.dump());
    json wrong = file;
    wrong[item.key()] = json{{"a", {true}}};
    if (item.key() != "settings") refused(wrong.dump());
  }
  json odd = file;
  odd["status"] = "dancing";
  refused(odd.dump());
}

TEST(Metadata, TimestampIsIso8601) {
  EXPECT_TRUE(std::regex_match(utc_timestamp(), std::regex(R"(20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ)")));
}

}  // namespace
}  // namespace spanlab
