// Every item runs once, a part on one thread; exceptions, sleep and rivals leave the pool usable.
#include "spanlab/base/parallel.h"

#include <gtest/gtest.h>

#include <atomic>
#include <mutex>
#include <set>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace spanlab {
namespace {

class ThreadPoolTest : public ::testing::TestWithParam<int> {};

TEST_P(ThreadPoolTest, EveryItemOnce) {
  ThreadPool pool(GetParam());
  EXPECT_EQ(pool.size(), std::max(1, GetParam()));
  for (const int items : {0, 1, 2, 3, 5, 8, 17, 100, 1000}) {
    std::vector<std::atomic<int>> calls(static_cast<size_t>(items));
    pool.run(items, [&](int item) { ++calls.at(static_cast<size_t>(item)); });
    for (const std::atomic<int>& count : calls) ASSERT_EQ(count, 1) << items;
  }
}

TEST_P(ThreadPoolTest, ManyShortRuns) {
  ThreadPool pool(GetParam());
  std::vector<int64_t> sums(7);
  constexpr int kRuns = 300;
  for (int run = 0; run < kRuns; ++run) {
    pool.run(7, [&](int item) { sums[static_cast<size_t>(item)] += item; });
  }
  for (int item = 0; item < 7; ++item) EXPECT_EQ(sums[static_cast<size_t>(item)], kRuns * item);
}

TEST_P(ThreadPoolTest, APartIsOnOneThreadAndInOrder) {
  ThreadPool pool(GetParam());
  constexpr int kItems = 50;
  std::vector<std::thread::id> thread(kItems);
  std::vector<int> place(kItems);
  std::atomic<int> places = 0;
  for (int run = 0; run < 20; ++run) {
    pool.run(kItems, [&](int item) {
      thread[static_cast<size_t>(item)] = std::this_thread::get_id();
      place[static_cast<size_t>(item)] = places++;
    });
    EXPECT_LE(std::set(thread.begin(), thread.end()).size(), static_cast<size_t>(pool.size()));
    for (int part = 0; part < pool.size(); ++part) {
      const auto first = static_cast<size_t>(kItems * part / pool.size());
      const auto last = static_cast<size_t>(kItems * (part + 1) / pool.size());
      for (size_t item = first + 1; item < last; ++item) {
        ASSERT_EQ(thread[item], thread[first]) << item;
        ASSERT_GT(place[item], place[item - 1]) << item;
      }
    }
  }
}

TEST_P(ThreadPoolTest, RivalsForTheProcessorsAreNoHarm) {
  // Threads that get no processor in time find their parts taken, often in a later job.
  const auto rival = [] {
    ThreadPool pool(GetParam());
    std::vector<int64_t> sums(13);
    constexpr int kRuns = 2000;
    for (int run = 0; run < kRuns; ++run) {
      pool.run(13, [&](int item) { sums[static_cast<size_t>(item)] += item + run; });
    }
    for (int item = 0; item < 13; ++item) {
      EXPECT_EQ(sums[static_cast<size_t>(item)], kRuns * item + kRuns * (kRuns - 1) / 2);
    }
  };
  std::vector<std::thread> rivals;
  for (int k = 0; k < 3; ++k) rivals.emplace_back(rival);
  for (std::thread& thread : rivals) thread.join();
}

TEST_P(ThreadPoolTest, FirstExceptionIsThrownOnAndThePoolLivesOn) {
  ThreadPool pool(GetParam());
  for (int round = 0; round < 20; ++round) {
    std::string caught;
    try {
      pool.run(100, [](int item) {
        if (item % 10 == 3) throw std::runtime_error(std::to_string(item));
      });
    } catch (const std::runtime_error& e) {
      caught = e.what();
    }
    ASSERT_EQ(caught, "3");
    std::atomic<int> calls = 0;
    pool.run(100, [&](int) { ++calls; });
    ASSERT_EQ(calls, 100);
  }
}

TEST_P(ThreadPoolTest, WakesFromSleep) {
  ThreadPool pool(GetParam());
  for (int run = 0; run < 3; ++run) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
    std::atomic<int> calls = 0;
    pool.run(9, [&](int) { ++calls; });
    ASSERT_EQ(calls, 9);
  }
}

INSTANTIATE_TEST_SUITE_P(Threads, ThreadPoolTest, ::testing::Values(-1, 0, 1, 2, 3, 4, 7, 16));

TEST(ThreadPool, StartsAndStopsOften) {
  for (int k = 0; k < 200; ++k) ThreadPool pool(4);
}

TEST(AvailableProcessors, AtLeastOne) {
  EXPECT_GE(available_processors(), 1);
}

}  // namespace
}  // namespace spanlab
