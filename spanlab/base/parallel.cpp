// The pool's threads. They spin briefly before they sleep, so that short jobs start at once.
#include "spanlab/base/parallel.h"

#include <sched.h>

#include <algorithm>
#include <system_error>

#include "spanlab/base/job.h"

namespace spanlab {
namespace {

// About 0.2 milliseconds: longer than the one-thread parts between two parallel ones of a training
// step.
constexpr int kSpins = 20000;

void pause_briefly() {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#endif
}

}  // namespace

ThreadPool::ThreadPool(int threads)
    : failures_(static_cast<size_t>(std::max(threads, 1))),
      claimed_(failures_.size()),
      // More threads than processors: one that spins would keep another from its work.
      spins_(threads <= available_processors() ? kSpins : 0) {
  workers_.reserve(failures_.size());
  try {
    for (int k = 1; k < threads; ++k) workers_.emplace_back([this, k] { work(k); });
  } catch (const std::system_error&) {
    // The system's limit: those that run are enough.
  }
}

ThreadPool::~ThreadPool() {
  stopping_ = true;
  generation_.fetch_add(1, std::memory_order_release);
  generation_.notify_all();
  for (std::thread& worker : workers_) worker.join();
}

void ThreadPool::run(int items, const std::function<void(int)>& f) {
  if (items <= 0) return;
  // Whoever may stop the caller may stop those that work for it.
  const std::stop_token* stop = detail::current_stop();
  const std::function<void(int)> stoppable = [&](int item) {
    const std::stop_token* before = detail::current_stop();
    detail::set_current_stop(stop);
    try {
      f(item);
    } catch (...) {
      detail::set_current_stop(before);
      throw;
    }
    detail::set_current_stop(before);
  };
  job_ = stop != nullptr ? &stoppable : &f;
  items_ = items;
  std::fill(failures_.begin(), failures_.end(), nullptr);
  pending_.store(size(), std::memory_order_relaxed);
  const uint32_t job = generation_.fetch_add(1, std::memory_order_release) + 1;
  if (!workers_.empty()) generation_.notify_all();
  run_parts(0, job);
  for (int spin = 0; pending_.load(std::memory_order_acquire) != 0; ++spin) {
    if (spin < spins_) {
      pause_briefly();
    } else if (const int left = pending_.load(std::memory_order_acquire); left != 0) {
      pending_.wait(left, std::memory_order_acquire);
    }
  }
  for (const std::exception_ptr& failure : failures_) {
    if (failure) std::rethrow_exception(failure);
  }
}

/// Begins with the thread's own part. Whoever claims a part keeps its job from ending, so the job's
/// data stay; a thread that comes late finds everything claimed.
void ThreadPool::run_parts(int thread, uint32_t job) {
  for (int k = 0; k < size(); ++k) {
    const int part = (thread + k) % size();
    uint32_t before = job - 1;
    if (!claimed_[static_cast<size_t>(part)].compare_exchange_strong(before, job,
                                                                     std::memory_order_acq_rel)) {
      continue;
    }
    run_part(part);
    if (pending_.fetch_sub(1, std::memory_order_acq_rel) == 1) pending_.notify_one();
  }
}

void ThreadPool::run_part(int part) {
  const int64_t n = items_;
  const int first = static_cast<int>(n * part / size());
  const int last = static_cast<int>(n * (part + 1) / size());
  try {
    for (int item = first; item < last; ++item) (*job_)(item);
  } catch (...) {
    failures_[static_cast<size_t>(part)] = std::current_exception();
  }
}

void ThreadPool::work(int thread) {
  uint32_t seen = 0;
  while (true) {
    uint32_t job = seen;
    for (int spin = 0; (job = generation_.load(std::memory_order_acquire)) == seen; ++spin) {
      if (spin < spins_) {
        pause_briefly();
      } else {
        generation_.wait(seen, std::memory_order_acquire);
      }
    }
    if (stopping_) return;
    run_parts(thread, job);
    seen = job;
  }
}

int available_processors() {
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof set, &set) == 0) return std::max(1, CPU_COUNT(&set));
  return std::max(1u, std::thread::hardware_concurrency());
}

}  // namespace spanlab
