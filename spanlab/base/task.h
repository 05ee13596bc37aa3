// The four tasks that the model learns together.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace spanlab {

/// The values index arrays of one entry a task, and order the loss columns of the run's tables.
enum class Task {
  type = 0,       ///< what came before the expansion: class of the window
  ptr = 1,        ///< pointers: center and length of the span
  span = 2,       ///< probability of every bar to be inside a span
  countdown = 3,  ///< bars until the span begins, for every bar
};

inline constexpr int kTaskCount = 4;

/// Names in recipes and tables, in the order of the values.
inline constexpr std::array<std::string_view, kTaskCount> kTaskNames{"type", "ptr", "span",
                                                                     "countdown"};

inline constexpr std::array<Task, kTaskCount> kAllTasks{Task::type, Task::ptr, Task::span,
                                                        Task::countdown};

constexpr std::string_view name_of(Task task) {
  return kTaskNames[static_cast<size_t>(task)];
}

/// The countdown to the labelled span's first bar s at bar t, as a number. Bars beyond 20 before or
/// after count as 20.
enum class CountdownTarget {
  clipped,  ///< clip(s - t, -20, 20), in bars
  unit,     ///< (clip(s - t, -20, 20) + 20) / 40, in [0, 1]
  masked,   ///< as unit, but bars with |s - t| > 20 carry no loss
};

}  // namespace spanlab
