// The commands that README and docs show (blocks marked sh) run as they are printed, in the order
// of the page, in a fresh folder with the files that pages speak of. Each page is a test.
#include <gtest/gtest.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

#include "tests/commands/shell.h"

namespace spanlab::testing {
namespace {

namespace fs = std::filesystem;

/// What pages presume: bars with their spans and labelled windows, and bars of another day.
constexpr const char* kFiles = R"(
set -e
spanlab bars simulate --bars 30000 --seed 42 --out bars.csv --spans spans.csv
spanlab windows cut --bars bars.csv --spans spans.csv --rows-before 27000 --count 24 --overlaps 6 \
  --out windows.csv
spanlab bars simulate --bars 3000 --seed 43 --out other.csv --spans other_spans.csv
rm other_spans.csv
head -n 500 other.csv > live.csv
cat > run << 'END'
#!/bin/sh
[ "$1" = spanlab ] && shift
SPANLAB_NAME=./run exec spanlab "$@"
END
chmod +x run
)";

/// Commands that do not run as they are: with settings that make them short, or not at all.
struct Exception {
  std::string begins;      ///< the command's first words
  std::string added = {};  ///< behind it
  std::string why_not = {};
};
const std::array<Exception, 12> kExceptions = {{
    {.begins = "./run train ", .added = "--set train.epochs=2"},
    {.begins = "./run fit ", .added = "--folds 2 --members 1 --set train.epochs=1 model.hidden=16"},
    {.begins = "./run lab ", .added = "--seeds 1 --remedies 0 --no-detector --set train.epochs=1"},
    {.begins = "./run pretrain ", .added = "--steps 2"},
    {.begins = "./run demo", .why_not = "100 epochs and a detector; tests/slow runs it"},
    {.begins = "./run bench", .why_not = "builds the benchmarks and needs PyTorch"},
    {.begins = "./run test", .why_not = "builds and runs everything, this test too"},
    {.begins = "./run mutants", .why_not = "builds everything again and takes half an hour"},
    {.begins = "./run tidy", .why_not = "needs clang-tidy and takes many minutes"},
    {.begins = "cmake ", .why_not = "configures and builds; tests/install does that"},
    {.begins = "ninja ", .why_not = "builds in a folder that cmake would have made"},
    {.begins = "build-test/", .why_not = "is built by a command that is left out"},
}};

struct Command {
  int line;  ///< of the page, counted from 1
  std::string text;
  const Exception* exception;  ///< nullptr: none
};

const Exception* exception_of(const std::string& command) {
  for (const Exception& each : kExceptions) {
    if (command.starts_with(each.begins)) return &each;
  }
  return nullptr;
}

/// A line of sh without the comment at its end.
std::string without_comment(const std::string& line) {
  const size_t at = line.find(" #");
  return line.substr(0, line.find_last_not_of(' ', at) + 1);
}

std::vector<Command> commands_of(const fs::path& page) {
  std::ifstream in(page);
  if (!in) throw std::runtime_error("cannot read " + page.string());
  std::vector<Command> commands;
  bool inside = false, continued = false;
  int number = 0;
  for (std::string line; std::getline(in, line);) {
    ++number;
    if (line.starts_with("```")) {
      inside = line == "```sh";
    } else if (inside) {
      if (!continued) commands.push_back({number, "", nullptr});
      commands.back().text += (continued ? "\n" : "") + without_comment(line);
      continued = line.ends_with("\\");
    }
  }
  for (Command& command : commands) command.exception = exception_of(command.text);
  return commands;
}

std::set<fs::path> pages() {
  std::set<fs::path> found = {"README.md", "CONTRIBUTING.md"};
  for (const auto& entry : fs::recursive_directory_iterator("docs")) {
    if (entry.path().extension() == ".md") found.insert(entry.path());
  }
  return found;
}

class Page : public ::testing::Test {
 public:
  explicit Page(fs::path file) : file_(std::move(file)) {}

  void TestBody() override {
    const Shell shell;
    const std::string kernels = "unset SPANLAB_ISA; ";  // the machine's own: nothing is compared
    const ShellResult made = shell.run(kernels + kFiles);
    ASSERT_EQ(made.status, 0) << made.err;
    for (const Command& command : commands_of(file_)) {
      std::string text = command.text;
      if (command.exception != nullptr) {
        if (!command.exception->why_not.empty()) continue;
        text += " " + command.exception->added;
      }
      const ShellResult result = shell.run(kernels + text);
      if (result.status == 0) continue;
      ADD_FAILURE_AT(file_.c_str(), command.line)
          << "this command ends with status " << result.status << ":\n"
          << text << "\n"
          << result.err;
    }
  }

 private:
  fs::path file_;
};

TEST(Docs, EachExceptionIsThatOfACommand) {
  std::map<const Exception*, int> used;
  for (const fs::path& page : pages()) {
    for (const Command& command : commands_of(page)) ++used[command.exception];
  }
  for (const Exception& each : kExceptions) EXPECT_GT(used[&each], 0) << each.begins;
  EXPECT_GT(used[nullptr], 20);  // commands that run as they are
}

}  // namespace
}  // namespace spanlab::testing

int main(int argc, char** argv) {
  ::testing::InitGoogleTest(&argc, argv);
  for (const std::filesystem::path& page : spanlab::testing::pages()) {
    if (spanlab::testing::commands_of(page).empty()) continue;
    ::testing::RegisterTest(
        "Docs", page.c_str(), nullptr, nullptr, page.c_str(), 1,
        [page]() -> ::testing::Test* { return new spanlab::testing::Page(page); });
  }
  return RUN_ALL_TESTS();
}
