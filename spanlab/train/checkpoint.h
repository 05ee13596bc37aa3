// The state of a run between two epochs, in files.
#pragma once

#include <filesystem>
#include <limits>
#include <vector>

#include "spanlab/model/parameters.h"
#include "spanlab/train/adamw_state.h"

namespace spanlab {

/// How far a run is. Random numbers need no state: they follow from seed, epoch and batch.
struct RunProgress {
  int epoch = 0;       ///< epochs completed
  int best_epoch = 0;  ///< lowest loss so far (validation, or training without one); 0: none yet
  double best_loss = std::numeric_limits<double>::infinity();
  int first_bad_epoch = 0;  ///< first epoch whose loss was not a finite number; 0: none
};

/// Writes the model's parameters (PyTorch's names), the optimizer's moments (adamw_mean.NAME and
/// adamw_square.NAME), what the balancing method remembers (balancing_state, in double; not there
/// if that is nothing) and the progress, atomically. If an average of the parameters is kept, it is
/// the model, and those that training continues from are next to it (adamw_parameters.NAME).
void save_checkpoint(const std::filesystem::path& path, const ParameterTable& table,
                     const AdamWState& state, const std::vector<double>& balancing,
                     const RunProgress& progress);

/// Reads one back into `state` and `balancing`, which has the method's size already, and returns
/// the progress. Throws Error (unreadable, other shapes).
RunProgress load_checkpoint(const std::filesystem::path& path, const ParameterTable& table,
                            AdamWState& state, std::vector<double>& balancing);

/// Writes the parameters alone with the epoch and loss they are from.
void save_best_model(const std::filesystem::path& path, const ParameterTable& table,
                     const std::vector<float>& parameters, int epoch, double loss);

}  // namespace spanlab
