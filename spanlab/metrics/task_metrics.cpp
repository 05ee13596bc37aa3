// Predictions and constants compared with the targets of labelled windows.
#include "spanlab/metrics/task_metrics.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <vector>

#include "spanlab/base/error.h"
#include "spanlab/base/number.h"
#include "spanlab/windows/dataset.h"

namespace spanlab {
namespace {

// A labelled window: its number in the dataset and its place among the tested.
struct Labelled {
  size_t window, place;
};

/// The labelled windows of a part.
struct LabelledPart {
  const Dataset& dataset;
  std::vector<Labelled> windows;
};

LabelledPart labelled_among(const DatasetPart& part) {
  const Dataset& dataset = part.dataset;
  LabelledPart labelled{dataset, {}};
  for (size_t place = 0; place < part.chosen.size(); ++place) {
    const int number = part.chosen[place];
    if (number < 0 || number >= dataset.windows) {
      throw Error(fmt::format("window {} of {}", number, dataset.windows),
                  "windows are numbered from 0");
    }
    const auto window = static_cast<size_t>(number);
    if (dataset.labelled[window]) labelled.windows.push_back({window, place});
  }
  return labelled;
}

void expect_answers(const char* task, size_t found, size_t expected) {
  if (found == 0 || found == expected) return;
  throw Error(fmt::format("{}: {} values where {} are expected", task, found, expected),
              "give predictions for all tested windows, or none for a task that is off");
}

double mean(const std::vector<double>& values) {
  double sum = 0;
  for (const double value : values) sum += value;
  return values.empty() ? kNone : sum / static_cast<double>(values.size());
}

double median(std::vector<double> values) {
  if (values.empty()) return kNone;
  std::sort(values.begin(), values.end());
  return std::midpoint(values[(values.size() - 1) / 2], values[values.size() / 2]);
}

// Mean |answer - truth|. An answer that is NaN makes it NaN.
double mean_distance(const std::vector<double>& answers, const std::vector<double>& truths) {
  std::vector<double> distances;
  for (size_t i = 0; i < answers.size(); ++i) distances.push_back(std::abs(answers[i] - truths[i]));
  return mean(distances);
}

double level_of(const std::vector<double>& train, const std::vector<double>& test) {
  return mean_distance(std::vector<double>(test.size(), median(train)), test);
}

std::vector<double> pointers_of(const LabelledPart& part, size_t pointer) {
  std::vector<double> bars;
  for (const Labelled& w : part.windows) {
    bars.push_back(double{part.dataset.pointers[2 * w.window + pointer]} * part.dataset.length);
  }
  return bars;
}

// Calls f(index in the dataset, index among the answers) for each bar whose countdown counts.
template <class F>
void each_countdown(const LabelledPart& part, F f) {
  const Dataset& dataset = part.dataset;
  const auto length = static_cast<size_t>(dataset.length);
  for (const Labelled& w : part.windows) {
    for (size_t t = 0; t < length; ++t) {
      const size_t bar = w.window * length + t;
      if (!dataset.countdown_counted.empty() && !dataset.countdown_counted[bar]) continue;
      f(bar, w.place * length + t);
    }
  }
}

// Index of the largest; -1 if one is NaN.
int largest(std::span<const float> values) {
  if (std::any_of(values.begin(), values.end(), [](float v) { return std::isnan(v); })) return -1;
  return static_cast<int>(std::max_element(values.begin(), values.end()) - values.begin());
}

int commonest_type(const LabelledPart& part) {
  std::map<int, int> count;
  for (const Labelled& w : part.windows) ++count[part.dataset.type[w.window]];
  const auto most = std::max_element(
      count.begin(), count.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
  return most == count.end() ? -1 : most->first;
}

void add_type(const LabelledPart& train, const LabelledPart& test, size_t tested,
              std::span<const float> types, TaskMetrics& metrics) {
  const int usual = commonest_type(train);
  std::vector<double> majority, right;
  std::map<int, std::vector<double>> right_of;  // by type
  bool answered = !types.empty();
  for (const Labelled& w : test.windows) {
    const int type = test.dataset.type[w.window];
    majority.push_back(usual < 0 ? kNone : type == usual);
    if (types.empty()) continue;
    const size_t classes = types.size() / tested;
    const int said = largest(types.subspan(w.place * classes, classes));
    answered = answered && said >= 0;
    right.push_back(said == type);
    right_of[type].push_back(said == type);
  }
  metrics.type_majority = mean(majority);
  if (!answered) return;
  std::vector<double> recalls;
  for (const auto& [type, of_type] : right_of) recalls.push_back(mean(of_type));
  metrics.type_accuracy = mean(right);
  metrics.type_balanced_accuracy = mean(recalls);
}

void add_pointers(const LabelledPart& train, const LabelledPart& test,
                  std::span<const float> pointers, TaskMetrics& metrics) {
  for (const size_t pointer : {size_t{0}, size_t{1}}) {
    const std::vector<double> truths = pointers_of(test, pointer);
    const double level = level_of(pointers_of(train, pointer), truths);
    double error = kNone;
    if (!pointers.empty()) {
      std::vector<double> answers;
      for (const Labelled& w : test.windows) {
        answers.push_back(double{pointers[2 * w.place + pointer]} * test.dataset.length);
      }
      error = mean_distance(answers, truths);
    }
    (pointer == 0 ? metrics.center_error : metrics.length_error) = error;
    (pointer == 0 ? metrics.center_level : metrics.length_level) = level;
  }
}

// `unit`: bars in one unit of the countdown target.
void add_countdown(const LabelledPart& train, const LabelledPart& test,
                   std::span<const float> countdown, double unit, TaskMetrics& metrics) {
  std::vector<double> usual, truths, answers;
  each_countdown(train,
                 [&](size_t bar, size_t) { usual.push_back(unit * train.dataset.countdown[bar]); });
  each_countdown(test, [&](size_t bar, size_t said) {
    truths.push_back(unit * test.dataset.countdown[bar]);
    if (!countdown.empty()) answers.push_back(unit * countdown[said]);
  });
  metrics.countdown_level = level_of(usual, truths);
  metrics.countdown_error = mean_distance(answers, truths);
}

}  // namespace

TaskMetrics task_metrics(const DatasetPart& train, const DatasetPart& test, const TaskOutputs& said,
                         CountdownTarget countdown) {
  const size_t tested = test.chosen.size();
  expect_answers("pointers", said.pointers.size(), 2 * tested);
  expect_answers("countdown", said.countdown.size(),
                 tested * static_cast<size_t>(test.dataset.length));
  if (tested == 0 ? !said.types.empty() : said.types.size() % tested != 0) {
    throw Error(fmt::format("types: {} values for {} windows", said.types.size(), tested),
                "give one value a class for every tested window");
  }
  const LabelledPart known = labelled_among(train), asked = labelled_among(test);
  const double unit = countdown == CountdownTarget::clipped ? 1 : 2 * kFarthestCountdown;

  TaskMetrics metrics{static_cast<int>(asked.windows.size()),
                      kNone,
                      kNone,
                      kNone,
                      kNone,
                      kNone,
                      kNone,
                      kNone,
                      kNone,
                      kNone};
  add_type(known, asked, tested, said.types, metrics);
  add_pointers(known, asked, said.pointers, metrics);
  add_countdown(known, asked, said.countdown, unit, metrics);
  return metrics;
}

}  // namespace spanlab
