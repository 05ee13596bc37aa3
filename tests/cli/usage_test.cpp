// What holds for every command: its help, an unknown option, a slip of the pen; and exit statuses.
// What is printed: tests/commands.
#include <gtest/gtest.h>

#include <new>
#include <string>
#include <vector>

#include "cli/commands.h"
#include "cli/exit_status.h"
#include "spanlab/base/error.h"
#include "tests/cli/run_program.h"

namespace spanlab {
namespace {

using ::spanlab::testing::run_program;
using ::spanlab::testing::RunResult;

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

void expect_usage_error(const RunResult& result) {
  EXPECT_EQ(result.status, cli::kWrongUsage) << result.err;
  EXPECT_TRUE(result.err.starts_with("error: ")) << result.err;
  EXPECT_TRUE(contains(result.err, "\nhint: ")) << result.err;
  EXPECT_EQ(result.out, "");
}

// A command and the words that lead to it.
struct NamedCommand {
  cli::Command command;
  std::vector<std::string> words;
};

void append_commands(const std::vector<cli::Command>& commands,
                     const std::vector<std::string>& words, std::vector<NamedCommand>& found) {
  for (const cli::Command& command : commands) {
    std::vector<std::string> path = words;
    path.push_back(command.name);
    found.push_back({command, path});
    append_commands(command.parts, path, found);
  }
}

class EveryCommand : public ::testing::Test {
 protected:
  EveryCommand() { append_commands(cli::all_commands(), {}, commands_); }
  void SetUp() override { ASSERT_FALSE(commands_.empty()); }

  std::vector<NamedCommand> commands_;
};

std::string help_of(std::vector<std::string> line) {
  line.push_back("--help");
  return run_program(line).out;
}

TEST_F(EveryCommand, HelpShowsEveryOptionWithWhatItMeans) {
  for (const auto& [command, words] : commands_) {
    std::vector<std::string> line = words;
    line.push_back("--help");
    const RunResult result = run_program(line);
    const std::string& name = words.back();
    EXPECT_EQ(result.status, 0) << name << ": " << result.err;
    EXPECT_EQ(result.err, "") << name;
    EXPECT_FALSE(command.help.empty()) << name;
    EXPECT_FALSE(contains(result.out, "First steps")) << name;
    for (const cli::Option& option : command.options.all()) {
      EXPECT_TRUE(contains(result.out, option.name)) << name << " " << option.name;
      EXPECT_FALSE(option.help.empty()) << name << " " << option.name;
    }
  }
}

TEST_F(EveryCommand, SuggestsWhatTheProgramWasCalledAs) {
  const testing::RunOptions options{.environment = {"SPANLAB_NAME=./run"}};
  for (const auto& [command, words] : commands_) {
    std::vector<std::string> line = words;
    line.push_back("--help");
    const RunResult help = run_program(line, options);
    EXPECT_TRUE(contains(help.out, "Usage: ./run " + words.front())) << help.out;
    EXPECT_FALSE(contains(help.out, "spanlab ")) << help.out;
    line.back() = "--no-such-option-anywhere";
    const RunResult refused = run_program(line, options);
    EXPECT_TRUE(contains(refused.err, "`./run " + words.front())) << refused.err;
    EXPECT_FALSE(contains(refused.err, "spanlab")) << refused.err;
  }
  EXPECT_TRUE(contains(run_program({"--help"}, options).out, "First steps:\n  ./run demo"));
  EXPECT_TRUE(contains(run_program({"recipe"}, options).err, "hint: ./run recipe "));
}

TEST_F(EveryCommand, HelpEndsWithABlankLine) {
  for (const auto& [command, words] : commands_) {
    EXPECT_TRUE(help_of(words).ends_with("\n\n")) << words.back();
  }
}

TEST_F(EveryCommand, RefusesAnUnknownOptionAndNamesItself) {
  for (const auto& [command, words] : commands_) {
    std::vector<std::string> line = words;
    std::string typed = "spanlab";
    for (const std::string& word : line) typed += " " + word;
    line.push_back("--no-such-option-anywhere");
    const RunResult result = run_program(line);
    expect_usage_error(result);
    EXPECT_TRUE(contains(result.err, typed)) << result.err;
  }
}

TEST_F(EveryCommand, ASlipOfThePenIsRecognised) {
  for (const auto& [command, words] : commands_) {
    std::vector<std::string> line = words;
    if (line.back().size() < 4) continue;
    std::swap(line.back()[1], line.back()[2]);
    if (line.back() == words.back()) continue;
    const RunResult result = run_program(line);
    expect_usage_error(result);
    EXPECT_TRUE(contains(result.err, words.back() + "`?")) << result.err;
  }
}

TEST_F(EveryCommand, HelpSaysInWordsWhichNumbersAnOptionTakes) {
  for (const auto& [command, words] : commands_) {
    const std::string help = help_of(words);
    for (const char* word : {"POSITIVE", "NONNEGATIVE", " in ["}) {
      EXPECT_FALSE(contains(help, word)) << help;
    }
  }
}

TEST(ExitStatus, FollowsWhatWasThrown) {
  EXPECT_EQ(cli::status_of([] {}), 0);
  EXPECT_EQ(cli::status_of([] { throw Error("a", "b"); }), cli::kBadInput);
  EXPECT_EQ(cli::status_of([] { throw std::bad_alloc(); }), cli::kBadInput);
  EXPECT_EQ(cli::status_of([] { throw cli::UsageError("a", "b"); }), cli::kWrongUsage);
  EXPECT_EQ(cli::status_of([] { throw std::logic_error("a"); }), cli::kBug);
  EXPECT_EQ(cli::kBadInput, 1);
  EXPECT_EQ(cli::kWrongUsage, 2);
  EXPECT_EQ(cli::kBug, 70);
}

TEST(ExitStatus, TellsErrorAndHint) {
  ::testing::internal::CaptureStderr();
  cli::status_of([] { throw Error("no such file: x", "check the name"); });
  EXPECT_EQ(::testing::internal::GetCapturedStderr(),
            "error: no such file: x\nhint: check the name\n");
}

}  // namespace
}  // namespace spanlab
