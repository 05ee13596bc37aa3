// Family M: tasks against one another.
#include "spanlab/diagnose/balancing_checks.h"
#include "spanlab/diagnose/rule.h"

namespace spanlab {

std::vector<Rule> balancing_rules() {
  return {
      {.id = "M1",
       .title = "One task dominates the loss",
       .measures = "each task's share of the unweighted and of the weighted sum of the losses",
       .threshold = "above 70 % of the unweighted sum and 1.8 / tasks of the weighted sum, in 20 % "
                    "of the epochs",
       .mistaken_for = "a hard task with targets of the right scale: its loss stays large with "
                       "standardised targets as well (sd about the Huber delta)",
       .leads_to = {"M2", "M3", "M6", "G4", "C1", "C2", "C3", "T1"},
       .check = check_dominance},
      {.id = "M2",
       .title = "One task dominates the encoder gradient",
       .measures =
           "each task's weighted gradient norm on the shared encoder over the sum of the norms",
       .threshold = "above 70 % (and 1.8 / tasks) in half of the recorded epochs",
       .mistaken_for = "a phase in which one task still learns and the others are done: their "
                       "losses are far below those of a constant prediction",
       .leads_to = {"M6", "C1", "C3", "T1"},
       .check = check_gradient_dominance},
      {.id = "M3",
       .title = "Uncertainty weighting is too slow for the run",
       .measures = "distance of each log-sigma from its optimum 1/2 ln L at the end, compared with "
                   "how far the learning rate lets it move",
       .threshold = "more than 0.35 in the last row: the weight is off by a factor of 2",
       .mistaken_for = "a loss that still falls fast, which no sigma can track closely: the gap "
                       "closes as the loss settles",
       .leads_to = {"M6", "C1", "C2", "C3", "T1"},
       .check = check_sigma_lag},
      {.id = "M4",
       .title = "Uncertainty weighting is degenerate",
       .measures = "sign of the training total, and each task's share of the weights",
       .threshold = "total below 0 and falling while the unweighted sum does not fall; or a share "
                    "below 1 % of an equal one at the end",
       .mistaken_for = "progress: the log-sigma of a small loss is negative, so the total does not "
                       "measure how good the model is",
       .leads_to = {"M6"},
       .check = check_sigma_pathology},
      {.id = "M5",
       .title = "Two tasks have conflicting gradients",
       .measures = "cosine between the gradients of each pair of tasks on the shared encoder",
       .threshold = "below -0.1 in over 30 % of the recorded epochs (3 or more), running mean",
       .mistaken_for = "noise in the gradients of small batches: the sign changes from row to row",
       .leads_to = {"M6"},
       .check = check_conflict},
      {.id = "M6",
       .title = "A task learns nothing while others learn",
       .measures =
           "each task's final loss over that of the best constant prediction on the same windows",
       .threshold = "at least 98 % of it on training and validation windows, while another task is "
                    "below 80 %",
       .mistaken_for =
           "a task that the inputs cannot predict: its loss stays there when it is trained alone",
       .leads_to = {"C1", "C3", "T1"},
       .check = check_starvation},
      {.id = "M8",
       .title = "Balancing method depends on the scale of the losses",
       .measures = "largest loss over the sum of the losses at the start, for a method that is not "
                   "scale-invariant",
       .threshold = "above 80 %",
       .mistaken_for = "a failure of the method itself: it may work on losses of one scale",
       .leads_to = {"M1", "M2", "M6"},
       .check = check_method},
  };
}

}  // namespace spanlab
