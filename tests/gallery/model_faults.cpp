// Faults of the model: its start, dropout and size.
#include <string_view>

#include "tests/gallery/setup.h"

namespace spanlab::gallery {
namespace {

template <class F>
void on_tensors(Setup& setup, std::string_view start, F f) {
  setup.options.on_learner = [start, f](Learner& learner) {
    for (const Parameter& p : learner.table().entries()) {
      if (!p.name.starts_with(start)) continue;
      for (size_t i = 0; i < p.size; ++i) f(p, learner.state().parameters[p.offset + i]);
    }
  };
}

}  // namespace

std::vector<Fault> model_faults() {
  return {
      {"saturated gates",
       {"O4"},
       [](Setup& s) { on_tensors(s, "lstm", [](const Parameter&, float& w) { w *= 60; }); }},
      {"forget gates shut",
       {"O4"},
       [](Setup& s) {
         set(s, {"train.learning_rate=0.0005"});
         s.options.on_learner = [](Learner& learner) {
           for (const Parameter& p : learner.table().entries()) {
             if (p.name.find("bias_ih") == std::string::npos) continue;
             const size_t units = p.size / 4;  // i, f, g, o
             for (size_t i = units; i < 2 * units; ++i) {
               learner.state().parameters[p.offset + i] = -20;
             }
           }
         };
       }},
      {"span bias starts far off",
       {"N3"},
       [](Setup& s) {
         set(s, {"model.span_start=uniform"});
         on_tensors(s, "expansion_span_emission.1.bias", [](const Parameter&, float& b) { b = 6; });
       }},
      {"span head without its prior",
       {"N3"},
       [](Setup& s) { set(s, {"model.span_start=uniform"}); }},
      {"input dropout 0.95", {"G7"}, [](Setup& s) { set(s, {"model.input_dropout=0.95"}); }},
      {"head dropout 0.95", {"G7"}, [](Setup& s) { set(s, {"model.head_dropout=0.95"}); }},
      {"over-fitting",
       {"G1"},
       [](Setup& s) {
         set(s, {"model.hidden=96", "model.head_dropout=0.0", "train.epochs=150",
                 "train.learning_rate=0.004", "train.weight_decay=0.0"});
         s.windows.resize(40);
       }},
      {"pointer head without training",
       {"C8", "O5"},
       [](Setup& s) {
         s.options.on_learner = [](Learner& learner) {
           learner.freeze("pointer_head.1.weight");
           learner.freeze("pointer_head.1.bias");
         };
       }},
  };
}

std::vector<Control> healthy_controls() {
  return {
      {"as it is", [](Setup&) {}},
      {"span task alone",
       [](Setup& s) {
         set(s, {R"(loss.tasks=["span"])", "balancing.method=sum"});
       }},
      {"no countdown", [](Setup& s) { set(s, {R"(loss.tasks=["type", "ptr", "span"])"}); }},
      {"UW-O", [](Setup& s) { set(s, {"balancing.method=uncertainty_optimal"}); }},
      {"FAMO", [](Setup& s) { set(s, {"balancing.method=famo"}); }},
      {"IMTL-G", [](Setup& s) { set(s, {"balancing.method=imtl_g"}); }},
      {"uncertainty, warm and fast",
       [](Setup& s) {
         set(s, {"balancing.method=uncertainty", "balancing.sigma_start=warm",
                 "balancing.sigma_rate=10", "balancing.sigma_decay=0"});
       }},
      {"48 units", [](Setup& s) { set(s, {"model.hidden=48"}); }},
      {"two layers",
       [](Setup& s) {
         set(s, {"model.layers=2", "model.hidden=16", "model.layer_dropout=0.1"});
       }},
      {"batches of 16",
       [](Setup& s) {
         set(s, {"train.batch=16", "train.learning_rate=0.003"});
       }},
      {"learning rate 0.002", [](Setup& s) { set(s, {"train.learning_rate=0.002"}); }},
      {"constant learning rate",
       [](Setup& s) {
         set(s, {"train.schedule=constant", "train.learning_rate=0.002"});
       }},
      {"cosine schedule", [](Setup& s) { set(s, {"train.schedule=cosine"}); }},
      {"60 epochs",
       [](Setup& s) {
         set(s, {"train.epochs=60", "model.head_dropout=0.3"});
       }},
      {"continuous features", [](Setup& s) { set(s, {"data.feature_mode=continuous"}); }},
      {"split by time", [](Setup& s) { set(s, {"split.kind=time"}); }},
  };
}

}  // namespace spanlab::gallery
