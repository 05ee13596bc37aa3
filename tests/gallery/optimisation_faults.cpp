// Faults of gradients, steps and schedules.
#include <algorithm>
#include <string>

#include "tests/gallery/setup.h"

namespace spanlab::gallery {
namespace {

/// Calls f(gradient [parameters], epoch, batch) in front of every step.
template <class F>
void on_gradient(Setup& setup, F f) {
  setup.options.on_learner = [f](Learner& learner) {
    learner.on_gradient = [&learner, f](std::span<float> gradient, int epoch, int batch) mutable {
      f(learner, gradient, epoch, batch);
    };
  };
}

void scale_tensors(const Learner& learner, std::string_view start, float by,
                   std::span<float> gradient) {
  for (const Parameter& p : learner.table().entries()) {
    if (!p.name.starts_with(start)) continue;
    for (float& g : gradient.subspan(p.offset, p.size)) g *= by;
  }
}

void spike(Setup& setup) {
  set(setup, {"train.clip_norm=0"});
  on_gradient(setup, [](Learner&, std::span<float> gradient, int epoch, int) {
    if (epoch % 7 != 3) return;
    for (float& g : gradient) g *= 1e4f;
  });
}

void explode(Setup& setup) {
  set(setup, {"train.clip_norm=0"});
  on_gradient(setup, [growth = 1.0f](Learner&, std::span<float> gradient, int, int) mutable {
    growth = std::min(growth * 1.05f, 1e15f);
    for (float& g : gradient) g *= growth;
  });
}

void vanish(Setup& setup) {
  on_gradient(setup, [](Learner& learner, std::span<float> gradient, int, int) {
    scale_tensors(learner, "lstm", 1e-9f, gradient);
  });
}

void freeze(Setup& setup, const std::string& start) {
  setup.options.on_learner = [start](Learner& learner) {
    for (const Parameter& p : learner.table().entries()) {
      if (p.name.starts_with(start)) learner.freeze(p.name);
    }
  };
}

void noisy_gradient(Setup& setup) {
  on_gradient(setup, [](Learner& learner, std::span<float> gradient, int, int batch) {
    scale_tensors(learner, "", batch % 2 == 0 ? 1.0f : -1.0f, gradient);
  });
}

}  // namespace

std::vector<Fault> optimisation_faults() {
  return {
      {"learning rate far too high",
       {"O7", "N1", "O3", "O8", "O10"},
       [](Setup& s) {
         set(s, {"train.learning_rate=2.0", "train.clip_norm=0"});
       }},
      {"learning rate too high",
       {"O3", "O8", "O7", "O4", "O10"},
       [](Setup& s) {
         set(s, {"train.learning_rate=0.1", "train.clip_norm=0"});
       }},
      {"learning rate too low",
       {"O3", "O6", "O10"},
       [](Setup& s) { set(s, {"train.learning_rate=1e-6"}); }},
      {"learning rate next to zero",
       {"O10", "O5", "O3"},
       [](Setup& s) { set(s, {"train.learning_rate=1e-12"}); }},
      {"schedule dead after a few epochs",
       {"O10"},
       [](Setup& s) {
         set(s, {"train.schedule=exponential", "train.schedule_decay=0.1"});
       }},
      {"gradient spikes", {"O2"}, spike},
      {"exploding gradients", {"O2", "N1"}, explode},
      {"vanishing gradients in the encoder", {"O1"}, vanish},
      {"frozen encoder", {"O5"}, [](Setup& s) { freeze(s, "lstm"); }},
      {"frozen span head", {"O5"}, [](Setup& s) { freeze(s, "expansion_span"); }},
      {"gradients of alternating sign", {"O6", "O8", "C1", "R1"}, noisy_gradient},
      {"weight decay 5", {"O12"}, [](Setup& s) { set(s, {"train.weight_decay=5.0"}); }},
      {"clipped to almost nothing",
       {"O3", "O6", "O2"},
       [](Setup& s) {
         set(s, {"train.clip_norm=1e-9", "train.epsilon=1e-3"});
       }},
  };
}

}  // namespace spanlab::gallery
