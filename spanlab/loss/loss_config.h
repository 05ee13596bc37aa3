// Which tasks are learned, the loss of each, and how the losses are combined.
#pragma once

#include <algorithm>
#include <array>
#include <vector>

#include "spanlab/base/task.h"

namespace spanlab {

/// What the bars of a window are whose labels are not complete, apart from its labelled spans.
enum class Unlabelled {
  negative,             ///< outside of spans
  ignored,              ///< unknown, but for the kKnownMargin bars around a labelled span
  positive_unlabelled,  ///< spans or not, span_prior of them are; bar head only
};

/// The loss of the bar head.
enum class SpanLoss { cross_entropy, focal, dice };

struct LossConfig {
  std::vector<Task> tasks{Task::type, Task::ptr, Task::span, Task::countdown};
  double pointer_delta = 0.08;   ///< Huber, parts of a window
  double countdown_delta = 1.0;  ///< Huber, in units of the countdown target
  CountdownTarget countdown_target = CountdownTarget::clipped;
  double span_pos_weight = 1.0;  ///< weight of the bars inside a span
  SpanLoss span_loss = SpanLoss::cross_entropy;
  double focal_gamma = 2;
  Unlabelled unlabelled = Unlabelled::negative;
  double span_prior = 0.1;   ///< share of bars in spans, where they are not labelled
  double boundary_mass = 0;  ///< of a span's weight that its neighbours get
  int boundary_radius = 1;   ///< bars

  bool has(Task task) const { return std::find(tasks.begin(), tasks.end(), task) != tasks.end(); }
  /// Whether the loss of a bar head is a plain mean over all bars of their binary cross-entropy, up
  /// to the weight of the positives.
  bool is_cross_entropy() const {
    return span_loss == SpanLoss::cross_entropy && unlabelled == Unlabelled::negative &&
           boundary_mass == 0;
  }
};

/// The methods. docs/balancing.md says what each does and is invariant to.
enum class Balancing {
  sum,                  ///< plain sum of the losses
  fixed,                ///< fixed weights, set by the user
  initial_loss,         ///< 1 / L(0)
  uncertainty,          ///< L / (2 sigma^2) + ln sigma, sigma learned
  uncertainty_optimal,  ///< UW-O: 1 / L, the optimum of uncertainty weighting at every step
  dwa,                  ///< dynamic weight average
  rlw,                  ///< random weights
  gradnorm,
  pcgrad,
  cagrad,
  mgda,
  imtl_l,
  imtl_g,
  nash_mtl,
  famo,
  aligned_mtl,
};

/// Where learned log-sigmas start.
enum class SigmaStart {
  fixed,  ///< at the reported run's values
  warm,   ///< at the optimum for the first batch's losses
};

/// The method and the settings of all; each reads its own.
struct BalancingConfig {
  Balancing method = Balancing::uncertainty;
  std::array<double, kTaskCount> weights{1, 1, 1, 1};  ///< fixed: by Task
  SigmaStart sigma_start = SigmaStart::fixed;          ///< uncertainty and imtl_l, as the next two
  double sigma_rate = 1;         ///< learning rate of the log-sigmas, of the parameters' one
  double sigma_decay = 1;        ///< weight decay of the log-sigmas, likewise
  double rate = 0.025;           ///< gradnorm and famo: learning rate of their weights
  double dwa_temperature = 2;    ///< dwa
  double gradnorm_alpha = 0.12;  ///< gradnorm: strength of the pull towards equal rates
  double cagrad_c = 0.4;         ///< cagrad: radius around the mean gradient, in its length
  double famo_decay = 0;         ///< famo: gamma, weight decay of its logits
};

}  // namespace spanlab
