// Stopping: through scopes, and through the threads of a pool.
#include "spanlab/base/job.h"

#include <gtest/gtest.h>

#include <atomic>

#include "spanlab/base/parallel.h"

namespace spanlab {
namespace {

TEST(Job, ThreadsAreThoseAskedForOrTheProcessors) {
  EXPECT_EQ(Job{.threads = 3}.thread_count(), 3);
  EXPECT_EQ(Job{}.thread_count(), available_processors());
}

TEST(StopScope, OnlyAStopWithinItIsThrown) {
  std::stop_source stop;
  const Job job{.stop = stop.get_token()};
  check_stop();  // no scope
  {
    const StopScope scope(job);
    EXPECT_NO_THROW(check_stop());
    stop.request_stop();
    EXPECT_THROW(check_stop(), Stopped);
    {
      const Job other;
      const StopScope inner(other);
      EXPECT_NO_THROW(check_stop());
    }
    EXPECT_THROW(check_stop(), Stopped);
  }
  EXPECT_NO_THROW(check_stop());
}

TEST(StopScope, ReachesTheThreadsOfAPoolForOneJobOnly) {
  ThreadPool pool(4);
  std::stop_source stop;
  stop.request_stop();
  const Job job{.stop = stop.get_token()};
  std::atomic<int> stopped = 0;
  {
    const StopScope scope(job);
    pool.run(64, [&](int) {
      try {
        check_stop();
      } catch (const Stopped&) {
        ++stopped;
      }
    });
    EXPECT_EQ(stopped, 64);
    EXPECT_THROW(pool.run(64, [](int) { check_stop(); }), Stopped);
  }
  EXPECT_NO_THROW(pool.run(64, [](int) { check_stop(); }));
}

}  // namespace
}  // namespace spanlab
