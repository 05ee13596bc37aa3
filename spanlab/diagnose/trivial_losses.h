// What each task's loss would be without any learning: of an untrained model, of a constant
// prediction.
#pragma once

#include <vector>

#include "spanlab/loss/loss_config.h"
#include "spanlab/recipe/configs.h"
#include "spanlab/runs/table_rows.h"
#include "spanlab/windows/dataset.h"

namespace spanlab {

/// Losses of predictions that ignore the inputs, with the settings of the losses. None for a
/// task that the windows have no target for, nor for the span task if its loss is another than a
/// cross-entropy of bars.
struct TrivialLosses {
  /// Type: ln 3, all classes alike. Pointers: both 0.5. Span: probability 0.5. Countdown: 0.
  TaskCells untrained;
  /// The best constant prediction on these windows: class frequencies, the constant of least Huber
  /// loss (one for each pointer), p = w n1 / (w n1 + n0) for the span loss with weight w on n1
  /// positive of n1 + n0 bars.
  TaskCells constant;
  double base_rate = 0;  ///< positive bars over bars
};

/// `windows`: numbers in the dataset.
TrivialLosses trivial_losses(const LossConfig& loss, SpanHead head, const Dataset& dataset,
                             const std::vector<int>& windows);

}  // namespace spanlab
