// Training and validation windows.
#pragma once

#include <cstdint>
#include <vector>

#include "spanlab/windows/window.h"

namespace spanlab {

enum class SplitKind {
  random,   ///< window by window, as the reported run did: overlapping windows land on both sides;
            ///< the windows that torch.utils.data.random_split gives for the same seed
  grouped,  ///< group by group: no bar and no base window is on both sides
  time,     ///< the later windows validate; earlier ones that share a bar with them are left out
};

/// Indices of windows, each list ascending but for the validation windows of a random split: they
/// keep the order of the draw, on which the mean over batches depends where the last batch is
/// short. Every window is in exactly one list.
struct Split {
  std::vector<int> train, validation;
  std::vector<int> left_out;  ///< by time only: shares a bar with both sides
  int groups = 0;             ///< number of groups among all windows
};

/// Splits so that about `validation` (in [0, 1)) of the windows validate; above 0 and with two
/// windows or more, at least one does and at least one trains. One window trains, without
/// validation. The seed matters to random and grouped.
/// Throws Error if there is no window, the fraction is out of range, or the kind is impossible: all
/// windows in one group, or all earlier windows share bars with the later ones.
Split split_windows(const std::vector<Window>& windows, int length, SplitKind kind,
                    double validation, uint64_t seed);

/// Validation windows that share a bar or a base window with a training window, ascending.
std::vector<int> leaking_windows(const Split& split, const std::vector<Window>& windows,
                                 int length);

}  // namespace spanlab
