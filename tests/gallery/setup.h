// A healthy set-up on a simulated market, which each fault of the gallery breaks in one place.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "spanlab/bars/bars.h"
#include "spanlab/labels/spans.h"
#include "spanlab/train/run.h"
#include "spanlab/windows/window.h"

namespace spanlab::gallery {

/// All that a run starts from.
struct Setup {
  uint64_t seed;  ///< of the market, the windows, the split and the training
  Recipe recipe;
  Bars bars;
  std::vector<Span> truth;      ///< the market's expansions
  std::vector<Span> labelled;   ///< what training is told of them, in addition to the windows' own
  std::vector<Window> windows;  ///< all before `test_row`
  int64_t test_row;             ///< held out from here on
  RunOptions options;           ///< with the hooks that a fault sets
};

/// A market of strong expansions, 168 base windows and 36 overlaps with every span labelled, and a
/// recipe that learns them: balanced tasks, targets of one scale, grouped split.
Setup healthy_setup(uint64_t seed);

/// Bars, windows and labelled spans (where there are any), as a run takes them.
TrainingData inputs_of(const Setup& setup);

/// One way to break the set-up.
struct Fault {
  std::string name;                ///< "learning rate too high"
  std::vector<std::string> rules;  ///< any of them is the right finding
  std::function<void(Setup&)> apply;
};

/// At least 40, by what they touch.
std::vector<Fault> all_faults();
std::vector<Fault> optimisation_faults();
std::vector<Fault> loss_faults();
std::vector<Fault> data_faults();
std::vector<Fault> model_faults();

/// A healthy set-up with other settings.
struct Control {
  std::string name;
  std::function<void(Setup&)> apply;
};
std::vector<Control> healthy_controls();

/// Changes settings of the recipe: {"train.epochs=20"}.
void set(Setup& setup, const std::vector<std::string>& assignments);

}  // namespace spanlab::gallery
