// Parts of a recipe, for components that need no more: model, training, records.
#pragma once

#include <cstdint>

namespace spanlab {

/// Where the bias of the span head starts.
enum class SpanStart {
  uniform,  ///< drawn as every other bias
  prior,    ///< at the log odds of the training bars' base rate, with weights of 0
};

/// What the span head makes of a window; the structured ones are those of SpanStructure.
enum class SpanHead { bar, semi_markov, one_span, linear_chain };

/// The reported run's model.
struct ModelConfig {
  int hidden = 96;  ///< units of each LSTM direction
  int layers = 1;
  int projection = 64;
  double input_dropout = 0.3;
  double layer_dropout = 0.7;
  double head_dropout = 0.6;
  SpanStart span_start = SpanStart::uniform;
  SpanHead span_head = SpanHead::bar;
  int longest_span = 16;  ///< bars; of the structured heads
};

/// How the learning rate goes over the steps.
enum class Schedule { constant, one_cycle, cosine, exponential };

struct LearningRateConfig {
  double peak = 1e-3;
  Schedule schedule = Schedule::constant;
  double decay = 0.95;  ///< exponential: factor an epoch
};

/// AdamW but for its learning rate.
struct AdamWConfig {
  double beta1 = 0.9;
  double beta2 = 0.999;
  double epsilon = 1e-8;
  double weight_decay = 0.01;
};

struct TrainConfig {
  int epochs = 100;
  int batch = 32;  ///< windows
  LearningRateConfig rate;
  AdamWConfig adamw;
  double clip_norm = 0;  ///< 0: off
  bool mirror = false;
  int shift = 0;           ///< bars that a window is moved by at most; 0: off
  double average = 0;      ///< decay of the parameters' running mean, a step; 0: off
  int patience = 0;        ///< epochs without a lower validation loss; 0: off
  int freeze_encoder = 0;  ///< epochs; see Learner
  int64_t seed = 0;
};

/// Epochs between two rows or files.
struct RecordConfig {
  int uncertainty_every = 5;
  int features_every = 5;
  int gradients_every = 10;
  int checkpoint_every = 10;
  int diagnostics_every = 10;  ///< 0: off
};

/// What a run must reach to be called a success.
struct CriteriaConfig {
  double loss_drop = 0.2;    ///< of the first epoch's validation loss
  double span_f1 = 0;        ///< above
  double separation = 0.05;  ///< above
};

}  // namespace spanlab
