// One shuffle per epoch, from the counter-based generator.
#include "spanlab/windows/batches.h"

#include <span>

#include "spanlab/base/random.h"

namespace spanlab {

std::vector<int> epoch_order(const std::vector<int>& train, uint64_t seed, uint32_t epoch) {
  std::vector<int> order = train;
  RandomStream(seed, Purpose::shuffle, epoch).shuffle(std::span(order));
  return order;
}

}  // namespace spanlab
