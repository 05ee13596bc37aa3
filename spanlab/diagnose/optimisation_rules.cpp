// Family O: gradients, steps, schedules; and P1, the pace.
#include "spanlab/diagnose/optimisation_checks.h"
#include "spanlab/diagnose/rule.h"

namespace spanlab {

std::vector<Rule> optimisation_rules() {
  return {
      {.id = "O1",
       .title = "gradients vanish",
       .measures =
           "root mean square of the gradient; norm on the encoder's first layer over norm on the "
           "heads",
       .threshold = "below 1e-7, or a ratio below 1e-3, in half of the recorded epochs",
       .mistaken_for = "a run that is done: then the losses are near 0 too",
       .leads_to = {"O3", "O5", "O6", "C1", "C3", "T1"},
       .check = check_vanishing},
      {.id = "O2",
       .title = "gradients explode",
       .measures = "the gradient's norm over the median of the rows before it",
       .threshold = "above 10 (after 3 rows or more), or not finite",
       .mistaken_for = "one odd batch: only the first batch of an epoch is recorded",
       .leads_to = {"O7", "N1"},
       .check = check_exploding},
      {.id = "O3",
       .title = "steps are of the wrong size for the weights",
       .measures = "median over weight matrices of step over weight, L2 norms",
       .threshold = "outside 1e-5 .. 1e-1 in the median row; good is about 1e-3",
       .mistaken_for = "weights that start at 0, for which any step is large: the median over "
                       "matrices leaves them out",
       .leads_to = {"O4", "O6", "O7", "O8", "C1", "C3", "T1"},
       .check = check_update_ratio},
      {.id = "O4",
       .title = "LSTM gates are saturated",
       .measures = "share of pre-activations beyond +-5, by layer, direction and gate",
       .threshold = "above 50 % in half of the recorded epochs and in the last",
       .mistaken_for = "a forget gate that is open on purpose (bias 1 to 2): that is far from 5",
       .leads_to = {"O1", "O6", "C1", "C3", "T1"},
       .check = check_gates},
      {.id = "O5",
       .title = "tensors do not move",
       .measures = "step over weight of every tensor that a task of the run should train",
       .threshold = "below 1e-10 in all of 3 or more recorded epochs, while others move",
       .mistaken_for =
           "heads of tasks that are switched off: these rest on purpose and do not count",
       .leads_to = {"O6", "M6"},
       .check = check_frozen},
      {.id = "O6",
       .title = "the training loss stands still",
       .measures = "fall of the plain sum of the training losses over the whole run and over its "
                   "second half",
       .threshold = "below 2 % over the run, 10 epochs or more; a note if it is below 0.1 % in 10 "
                    "epochs of the second half",
       .mistaken_for = "a run that has learned what there is: then its loss is below that of a "
                       "constant answer",
       .leads_to = {"C1", "C3", "T1"},
       .check = check_plateau},
      {.id = "O7",
       .title = "the training loss rises again",
       .measures =
           "end of the training losses over their lowest point, and the trend of the second half "
           "(Mann-Kendall); single epochs beyond 6 median deviations",
       .threshold = "above 1.5 with a rising trend (p < 0.05), in sum or for one task; a note for "
                    "spikes",
       .mistaken_for = "over-fitting, which raises the validation loss alone",
       .leads_to = {"C1", "C3", "C4", "T1"},
       .check = check_divergence},
      {.id = "O8",
       .title = "the training loss swings",
       .measures = "median change from epoch to epoch over the median loss, and how often the "
                   "direction turns, in the second half",
       .threshold = "above 10 % and in over half of the epochs",
       .mistaken_for = "batches that differ much: larger batches settle it",
       .leads_to = {"O7"},
       .check = check_oscillation},
      {.id = "O10",
       .title = "the learning rate does not fit the run",
       .measures =
           "learning rate, its sum over all steps (how far Adam can move a weight), and how long "
           "the schedule leaves it near 0",
       .threshold =
           "rate above 1e-2; sum below 1e-2; below 1/1000 of the peak in half of the epochs",
       .mistaken_for = "weights that are large from the start: compare with O3",
       .leads_to = {"O3", "O6", "O7", "O8", "M3", "C1", "C3", "T1"},
       .check = check_schedule},
      {.id = "O12",
       .title = "weight decay outweighs what is learned",
       .measures =
           "sum of learning rate x weight decay over all steps: the logarithm of the factor by "
           "which a weight without gradient shrinks",
       .threshold = "above 0.5",
       .mistaken_for = "a base-rate collapse of other cause: then less decay does not help",
       .leads_to = {"O1", "O6", "M6", "C1", "C3", "T1"},
       .check = check_decay},
      {.id = "P1",
       .title = "epochs stall",
       .measures = "time of an epoch over the median, and in seconds",
       .threshold = "3 times the median and a second more; or 1800 s",
       .mistaken_for = "other work on the same machine",
       .leads_to = {},
       .check = check_pace},
  };
}

}  // namespace spanlab
