// Whether two run folders contain the same results.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <sstream>
#include <string>

#include "spanlab/base/file.h"
#include "spanlab/runs/metadata.h"
#include "spanlab/runs/table_rows.h"

namespace spanlab {

inline std::string contents(const std::filesystem::path& path) {
  return read_file(path);
}

/// A table without its last column (the time of an epoch differs from run to run).
inline std::string without_last_column(const std::filesystem::path& path) {
  std::istringstream in(contents(path));
  std::string text;
  for (std::string line; std::getline(in, line);) text += line.substr(0, line.rfind(',')) + "\n";
  return text;
}

inline long lines(const std::filesystem::path& path) {
  const std::string text = contents(path);
  return std::count(text.begin(), text.end(), '\n');
}

/// Same tables, checkpoints and weights.
inline void expect_same_run(const std::filesystem::path& a, const std::filesystem::path& b) {
  for (const auto& [form, columns, tensor_help] : described_tables()) {
    const std::string table = form.file();
    if (form.name == "epoch_metrics") continue;  // see below
    ASSERT_EQ(std::filesystem::exists(a / table), std::filesystem::exists(b / table)) << table;
    if (!std::filesystem::exists(a / table)) continue;
    EXPECT_EQ(contents(a / table), contents(b / table)) << table;
  }
  Metadata first = read_metadata(a / "metadata.json"), second = read_metadata(b / "metadata.json");
  first.timestamp = second.timestamp;
  first.threads = second.threads;
  EXPECT_EQ(first, second);
  EXPECT_EQ(without_last_column(a / "epoch_metrics.csv"),
            without_last_column(b / "epoch_metrics.csv"));
  for (const auto& entry : std::filesystem::directory_iterator(a)) {
    if (entry.path().extension() != ".safetensors") continue;
    EXPECT_EQ(contents(entry.path()), contents(b / entry.path().filename())) << entry.path();
  }
}

}  // namespace spanlab
