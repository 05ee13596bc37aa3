// Faults of losses, targets and their balance.
#include <algorithm>

#include "tests/gallery/setup.h"

namespace spanlab::gallery {
namespace {

/// Turns a gradient with respect to the output into another.
template <class F>
void on_output_gradient(Setup& setup, F f) {
  setup.options.on_learner = [f](Learner& learner) { learner.on_output_gradient = f; };
}

void negate(std::vector<float>& values) {
  for (float& v : values) v = -v;
}

/// The countdown head, a frozen copy of the span head, asks the encoder for the opposite.
void oppose(Setup& setup) {
  setup.options.on_learner = [](Learner& learner) {
    std::vector<float>& block = learner.state().parameters;
    for (const Parameter& p : learner.table().entries()) {
      if (!p.name.starts_with("expansion_")) continue;
      learner.freeze(p.name);
      if (!p.name.starts_with("expansion_countdown")) continue;
      const bool bias = p.name.ends_with("bias");
      const Parameter& span = *learner.table().find(bias ? "expansion_span_emission.1.bias"
                                                         : "expansion_span_emission.1.weight");
      std::copy_n(block.begin() + static_cast<ptrdiff_t>(span.offset), p.size,
                  block.begin() + static_cast<ptrdiff_t>(p.offset));
    }
    learner.on_output_gradient = [](JadeOutput<float>& d) {
      d.countdown = d.span;
      negate(d.countdown);
    };
  };
  set(setup, {"balancing.method=sum", "model.span_start=uniform"});
}

/// The span task's weight stays at e^-10 of the others'.
void stuck_sigma(Setup& setup) {
  set(setup, {"balancing.method=uncertainty"});
  setup.options.on_learner = [](Learner& learner) {
    const Parameter& sigma = *learner.table().find("log_sigma_span");
    learner.state().parameters[sigma.offset] = 5;
    learner.freeze(sigma.name);
  };
}

}  // namespace

std::vector<Fault> loss_faults() {
  return {
      {"the reported recipe's countdown",
       {"M1"},
       [](Setup& s) {
         set(s, {"loss.countdown_target=clipped", "loss.countdown_delta=1.0",
                 "balancing.method=uncertainty"});
       }},
      {"one task weighs 1000 times",
       {"M1", "M2"},
       [](Setup& s) {
         set(s, {"balancing.method=fixed", "balancing.weight_countdown=1000"});
       }},
      {"starving span task",
       {"M6", "M1", "M2"},
       [](Setup& s) {
         set(s, {"balancing.method=fixed", "balancing.weight_span=1e-5"});
       }},
      {"starving type task",
       {"M6"},
       [](Setup& s) {
         set(s, {"balancing.method=fixed", "balancing.weight_type=1e-6"});
       }},
      {"uncertainty weighting too slow",
       {"M3"},
       [](Setup& s) {
         set(s, {"balancing.method=uncertainty", "loss.countdown_target=clipped",
                 "balancing.sigma_rate=0.05"});
       }},
      {"uncertainty of the span task stuck high", {"M4"}, stuck_sigma},
      {"weights that do not see the scale",
       {"M8", "M1"},
       [](Setup& s) {
         set(s,
             {"balancing.method=dwa", "loss.countdown_target=clipped", "loss.countdown_delta=1"});
       }},
      {"Huber delta far below the errors",
       {"D2"},
       [](Setup& s) {
         set(s, {"loss.countdown_target=unit", "loss.countdown_delta=0.001"});
       }},
      {"Huber delta far above the errors",
       {"D2"},
       [](Setup& s) {
         set(s, {"loss.countdown_target=unit", "loss.countdown_delta=100"});
       }},
      {"clipped targets",
       {"D3"},
       [](Setup& s) {
         set(s, {"loss.countdown_target=clipped", "loss.countdown_delta=20"});
       }},
      {"positive weight 200", {"C4", "C6"}, [](Setup& s) { set(s, {"loss.span_pos_weight=200"}); }},
      {"positive weight 0.001",
       {"C2", "C1"},
       [](Setup& s) { set(s, {"loss.span_pos_weight=0.001"}); }},
      {"sign error in the span loss",
       {"O7", "N3", "C4", "T1"},
       [](Setup& s) { on_output_gradient(s, [](JadeOutput<float>& d) { negate(d.span); }); }},
      {"sign error in the pointer loss",
       {"O7"},
       [](Setup& s) { on_output_gradient(s, [](JadeOutput<float>& d) { negate(d.pointers); }); }},
      {"span gradient lost",
       {"N2", "O5", "O1"},
       [](Setup& s) {
         on_output_gradient(
             s, [](JadeOutput<float>& d) { std::fill(d.span.begin(), d.span.end(), 0.0f); });
       }},
      {"conflicting tasks", {"M5"}, oppose},
  };
}

}  // namespace spanlab::gallery
