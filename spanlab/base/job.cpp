// The stop token of each thread.
#include "spanlab/base/job.h"

#include "spanlab/base/parallel.h"

namespace spanlab {
namespace {

thread_local const std::stop_token* thread_stop = nullptr;

}  // namespace

int Job::thread_count() const {
  return threads > 0 ? threads : available_processors();
}

StopScope::StopScope(const Job& job) : before_(thread_stop) {
  thread_stop = &job.stop;
}
StopScope::~StopScope() {
  thread_stop = before_;
}

void check_stop() {
  if (thread_stop != nullptr && thread_stop->stop_requested()) throw Stopped("stopped on request");
}

const std::stop_token* detail::current_stop() {
  return thread_stop;
}
void detail::set_current_stop(const std::stop_token* token) {
  thread_stop = token;
}

}  // namespace spanlab
