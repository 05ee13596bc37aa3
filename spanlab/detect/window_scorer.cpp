// Runs every member on every part of a batch and averages the members.
#include "spanlab/detect/window_scorer.h"

#include <algorithm>

#include "spanlab/recipe/jade_config.h"

namespace spanlab {
namespace {

constexpr int kParts = 2;

}  // namespace

WindowScorer::WindowScorer(const Detector& detector, int threads)
    : detector_(detector),
      window_(detector.recipe.data.window),
      features_(static_cast<int>(detector.recipe.data.features.size())),
      pool_(threads) {
  for (const std::vector<float>& member : detector.members) {
    for (int part = 0; part < kParts; ++part) {
      workers_.push_back(std::make_unique<Worker>());
      Worker& worker = *workers_.back();
      worker.model =
          std::make_unique<Jade<float>>(jade_config(detector.recipe.model, window_, features_));
      worker.model->prepare(worker.alone, member.data());
    }
  }
}

void WindowScorer::score(int windows, const float* input, float* probability) {
  const auto members = static_cast<int>(detector_.members.size());
  const auto first_of = [&](int part) { return windows * part / kParts; };
  pool_.run(kParts * members, [&](int item) {
    Worker& worker = *workers_[static_cast<size_t>(item)];
    const int part = item % kParts;  // a single window is in the last part, of each member
    const int first = first_of(part), count = first_of(part + 1) - first;
    worker.probability = nullptr;
    if (count == 0) return;
    const float* block = detector_.members[static_cast<size_t>(item / kParts)].data();
    worker.probability =
        worker.model
            ->spans(worker.alone, block, count, input + ptrdiff_t{first} * window_ * features_)
            .data();
  });
  for (int part = 0; part < kParts; ++part) {
    const size_t bars =
        static_cast<size_t>(first_of(part + 1) - first_of(part)) * static_cast<size_t>(window_);
    float* out = probability + ptrdiff_t{first_of(part)} * window_;
    std::fill_n(out, bars, 0.0f);
    for (int member = 0; bars > 0 && member < members; ++member) {
      const float* said = workers_[static_cast<size_t>(member * kParts + part)]->probability;
      for (size_t i = 0; i < bars; ++i) out[i] += said[i];
    }
    for (size_t i = 0; i < bars; ++i) out[i] /= static_cast<float>(members);
  }
}

}  // namespace spanlab
