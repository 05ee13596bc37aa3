// The probability that a bar lies in a span, for windows of features: the members' mean.
#pragma once

#include <memory>
#include <vector>

#include "spanlab/base/parallel.h"
#include "spanlab/detect/detector.h"
#include "spanlab/model/jade.h"

namespace spanlab {

/// The same bits for a window alone, in any batch, and with any number of threads.
class WindowScorer {
 public:
  /// `detector` must outlive this.
  WindowScorer(const Detector& detector, int threads);

  int window() const { return window_; }      ///< T
  int features() const { return features_; }  ///< D

  /// input [windows, T, D]; probability [windows, T] out, not calibrated.
  void score(int windows, const float* input, float* probability);

 private:
  // A member for one part of a batch. A model of this size is quickest on one thread, so members
  // and parts are shared out instead.
  struct Worker {
    ThreadPool alone{1};
    std::unique_ptr<Jade<float>> model;
    const float* probability = nullptr;  // [B, T]
  };

  const Detector& detector_;
  int window_, features_;
  ThreadPool pool_;
  std::vector<std::unique_ptr<Worker>> workers_;  // [E, parts]
};

}  // namespace spanlab
