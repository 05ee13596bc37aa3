// Tests as text: a file of commands with what each prints, and how it ends.
//
//     # A comment says what is shown.
//     > bars.csv                            a file for the commands, its lines after bars
//     | time,open,high,low,close
//     | 60,1,2,1,x
//
//     $ spanlab bars check bars.csv         a command for sh; indented lines continue it
//     | a line of standard output
//     ! a line of standard error
//     [exit 1]                              where it is not 0
//
// Both outputs are compared whole. Placeholders stand for what is not the same each time:
// <seconds> a number, <hash> 16 or more hexadecimal digits, <folder> where the commands run, <any>
// any text within a line. <no newline> ends an output whose last line does not end.
#pragma once

#include <string>
#include <vector>

#include "tests/commands/shell.h"

namespace spanlab::testing {

/// One part of a text: comments and blank lines, a file or a command.
struct Step {
  enum class Kind { comment, file, command };
  Kind kind = Kind::comment;
  int line = 0;                        ///< of the text, counted from 1
  std::vector<std::string> head{};     ///< as it stands: comments, `> NAME`, `$ command`
  std::vector<std::string> content{};  ///< of a file, or what a command is expected to print
};

/// Throws std::runtime_error, which names the line, where the text is not of this form.
std::vector<Step> parse_script(const std::string& text);
std::string script_text(const std::vector<Step>& steps);

/// Writes the file of a step or runs its command. What the command printed, in the form of
/// `content` and with placeholders for what is known to vary.
std::vector<std::string> perform(const Step& step, const Shell& shell);

/// Empty if `printed` is what is expected. Otherwise both, line by line: those that only one has
/// begin with - (expected) or + (printed).
std::string difference(const std::vector<std::string>& expected,
                       const std::vector<std::string>& printed);

/// `printed`, with the expected line wherever it fits: it may have placeholders.
std::vector<std::string> accepted(const std::vector<std::string>& expected,
                                  const std::vector<std::string>& printed);

}  // namespace spanlab::testing
