// A thread pool with one operation: run f(0..items-1), by default a contiguous part per thread;
// idle threads take parts that no other has begun.
#pragma once

#include <atomic>
#include <cstdint>
#include <exception>
#include <functional>
#include <thread>
#include <vector>

namespace spanlab {

/// Threads that wait for work. The caller is thread 0; `threads - 1` more are started.
/// Not reentrant: one run() at a time, from one thread.
class ThreadPool {
 public:
  /// Goes on with fewer threads where the system gives no more: no result depends on them.
  explicit ThreadPool(int threads);
  ~ThreadPool();
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;

  int size() const { return static_cast<int>(workers_.size()) + 1; }

  /// Calls f(item) for every item in [0, items). There is one contiguous part for each thread,
  /// which takes its own first, so that its data stay in its cache, then those that nobody has
  /// begun: on a busy machine a thread that gets no processor keeps no other waiting. Returns when
  /// all are done; the first exception (lowest part) is thrown on. Results must not depend on which
  /// thread ran what: then they do not depend on the number of threads.
  void run(int items, const std::function<void(int)>& f);

 private:
  void work(int thread);
  void run_parts(int thread, uint32_t job);
  void run_part(int part);

  std::vector<std::thread> workers_;
  std::vector<std::exception_ptr> failures_;    // of each part
  std::vector<std::atomic<uint32_t>> claimed_;  // of each part: the last job it was begun in
  const std::function<void(int)>* job_ = nullptr;
  int items_ = 0;
  int spins_;                            // how often a waiting thread looks before it sleeps
  std::atomic<uint32_t> generation_{0};  // number of the job
  std::atomic<int> pending_{0};          // parts that are not done
  std::atomic<bool> stopping_{false};
};

/// Processors that this process may run on.
int available_processors();

}  // namespace spanlab
