// The balancing methods by name.
#include "spanlab/loss/balancer.h"

#include <cassert>

#include "spanlab/loss/balancing_methods.h"

namespace spanlab {

std::unique_ptr<Balancer> make_balancer(const BalancingConfig& config,
                                        const std::vector<double>& weights, uint64_t seed) {
  const auto tasks = static_cast<int>(weights.size());
  assert(tasks >= 1);
  switch (config.method) {
    case Balancing::sum:
      return make_sum();
    case Balancing::fixed:
      return make_fixed(weights);
    case Balancing::initial_loss:
      return make_initial_loss(tasks);
    case Balancing::uncertainty:
      return make_uncertainty();
    case Balancing::uncertainty_optimal:
      return make_uncertainty_optimal();
    case Balancing::dwa:
      return make_dwa(config, tasks);
    case Balancing::rlw:
      return make_rlw(seed);
    case Balancing::gradnorm:
      return make_gradnorm(config, tasks);
    case Balancing::pcgrad:
      return make_pcgrad(seed);
    case Balancing::cagrad:
      return make_cagrad(config);
    case Balancing::mgda:
      return make_mgda();
    case Balancing::imtl_l:
      return make_imtl_l();
    case Balancing::imtl_g:
      return make_imtl_g();
    case Balancing::nash_mtl:
      return make_nash_mtl();
    case Balancing::famo:
      return make_famo(config, tasks);
    case Balancing::aligned_mtl:
      return make_aligned_mtl();
  }
  return make_sum();
}

}  // namespace spanlab
