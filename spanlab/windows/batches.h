// The order of the training windows in an epoch.
#pragma once

#include <cstdint>
#include <vector>

namespace spanlab {

/// The indices of `train` shuffled for one epoch; batches are consecutive parts of it. Depends on
/// (seed, epoch) alone, so an interrupted run continues with the same batches.
std::vector<int> epoch_order(const std::vector<int>& train, uint64_t seed, uint32_t epoch);

}  // namespace spanlab
