// Family O: gradients, steps, schedules; and P1, the time per epoch.
#include "spanlab/diagnose/optimisation_checks.h"
#include "spanlab/diagnose/rule.h"

namespace spanlab {

std::vector<Rule> optimisation_rules() {
  return {
      {.id = "O1",
       .title = "Vanishing gradients",
       .measures = "root mean square of the gradient; gradient norm of the encoder's first layer "
                   "over that of the heads",
       .threshold = "below 1e-7, or a ratio below 1e-3, in half of the recorded epochs",
       .mistaken_for = "a finished run: its losses are near 0 as well",
       .leads_to = {"O3", "O5", "O6", "C1", "C3", "T1"},
       .check = check_vanishing},
      {.id = "O2",
       .title = "Exploding gradients",
       .measures = "gradient norm over the median of the rows before it",
       .threshold = "above 10 (after 3 rows or more), or not finite",
       .mistaken_for = "one unusual batch: only the first batch of an epoch is recorded",
       .leads_to = {"O7", "N1"},
       .check = check_exploding},
      {.id = "O3",
       .title = "Update-to-weight ratio is out of range",
       .measures = "median over the weight matrices of update norm over weight norm (L2)",
       .threshold = "outside 1e-5 .. 1e-1 in the median row; about 1e-3 is good",
       .mistaken_for = "weights that start at 0, for which any update is large: the median over "
                       "the matrices ignores them",
       .leads_to = {"O4", "O6", "O7", "O8", "C1", "C3", "T1"},
       .check = check_update_ratio},
      {.id = "O4",
       .title = "LSTM gates are saturated",
       .measures = "fraction of pre-activations beyond +-5, by layer, direction and gate",
       .threshold = "above 50 % in half of the recorded epochs and in the last",
       .mistaken_for = "a forget gate that is open on purpose (bias 1 to 2): that is far from 5",
       .leads_to = {"O1", "O6", "C1", "C3", "T1"},
       .check = check_gates},
      {.id = "O5",
       .title = "Tensors are not updated",
       .measures = "update-to-weight ratio of every tensor that a task of the run should train",
       .threshold = "below 1e-10 in all of 3 or more recorded epochs, while other tensors change",
       .mistaken_for = "heads of tasks that are switched off: the rule ignores them",
       .leads_to = {"O6", "M6"},
       .check = check_frozen},
      {.id = "O6",
       .title = "Training loss plateaus",
       .measures = "fall of the unweighted sum of the training losses over the run and over its "
                   "second half",
       .threshold = "below 2 % over the run, 10 epochs or more; a note if it is below 0.1 % in 10 "
                    "epochs of the second half",
       .mistaken_for =
           "a run that has learned all it can: its loss is below that of a constant prediction",
       .leads_to = {"C1", "C3", "T1"},
       .check = check_plateau},
      {.id = "O7",
       .title = "Training loss diverges",
       .measures = "final training losses over their lowest value, and the trend of the second "
                   "half (Mann-Kendall); single epochs more than 6 median deviations above",
       .threshold = "above 1.5 with a rising trend (p < 0.05), for the sum or for one task; a note "
                    "for spikes",
       .mistaken_for = "overfitting, which raises only the validation loss",
       .leads_to = {"C1", "C3", "C4", "T1"},
       .check = check_divergence},
      {.id = "O8",
       .title = "Training loss oscillates",
       .measures = "median change between epochs over the median loss, and how often the direction "
                   "reverses, in the second half",
       .threshold = "above 10 % and in over half of the epochs",
       .mistaken_for = "batches that differ strongly: larger batches reduce the oscillation",
       .leads_to = {"O7"},
       .check = check_oscillation},
      {.id = "O10",
       .title = "Learning rate does not suit the run",
       .measures = "learning rate, its sum over all steps (how far Adam can move a weight), and "
                   "how long the schedule keeps it near 0",
       .threshold =
           "rate above 1e-2; sum below 1e-2; below 1/1000 of the peak in half of the epochs",
       .mistaken_for = "weights that are large from the start: compare with O3",
       .leads_to = {"O3", "O6", "O7", "O8", "M3", "C1", "C3", "T1"},
       .check = check_schedule},
      {.id = "O12",
       .title = "Weight decay is too strong",
       .measures = "sum of learning rate x weight decay over all steps: the log of the factor by "
                   "which a weight without gradient shrinks",
       .threshold = "above 0.5",
       .mistaken_for = "a base-rate collapse with another cause: less decay does not help it",
       .leads_to = {"O1", "O6", "M6", "C1", "C3", "T1"},
       .check = check_decay},
      {.id = "P1",
       .title = "Epochs stall",
       .measures = "time of an epoch over the median, and in seconds",
       .threshold = "3 times the median and a second more; or 1800 s",
       .mistaken_for = "other work on the same machine",
       .leads_to = {},
       .check = check_pace},
  };
}

}  // namespace spanlab
