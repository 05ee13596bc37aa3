// --threads.
#include "cli/threads_option.h"

#include "cli/number_range.h"
#include "spanlab/base/parallel.h"

namespace spanlab::cli {

void add_threads_option(CLI::App& command, int& threads) {
  command
      .add_option("--threads", threads,
                  "Threads, 0 for one a processor; the result is the same for any number")
      ->check(whole_between(0, 1024))
      ->capture_default_str();
}

int threads_of(int threads) {
  return threads > 0 ? threads : available_processors();
}

}  // namespace spanlab::cli
