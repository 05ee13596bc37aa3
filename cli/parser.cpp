// The command line. The parser is CLI11's, which no other file includes; the messages are ours:
// which command, what was meant, what to type.
#include <CLI/CLI.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <iostream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cli/commands.h"
#include "cli/exit_status.h"
#include "spanlab/base/error.h"
#include "spanlab/base/text.h"
#include "spanlab/base/version.h"

namespace spanlab::cli {
namespace {

constexpr const char* kFirstSteps = R"(First steps:
  {0} demo                    train on a simulated market and show what came out
  {0} bars check bars.csv     what is wrong with a file of bars
  {0} train baseline --bars bars.csv --windows windows.csv --out my_run
  {0} COMMAND --help          what a command does, and its options
)";

std::vector<const CLI::App*> commands_of(const CLI::App& app) {
  return app.get_subcommands([](const CLI::App*) { return true; });
}

std::vector<std::string> option_names(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
  }
  return names;
}

bool is_option(std::string_view word) {
  return word.starts_with('-');
}

/// The command that the line names and how it is typed, as far as the line makes sense. Throws
/// UsageError at a word that is no command.
std::pair<const CLI::App*, std::string> named_command(const CLI::App& app, int argc,
                                                      const char* const* argv) {
  const CLI::App* command = &app;
  std::string typed = app.get_name();
  for (int i = 1; i < argc && !is_option(argv[i]) && !commands_of(*command).empty(); ++i) {
    std::vector<std::string> names;
    const CLI::App* next = nullptr;
    for (const CLI::App* candidate : commands_of(*command)) {
      names.push_back(candidate->get_name());
      if (names.back() == argv[i]) next = candidate;
    }
    if (next == nullptr) {
      const std::string nearest = nearest_name(argv[i], names);
      throw UsageError(fmt::format("`{}` has no command {}", typed, in_quotes(argv[i])),
                       nearest.empty() ? fmt::format("it has: {}", fmt::join(names, ", "))
                                       : fmt::format("did you mean `{} {}`?", typed, nearest));
    }
    command = next;
    typed += " " + next->get_name();
  }
  return {command, typed};
}

/// The first long option on the line that the command does not know; empty if there is none.
std::string unknown_option(const std::vector<std::string>& known, int argc,
                           const char* const* argv) {
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i];
    if (word == "--") break;  // what follows are values
    std::string name(word.substr(0, word.find('=')));
    if (word.starts_with("--") && std::find(known.begin(), known.end(), name) == known.end()) {
      return name;
    }
  }
  return "";
}

/// A value that its option refuses.
class WrongValue : public CLI::ParseError {
 public:
  explicit WrongValue(const spanlab::Error& error)
      : CLI::ParseError(error.what(), CLI::ExitCodes::ValidationError), hint_(error.hint()) {}
  const std::string& hint() const { return hint_; }

 private:
  std::string hint_;
};

/// CLI11's complaint in our form: with the command, and what was meant.
UsageError usage_error(const CLI::ParseError& e, const CLI::App& app, int argc,
                       const char* const* argv) {
  const auto [command, typed] = named_command(app, argc, argv);
  const std::string help = fmt::format("`{} --help` shows its options", typed);
  const std::vector<std::string> known = option_names(*command);
  if (const std::string word = unknown_option(known, argc, argv); !word.empty()) {
    const std::string nearest = nearest_name(word, known);
    return UsageError(fmt::format("`{}` has no option {}", typed, in_quotes(word)),
                      nearest.empty() ? help : fmt::format("did you mean {}? {}", nearest, help));
  }
  if (command->get_subcommands().empty() && !commands_of(*command).empty()) {
    return UsageError(fmt::format("`{}` needs a command", typed), help);
  }
  const auto* wrong = dynamic_cast<const WrongValue*>(&e);
  return UsageError(fmt::format("{}: {}", typed, e.what()),
                    wrong == nullptr ? help : fmt::format("{}; {}", wrong->hint(), help));
}

constexpr int kMostValues = CLI::detail::expected_max_vector_size;

void add_option(CLI::App& app, const Option& option) {
  if (option.flag != nullptr) {
    app.add_flag(option.name, *option.flag, option.help);
    return;
  }
  const auto take = [&option](const CLI::results_t& values) {
    try {
      option.store(values);
    } catch (const Error& e) {
      throw WrongValue(e);
    }
    return true;
  };
  CLI::Option* added = app.add_option(option.name, take, option.help);
  added->type_name(option.values)->required(option.is_required);
  if (option.most == kAnyNumber) {
    if (option.least == 1) added->take_all();  // which would forget how many there must be
    added->expected(kMostValues);              // lets it take all values that follow
    added->expected(option.least, kMostValues);
    added->allow_extra_args(!option.one_at_a_time);
  }
  if (!option.default_text.empty()) added->default_str(option.default_text);
  if (!option.instead_of.empty()) added->excludes(app.get_option(option.instead_of));
}

/// `commands` must outlive the parser.
void add_commands(CLI::App& app, const std::vector<Command>& commands) {
  for (const Command& command : commands) {
    CLI::App* added = app.add_subcommand(command.name, command.help);
    for (const Option& option : command.options.all()) add_option(*added, option);
    if (!command.options.footer().empty()) added->footer(command.options.footer());
    if (command.run) added->callback(command.run);
    if (!command.parts.empty()) added->require_subcommand(1);
    add_commands(*added, command.parts);
  }
}

void set_up_parser(CLI::App& app, const std::vector<Command>& commands) {
  app.name(program_name());
  app.description("spanlab explains why a span detector does not learn, and trains one that does.");
  app.set_version_flag("--version", "spanlab " + std::string(version()), "Show the version");
  app.set_help_flag("-h,--help", "Show this text");
  app.require_subcommand(1);
  add_commands(app, commands);
  app.footer(
      fmt::format(kFirstSteps, program_name()));  // after the commands, which would inherit it
}

}  // namespace

void run_command_line(int argc, const char* const* argv) {
  const std::vector<Command> commands = all_commands();
  CLI::App app;
  set_up_parser(app, commands);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    if (e.get_exit_code() != 0) throw usage_error(e, app, argc, argv);
    app.exit(e, std::cout, std::cerr);
  }
}

}  // namespace spanlab::cli
