// The only place where errors are printed.
#include "cli/exit_status.h"

#include <fmt/format.h>

#include <cstdio>
#include <filesystem>
#include <new>

#include "spanlab/base/error.h"

namespace spanlab::cli {
namespace {

int report(int status, std::string_view what, std::string_view hint) {
  std::fflush(stdout);  // what was said before the error stays before it
  fmt::print(stderr, "error: {}\nhint: {}\n", what, hint);
  return status;
}

int report_output() {
  return report(kBadInput, "not all of the output could be written to stdout",
                "check the disk, or the program that reads stdout");
}

}  // namespace

int status_of(const std::function<void()>& job) {
  try {
    job();
    const bool written = std::fflush(stdout) == 0 && std::ferror(stdout) == 0;
    return written ? 0 : report_output();
  } catch (const Interrupted& e) {
    std::fflush(stdout);
    fmt::print(stderr, "{}\n", e.what());
    return kInterrupted;
  } catch (const UsageError& e) {
    return report(kWrongUsage, e.what(), e.hint());
  } catch (const Error& e) {
    return report(kBadInput, e.what(), e.hint());
  } catch (const std::filesystem::filesystem_error& e) {
    return report(kBadInput, fmt::format("{}: {}", e.path1().string(), e.code().message()),
                  "check that the path is correct and that you may write there");
  } catch (const std::bad_alloc&) {
    return report(kBadInput, "there is not enough memory", "use fewer bars or windows at a time");
  } catch (const std::exception& e) {
    if (std::ferror(stdout) != 0) return report_output();  // it is what the printing threw
    return report(kBug, e.what(), "this is a bug in spanlab; please report it with the command");
  }
}

}  // namespace spanlab::cli
