// Family M: tasks against one another.
#include "spanlab/diagnose/balancing_checks.h"
#include "spanlab/diagnose/rule.h"

namespace spanlab {

std::vector<Rule> balancing_rules() {
  return {
      {.id = "M1",
       .title = "one task dominates the loss",
       .measures = "each task's share of the plain sum of the losses and of the weighted sum",
       .threshold = "above 70 % of the plain sum and 1.8 / tasks of the weighted sum, in 20 % of "
                    "the epochs",
       .mistaken_for = "a task that is hard and not badly scaled: then its loss stays large with "
                       "standardised targets too (sd about the Huber delta)",
       .leads_to = {"M2", "M3", "M6", "G4", "C1", "C2", "C3", "T1"},
       .check = check_dominance},
      {.id = "M2",
       .title = "one task dominates the gradient of the shared encoder",
       .measures = "each task's weighted gradient norm on the encoder over the sum of the norms",
       .threshold = "above 70 % (and 1.8 / tasks) in half of the recorded epochs",
       .mistaken_for =
           "a stage of training in which one task still learns and the others are done: then their "
           "losses are far below those of a constant answer",
       .leads_to = {"M6", "C1", "C3", "T1"},
       .check = check_gradient_dominance},
      {.id = "M3",
       .title = "uncertainty weighting is too slow for the run",
       .measures =
           "how far each log-sigma is from its optimum 1/2 ln L at the end, beside what the "
           "learning rate lets it travel",
       .threshold = "more than 0.35 at the last row: the weight is off by a factor of 2",
       .mistaken_for = "a loss that still falls fast, which no sigma can follow closely: then the "
                       "gap closes as the loss settles",
       .leads_to = {"M6", "C1", "C2", "C3", "T1"},
       .check = check_sigma_lag},
      {.id = "M4",
       .title = "uncertainty weighting misleads",
       .measures = "the sign of the training total, and each task's share of the weights",
       .threshold =
           "total below 0 and falling while the plain sum does not; or a share below 1 % of an "
           "equal one at the end",
       .mistaken_for = "progress: ln sigma of a small loss is negative, so the total says nothing "
                       "about how good the model is",
       .leads_to = {"M6"},
       .check = check_sigma_pathology},
      {.id = "M5",
       .title = "two tasks pull the encoder in opposite directions",
       .measures = "cosine between the gradients of each pair of tasks on the shared encoder",
       .threshold = "below -0.1 in over 30 % of the recorded epochs (3 or more), running mean",
       .mistaken_for =
           "noise between gradients of small batches: then the sign changes from row to row",
       .leads_to = {"M6"},
       .check = check_conflict},
      {.id = "M6",
       .title = "a task learns nothing while others learn",
       .measures = "each task's loss at the end over that of the best constant answer on the same "
                   "windows",
       .threshold = "at least 98 % of it on training and validation windows, while another task is "
                    "below 80 %",
       .mistaken_for = "a task whose answer the inputs do not hold: then it stays there when it is "
                       "trained alone",
       .leads_to = {"C1", "C3", "T1"},
       .check = check_starvation},
      {.id = "M8",
       .title = "the balancing method depends on the scale of the losses",
       .measures = "the largest loss over the sum of the losses at the start, for a method that is "
                   "not invariant to scale",
       .threshold = "above 80 %",
       .mistaken_for = "a failure of the method itself: on losses of one scale it may work",
       .leads_to = {"M1", "M2", "M6"},
       .check = check_method},
  };
}

}  // namespace spanlab
