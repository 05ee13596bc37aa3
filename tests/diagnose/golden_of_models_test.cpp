// What rules find in data and answers with one fault each, against a golden file.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <string>
#include <vector>

#include "tests/diagnose/uneven_evidence.h"
#include "tests/golden_file.h"

namespace spanlab::test {
namespace {

struct Fault {
  std::string name, rule;
  std::function<void(RunEvidence&)> make;
};

void rebuild(RunEvidence& e) {
  RunData& data = *e.data;
  const auto& recipe = *e.recipe;
  data.dataset =
      build_dataset(data.series(), data.windows, recipe.data, recipe.loss.countdown_target);
}

bool inside(const RunEvidence& e, int window, int t) {
  const Dataset& d = e.data->dataset;
  return d.mask[static_cast<size_t>(window) * static_cast<size_t>(d.length) +
                static_cast<size_t>(t)] > 0;
}

bool trains(const RunEvidence& e, int window) {
  const auto& train = e.data->split.train;
  return std::find(train.begin(), train.end(), window) != train.end();
}

/// Answers that find the spans in training windows and say `f` in the others.
void answer_in_validation(RunEvidence& e, const std::function<double(int, int)>& f) {
  answer(e, [&](int w, int t) {
    if (trains(e, w)) return inside(e, w, t) ? 0.9 : 0.1;
    return f(w, t);
  });
}

const std::vector<Fault>& data_faults() {
  static const std::vector<Fault> faults{
      {"no fault", kNoRule, [](RunEvidence&) {}},
      {"an untrained start", "N3",
       [](RunEvidence& e) {
         for (auto& row : e.record.initial_losses) {
           row.loss[at(Task::type)] = row.phase == Phase::train ? 1.42 : 1.1;
         }
       }},
      {"a task learns nothing", "M6",
       [](RunEvidence& e) {
         for (auto& row : e.record.loss_components) {
           row.loss[at(Task::type)] = row.phase == Phase::val ? 0.72 : 0.70;
         }
       }},
      {"clipped countdowns", "D2",
       [](RunEvidence& e) {
         e.recipe->loss.countdown_target = CountdownTarget::clipped;
         e.recipe->balancing.method = Balancing::uncertainty;
         rebuild(e);
       }},
      {"countdowns at their limit", "D3", [](RunEvidence&) {}},
      {"one type", "D4",
       [](RunEvidence& e) {
         for (size_t w = 0; w < e.data->windows.size(); ++w) {
           if (w % 13 != 0) e.data->windows[w].spans[0].type = SpanType::consolidation;
         }
         rebuild(e);
       }},
      {"few spans", "D4",
       [](RunEvidence& e) {
         for (size_t w = 4; w < e.data->windows.size(); ++w) e.data->windows[w].spans.clear();
         rebuild(e);
       }},
      {"no span", "D4",
       [](RunEvidence& e) {
         for (Window& w : e.data->windows) w.spans.clear();
         rebuild(e);
       }},
      {"windows on both sides", "D5",
       [](RunEvidence& e) {
         RunData& data = *e.data;
         Window copy = data.windows[static_cast<size_t>(data.split.train[0])];
         copy.id += "_again";
         copy.first_row += 10;
         data.windows.push_back(copy);
         rebuild(e);
         data.split.validation.push_back(static_cast<int>(data.windows.size()) - 1);
       }},
      {"few groups", "D6",
       [](RunEvidence& e) {
         e.data->split.groups /= 2;
         e.data->split.validation.resize(3);
       }},
      {"spans at one place", "L2",
       [](RunEvidence& e) {
         for (Window& w : e.data->windows) {
           const int length = w.spans[0].end - w.spans[0].start;
           w.spans[0].start = 50 + static_cast<int>(w.first_row % 5);
           w.spans[0].end = w.spans[0].start + length;
         }
         // Of windows that share bars one counts, and none without a span.
         for (int n = 1; n < 6; ++n) {
           Window copy = e.data->windows[0];
           copy.id += "_" + std::to_string(n);
           copy.first_row += n;
           if (n == 5) copy.spans.clear();
           e.data->windows.push_back(copy);
           e.data->split.train.push_back(static_cast<int>(e.data->windows.size()) - 1);
         }
         rebuild(e);
       }},
      {"labels taken away", "L1",
       [](RunEvidence& e) {
         RunData& data = *e.data;
         Labelled labelled = data.source.labelled();
         auto& close = labelled.bars.close;
         for (size_t w = 0; w < data.windows.size(); ++w) {
           const Window& window = data.windows[w];
           const Window& next = data.windows[(w + 1) % data.windows.size()];
           const int from = next.spans[0].start, length = next.spans[0].end - from + 1;
           const int to = window.spans[0].start > 50 ? 12 : 80;
           const double shift = close[static_cast<size_t>(window.first_row + to - 1)] -
                                close[static_cast<size_t>(next.first_row + from - 1)];
           for (int i = 0; i < length; ++i) {
             close[static_cast<size_t>(window.first_row + to + i)] =
                 close[static_cast<size_t>(next.first_row + from + i)] + shift;
           }
         }
         data.source = TrainingData(std::move(labelled));
       }},
  };
  return faults;
}

const std::vector<Fault>& answer_faults() {
  static const std::vector<Fault> faults{
      {"the base rate everywhere", "C1",
       [](RunEvidence& e) {
         const double rate = e.evaluation->base_rate();
         answer_in_validation(e, [&](int, int) { return rate; });
         answer_constantly(e.record, rate, 0.001, 0.001, 0.2549);
       }},
      {"a threshold out of reach", "C2",
       [](RunEvidence& e) {
         answer_in_validation(e, [](int, int t) { return 0.3 + 0.0005 * t; });
         answer_constantly(e.record, 0.3, 0.01, 0.02, 0.5);
       }},
      {"F1 of predicting every bar", "C3",
       [](RunEvidence& e) { answer(e, [](int, int) { return 0.3; }); }},
      {"lifted probabilities", "C4",
       [](RunEvidence& e) {
         e.recipe->loss.span_pos_weight = 13.1;
         e.model.reset();
         answer_constantly(e.record, 0.45, 0.02, 0.01, 2.144);
       }},
      {"spans by their place", "C5",
       [](RunEvidence& e) {
         for (Window& w : e.data->windows) {
           const int length = w.spans[0].end - w.spans[0].start;
           w.spans[0].start = 50 + static_cast<int>(w.first_row % 5);
           w.spans[0].end = w.spans[0].start + length;
         }
         rebuild(e);
         answer(e, [](int, int t) { return std::exp(-0.02 * (t - 53) * (t - 53)); });
       }},
      {"probabilities halved", "C6",
       [](RunEvidence& e) {
         answer_in_validation(e, [&](int w, int t) { return inside(e, w, t) ? 0.8 : 0.4; });
       }},
      {"fragments", "C7",
       [](RunEvidence& e) {
         answer(e, [&](int w, int t) {
           return t % (trains(e, w) ? 5 : 3) == 0 ? 0.9 : inside(e, w, t) ? 0.3 : 0.1;
         });
         Evaluation& evaluation = *e.evaluation;
         evaluation.model.threshold = 0.5;
         evaluation.model.metrics =
             metric_intervals({evaluation.windows, evaluation.length, evaluation.model.test_scores,
                               evaluation.mask, evaluation.group},
                              0.5, 1, 20);
       }},
      {"heads apart", "C8",
       [](RunEvidence& e) {
         answer(e, [&](int w, int t) { return inside(e, w, t) ? 0.9 : 0.1; });
         Predictions& said = e.model->validation;
         for (size_t i = 0; i < said.windows.size(); ++i) said.output.pointers[2 * i] *= 0.95F;
         for (float& bars : said.output.countdown) bars += 0.25F;
       }},
      {"no better than trivial", "T1",
       [](RunEvidence& e) {
         answer_in_validation(
             e, [&](int w, int t) { return (inside(e, w, t) ? 0.102 : 0.1) + 0.001 * (t % 31); });
       }},
      {"features without content", "T2",
       [](RunEvidence& e) {
         std::vector<float>& input = e.data->dataset.input.own();
         std::fill(input.begin(), input.end(), 0.0F);
         evaluate(e);
       }},
      {"another window does as well", "G4",
       [](RunEvidence& e) { answer(e, [](int, int t) { return 0.1 + 0.001 * (t % 7); }); }},
      {"F1 too good", "G2",
       [](RunEvidence& e) {
         for (auto& row : e.record.loss_components) {
           row.loss[at(Task::span)] = row.phase == Phase::val ? 0.15 : 0.2;
         }
         e.evaluation->model.metrics[static_cast<size_t>(Metric::f1)].value = 0.97;
       }},
      {"labels that nothing follows", "R3",
       [](RunEvidence& e) {
         constexpr auto kPrecision = static_cast<size_t>(Metric::average_precision);
         const double rate = e.evaluation->base_rate();
         e.evaluation->model.metrics[kPrecision].value = 1.01 * rate;
         double above = 1.02;
         for (Judged& trivial : e.evaluation->trivial) {
           trivial.metrics[kPrecision].value = (above += 0.02) * rate;
         }
       }},
      {"an epoch picked from noise", "R2",
       [](RunEvidence& e) {
         const double rate = e.evaluation->base_rate(), trivial = 2 * rate / (1 + rate);
         for (auto& row : e.record.epoch_metrics) {
           row.span_f1 = trivial + 0.0037 * (row.epoch * 7 % 5);
         }
         e.record.epoch_metrics[5].span_f1 = trivial + 0.1;
       }},
  };
  return faults;
}

void expect_findings(const std::string& file, const std::vector<Fault>& faults) {
  std::string text;
  for (const Fault& fault : faults) {
    RunEvidence evidence = uneven_whole();
    fault.make(evidence);
    text += text_of(fault.name, fault.rule, evidence);
  }
  expect_golden("tests/diagnose/golden/" + file, text);
}

TEST(GoldenFindings, OfData) {
  expect_findings("data.txt", data_faults());
}

TEST(GoldenFindings, OfAnswers) {
  expect_findings("answers.txt", answer_faults());
}

}  // namespace
}  // namespace spanlab::test
