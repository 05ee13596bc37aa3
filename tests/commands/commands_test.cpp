// Each tests/commands/*.txt is a test (script.h has their form). SPANLAB_ACCEPT=1 rewrites what is
// expected: look at the change before you commit it.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

#include "tests/commands/script.h"

namespace spanlab::testing {
namespace {

namespace fs = std::filesystem;

std::string file_text(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) throw std::runtime_error("cannot read " + file.string());
  return {std::istreambuf_iterator<char>(in), {}};
}

class TextTest : public ::testing::Test {
 public:
  explicit TextTest(fs::path file) : file_(std::move(file)) {}

  void TestBody() override {
    const char* accept = std::getenv("SPANLAB_ACCEPT");
    const bool accepting = accept != nullptr && std::string(accept) == "1";
    const std::string text = file_text(file_);
    std::vector<Step> steps = parse_script(text);
    const Shell shell;
    for (Step& step : steps) {
      const std::vector<std::string> printed = perform(step, shell);
      if (step.kind != Step::Kind::command) continue;
      if (accepting) {
        step.content = accepted(step.content, printed);
        continue;
      }
      const std::string differs = difference(step.content, printed);
      if (differs.empty()) continue;
      ADD_FAILURE_AT(file_.c_str(), step.line)
          << "- is expected, + is what the program does\n"
          << step.head.front() << "\n"
          << differs << "If this is meant, run again with SPANLAB_ACCEPT=1 and look at the change.";
    }
    if (accepting && script_text(steps) != text) {
      std::ofstream(file_, std::ios::binary) << script_text(steps);
    }
  }

 private:
  fs::path file_;
};

}  // namespace
}  // namespace spanlab::testing

int main(int argc, char** argv) {
  ::testing::InitGoogleTest(&argc, argv);
  std::set<std::filesystem::path> files;  // sorted
  for (const auto& entry : std::filesystem::directory_iterator("tests/commands")) {
    if (entry.path().extension() == ".txt") files.insert(entry.path());
  }
  for (const std::filesystem::path& file : files) {
    ::testing::RegisterTest(
        "Commands", file.stem().c_str(), nullptr, nullptr, file.c_str(), 1,
        [file]() -> ::testing::Test* { return new spanlab::testing::TextTest(file); });
  }
  return RUN_ALL_TESTS();
}
