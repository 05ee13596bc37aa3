// Exit statuses, how an error becomes a status and a message, and the program's name in messages.
#pragma once

#include <cstdlib>
#include <functional>
#include <stdexcept>
#include <string>
#include <utility>

namespace spanlab::cli {

inline constexpr int kBadInput = 1;
inline constexpr int kWrongUsage = 2;
inline constexpr int kBug = 70;           // EX_SOFTWARE of sysexits.h
inline constexpr int kInterrupted = 130;  // as shells report a program ended by Ctrl-C

/// A command line that makes no sense, as opposed to input that does not (Error).
class UsageError : public std::runtime_error {
 public:
  UsageError(const std::string& what, std::string hint)
      : std::runtime_error(what), hint_(std::move(hint)) {}
  const std::string& hint() const { return hint_; }

 private:
  std::string hint_;
};

/// The user stopped the work; what() says how to continue.
class Interrupted : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Runs the job and flushes stdout; 0, or the status of what went wrong after telling stderr:
/// `error: ...`, `hint: ...`. Output that could not be written whole is an error.
int status_of(const std::function<void()>& job);

/// "spanlab", or what the run script says it was called as ("./run").
inline std::string program_name() {
  const char* name = std::getenv("SPANLAB_NAME");
  return name != nullptr ? name : "spanlab";
}

}  // namespace spanlab::cli
