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

constexpr std::string_view name_of(Task task) {
  return kTaskNames[static_cast<size_t>(task)];
}

}  // namespace spanlab
