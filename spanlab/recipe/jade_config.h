// The model that a recipe describes, on the features and windows of a dataset.
#pragma once

#include "spanlab/model/jade.h"
#include "spanlab/model/reconstruction.h"
#include "spanlab/recipe/recipe.h"
#include "spanlab/windows/dataset.h"

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
inline JadeConfig jade_config(const Recipe& recipe, int window, int features) {
  return {.window = window,
          .features = features,
          .hidden = recipe.model.hidden,
          .layers = recipe.model.layers,
          .projection = recipe.model.projection,
          .input_dropout = recipe.model.input_dropout,
          .layer_dropout = recipe.model.layer_dropout,
          .head_dropout = recipe.model.head_dropout,
          .structure = structure_of(recipe.model.span_head),
          .longest_span = recipe.model.longest_span};
}

inline JadeConfig jade_config(const Recipe& recipe, const Dataset& dataset) {
  return jade_config(recipe, dataset.length, dataset.features);
}

/// The encoder of that model alone.
inline EncoderConfig encoder_config(const Recipe& recipe) {
  return {recipe.data.window, static_cast<int>(recipe.data.features.size()), recipe.model.hidden,
          recipe.model.layers};
}

}  // namespace spanlab
