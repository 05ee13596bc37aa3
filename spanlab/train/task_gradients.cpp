// One backward pass per task, then sums over the parameters in their order.
#include "spanlab/train/task_gradients.h"

#include <algorithm>

namespace spanlab {
namespace {

void copy_one_task(Task task, const JadeOutput<float>& from, JadeOutput<float>& to) {
  const auto copy = [&](Task of, const std::vector<float>& values, std::vector<float>& result) {
    if (of == task) {
      result = values;
    } else {
      result.assign(values.size(), 0.0f);
    }
  };
  copy(Task::type, from.logits, to.logits);
  copy(Task::ptr, from.pointers, to.pointers);
  copy(Task::span, from.span, to.span);
  copy(Task::span, from.span_scores, to.span_scores);
  copy(Task::span, from.span_shared, to.span_shared);
  copy(Task::countdown, from.countdown, to.countdown);
}

}  // namespace

TaskGradients::TaskGradients(const ParameterTable& table, std::span<const Task> tasks)
    : table_(table), tasks_(tasks.begin(), tasks.end()), gradients_(tasks.size()) {}

void TaskGradients::compute(Jade<float>& model, ThreadPool& pool, const float* block,
                            const JadeOutput<float>& d, std::span<const uint8_t> present) {
  for (size_t t = 0; t < tasks_.size(); ++t) {
    gradients_[t].assign(table_.size(), 0.0f);
    if (!present[t]) continue;
    copy_one_task(tasks_[t], d, of_one_);
    model.backward(pool, block, of_one_, gradients_[t].data(), Kept::left_whole);
  }
}

std::vector<double> TaskGradients::gram() const {
  const size_t tasks = tasks_.size();
  std::vector<double> gram(tasks * tasks);
  for (size_t t = 0; t < tasks; ++t) {
    for (size_t u = 0; u <= t; ++u) {
      const float *a = gradients_[t].data(), *b = gradients_[u].data();
      double sum = 0;
      for_pieces([&](size_t first, size_t last, bool shared) {
        if (!shared) return;
        for (size_t i = first; i < last; ++i) {
          sum += static_cast<double>(a[i]) * static_cast<double>(b[i]);
        }
      });
      gram[t * tasks + u] = gram[u * tasks + t] = sum;
    }
  }
  return gram;
}

void TaskGradients::combine(const BalancerStep& step, float* gradient) const {
  for_pieces([&](size_t first, size_t last, bool shared) {
    const std::vector<double>& weight = shared ? step.shared : step.own;
    for (size_t i = first; i < last; ++i) {
      double sum = 0;
      for (size_t t = 0; t < weight.size(); ++t) {
        sum += weight[t] * static_cast<double>(gradients_[t][i]);
      }
      gradient[i] = static_cast<float>(sum);
    }
  });
}

template <class F>
void TaskGradients::for_pieces(const F& f) const {
  for (const Parameter& p : table_.entries()) {
    f(p.offset, p.offset + p.size, p.role.part == ModelPart::encoder);
  }
}

}  // namespace spanlab
