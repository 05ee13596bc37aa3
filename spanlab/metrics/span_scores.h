// How well thresholded probabilities cover the labelled bars of a window.
#pragma once

namespace spanlab {

struct SpanScores {
  double precision, recall, f1;
};

/// Precision, recall and F1 of every window, each averaged over the windows:
/// P = TP / (TP + FP + 1e-10), R = TP / (TP + FN + 1e-10), F1 = 2 P R / (P + R + 1e-10), counted in
/// bars; a bar is predicted where its probability exceeds `threshold`.
/// A window without a labelled bar enters the means with 0, whatever is predicted: the three scores
/// compare runs on the same windows, they do not reward silence. NaN if there is no window.
/// `probability`, `mask`: [windows, length]; mask 1 inside spans, else 0.
SpanScores span_scores(const float* probability, const float* mask, int windows, int length,
                       double threshold = 0.5);

}  // namespace spanlab
