// Pre-training on unlabelled bars: the encoder learns to fill in masked bars.
#pragma once

#include <cstdint>
#include <filesystem>
#include <limits>
#include <optional>
#include <vector>

#include "spanlab/bars/bars.h"
#include "spanlab/base/job.h"
#include "spanlab/recipe/configs.h"
#include "spanlab/windows/labelled.h"

namespace spanlab {

struct Setting;

/// Which bars of a window are hidden.
enum class MaskKind {
  random,  ///< bars on their own
  patch,   ///< runs of bars: neighbours alone do not tell what is hidden
};

struct MaskConfig {
  MaskKind kind = MaskKind::patch;
  double lowest = 0.15, highest = 0.4;  ///< share of the bars; each window draws one between them
  int run = 8;                          ///< bars in a run of MaskKind::patch
};

/// What is pre-trained, on what, how. The first four are those of the recipe that the encoder is
/// for.
struct PretrainConfig {
  WindowInputConfig data;
  ModelConfig model;  ///< for the encoder's shape
  AdamWConfig adamw;
  int64_t seed = 0;
  int64_t rows_before = std::numeric_limits<int64_t>::max();  ///< only rows below it are used
  MaskConfig mask;
  int stride = 16;               ///< bars between the starts of windows
  int buffer = 4096;             ///< windows in memory, from which the next is drawn
  int epochs = 20;               ///< passes over the bars; each masks others
  std::optional<int64_t> steps;  ///< instead of epochs
  int batch = 32;                ///< windows in a step
  double learning_rate = 3e-3;   ///< peak of one_cycle
};

/// pretrain.rows_before and so on, bound to the fields of `config`; those of a recipe are not among
/// them.
std::vector<Setting> settings_of(PretrainConfig& config);

/// Mean squared errors at masked bars, of features in units of their deviation, in windows after
/// those that are trained on.
struct PretrainErrors {
  double start, end;  ///< of the encoder before the first and after the last step
  double constant;    ///< of each feature's mean
  double copying;     ///< of the nearest bar that is not masked
};

struct PretrainResult {
  PretrainErrors errors;
  StartWeights encoder;  ///< what a run can start from; see write_start_weights()
  int64_t windows = 0;   ///< trained on in an epoch
  int64_t tested = 0;    ///< windows that the errors are of
  int64_t steps = 0;
  int64_t most_kept = 0;  ///< windows that the buffer held at most
};

/// Windows are cut every `stride` bars as the bars pass; the last tenth of them is for the errors
/// alone and shares no bar with the others. A masked bar's features are set to 0, and a linear
/// layer on top of the encoder answers them; the loss is the mean squared error at masked bars.
/// Gradients are cut to length 1. Same configuration, same bits, for any number of threads; beyond
/// the bars, what is in memory does not grow with their number. Progress: stage "pre-training",
/// figure "error". Throws Error (no features, too few bars for two
/// windows), Stopped.
PretrainResult pretrain(const PretrainConfig& config, const Bars& bars, const Job& job = {});

}  // namespace spanlab
