// What a command takes: positional arguments, options and flags, each bound to a variable.
// parser.cpp turns them into a command line.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "spanlab/base/error.h"
#include "spanlab/base/settings.h"

namespace spanlab::cli {

/// One argument of a command. For the parser; commands only call the functions that return *this.
struct Option {
  std::string name;  ///< "--bars", or "file" of a positional argument
  std::string help;
  std::string values;        ///< what the help text shows of them: "TEXT", "INT:1 to 100"
  std::string default_text;  ///< empty: there is none to show
  /// Takes all values given; throws Error if they are not what is wanted. Empty: a flag.
  std::function<void(const std::vector<std::string>&)> store;
  bool* flag = nullptr;
  bool is_required = false;
  int least = 1, most = 1;      ///< values
  bool one_at_a_time = false;   ///< of several values, one after each name
  std::string instead_of = {};  ///< an option that must not be given too

  Option& required();
  /// Text that is one of these.
  Option& one_of(std::vector<std::string> choices);
  Option& at_least(int count);
  Option& excludes(std::string other);
  /// `--set a --set b`, but not `--set a b`, so that a positional argument may follow.
  Option& one_value_each();
};

inline constexpr int kAnyNumber = -1;

/// Names and values of settings that a command line gives.
using GivenSettings = std::vector<std::pair<std::string, SettingValue>>;

/// Sets those of `settings` that were given.
void set_given(const GivenSettings& given, const std::vector<Setting>& settings);

/// An error in what a file says, which has no options.
class FileError : public Error {
 public:
  FileError(const std::string& file, const Error& error)
      : Error(file + ": " + error.what(), error.hint()) {}
};

/// Names of settings, and the options that stand for them.
using OptionNames = std::vector<std::pair<std::string, std::string>>;

/// Runs the command. In what it throws (Error, UsageError), which calls settings by the library's
/// names, it calls them by their options; but for errors in a file, which has no options.
void run_naming_options(const OptionNames& names, const std::function<void()>& run);

class Options {
 public:
  Option& positional(std::string name, std::string& value, std::string help);
  Option& positional(std::string name, std::vector<std::string>& values, std::string help);
  /// Text, empty by default.
  Option& option(std::string name, std::string& value, std::string help);
  /// Any number of texts.
  Option& option(std::string name, std::vector<std::string>& values, std::string help);
  /// Whole numbers: a variable, an optional one, or a vector.
  template <class T>
  Option& option(std::string name, T& value, IntegerRange range, std::string help) {
    return setting(integer_setting(std::move(name), value, range, std::move(help)));
  }
  /// Other numbers, likewise.
  template <class T>
  Option& option(std::string name, T& value, NumberRange range, std::string help) {
    return setting(number_setting(std::move(name), value, range, std::move(help)));
  }
  Option& flag(std::string name, bool& value, std::string help);
  /// An option for a declared setting, with its range, default and help.
  Option& setting(const Setting& declared, GivenSettings* given = nullptr);
  /// Options for all of them. `given`: gets those that the line gives, in the order of the
  /// declarations, to set them again after a file has been read.
  void settings(const std::vector<Setting>& declared, GivenSettings* given = nullptr);
  /// Text at the end of the help.
  void footer(std::string text) { footer_ = std::move(text); }

  const std::deque<Option>& all() const { return all_; }
  const std::string& footer() const { return footer_; }
  const OptionNames& names() const { return names_; }

 private:
  Option& add(Option option);

  std::deque<Option> all_;  // references to its elements stay valid
  OptionNames names_;
  std::string footer_;
};

/// A command, or a group of commands.
struct Command {
  std::string name, help;
  Options options;
  std::function<void()> run;  ///< empty: a group
  std::vector<Command> parts = {};
};

/// A command that keeps what was given in a `Values`.
template <class Values>
Command make_command(std::string name, std::string help, void (*declare)(Options&, Values&),
                     void (*run)(const Values&)) {
  const auto values = std::make_shared<Values>();
  Options options;
  declare(options, *values);
  return {std::move(name), std::move(help), options, [values, run, names = options.names()] {
            run_naming_options(names, [&] { run(*values); });
          }};
}

}  // namespace spanlab::cli
