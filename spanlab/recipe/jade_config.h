// Sizes of Jade and its encoder for given windows and features.
#pragma once

#include <optional>

#include "spanlab/model/jade.h"
#include "spanlab/model/reconstruction.h"
#include "spanlab/recipe/configs.h"

namespace spanlab {

inline std::optional<SpanStructure> structure_of(SpanHead head) {
  switch (head) {
    case SpanHead::bar:
      return std::nullopt;
    case SpanHead::semi_markov:
      return SpanStructure::semi_markov;
    case SpanHead::one_span:
      return SpanStructure::one_span;
    case SpanHead::linear_chain:
      return SpanStructure::linear_chain;
  }
  return std::nullopt;
}

/// `window`: T, bars. `features`: D.
inline JadeConfig jade_config(const ModelConfig& model, int window, int features) {
  return {.window = window,
          .features = features,
          .hidden = model.hidden,
          .layers = model.layers,
          .projection = model.projection,
          .input_dropout = model.input_dropout,
          .layer_dropout = model.layer_dropout,
          .head_dropout = model.head_dropout,
          .structure = structure_of(model.span_head),
          .longest_span = model.longest_span};
}

/// The encoder of that model alone.
inline EncoderConfig encoder_config(const ModelConfig& model, int window, int features) {
  return {window, features, model.hidden, model.layers};
}

}  // namespace spanlab
