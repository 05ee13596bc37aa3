// Family N: NaN or infinite values, series that are exactly 0, wrong initial losses.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "spanlab/diagnose/rule.h"
#include "spanlab/diagnose/run_facts.h"
#include "spanlab/diagnose/trace.h"
#include "spanlab/diagnose/trivial_losses.h"

namespace spanlab {
namespace {

constexpr int kZeroRows = 5;
constexpr double kOffFromExpected = 0.1;  // cross-entropies of an untrained model, relative
constexpr double kRegressionOff = 0.5;    // Huber losses: the first outputs are not exactly 0
constexpr double kPriorGain = 0.1;        // of the span loss, relative

// A NaN or infinite value of a table.
struct Place {
  std::string column, file;
  int epoch;
  double value;
};

bool is_number(double value) {
  return std::isfinite(value);
}

void add_place(std::vector<Place>& places, const std::string& column, const std::string& table,
               int epoch, double value) {
  if (!is_number(value)) places.push_back({column, table, epoch, value});
}

void add_cells(std::vector<Place>& places, const char* what, const std::string& table, int epoch,
               const TaskCells& cells) {
  for (size_t t = 0; t < kTaskCount; ++t) {
    if (cells[t]) {
      add_place(places, fmt::format("{}_{}", what, kTaskNames[t]), table, epoch, *cells[t]);
    }
  }
}

std::vector<Place> places_without_number(const RunRecord& record) {
  std::vector<Place> places;
  for (const EpochMetricsRow& row : record.epoch_metrics) {
    add_place(places, "train_loss", file_of<EpochMetricsRow>(), row.epoch, row.train_loss);
    add_place(places, "val_loss", file_of<EpochMetricsRow>(), row.epoch, row.val_loss.value_or(0));
  }
  for (const LossComponentsRow& row : record.loss_components) {
    add_cells(places, "loss", file_of<LossComponentsRow>(), row.epoch, row.loss);
  }
  for (const UncertaintyParamsRow& row : record.uncertainty_params) {
    add_cells(places, "sigma", file_of<UncertaintyParamsRow>(), row.epoch, row.sigma);
  }
  for (const GradientStatsRow& row : record.gradient_stats) {
    add_place(places, "total_grad_norm", file_of<GradientStatsRow>(), row.epoch,
              row.total_grad_norm);
  }
  for (const FeatureStatsRow& row : record.feature_stats) {
    if (row.phase != Phase::train) continue;  // validation may be empty
    add_place(places, row.feature_name, file_of<FeatureStatsRow>(), row.epoch, row.values.mean);
  }
  return places;
}

std::optional<Finding> check_not_finite(const RunEvidence& e) {
  const std::vector<Place> places = places_without_number(e.record);
  int64_t weights = 0;
  if (e.model) {
    const std::vector<float>& parameters = e.model->parameters;
    weights = std::count_if(parameters.begin(), parameters.end(),
                            [](float p) { return !std::isfinite(p); });
  }
  if (places.empty() && weights == 0) return std::nullopt;
  std::string text;
  std::vector<Evidence> evidence;
  if (!places.empty()) {
    const auto earlier = [](const Place& a, const Place& b) { return a.epoch < b.epoch; };
    const Place& first = *std::min_element(places.begin(), places.end(), earlier);
    text = fmt::format(
        "{} is {} at epoch {}, the first such value; {} cells of the tables are NaN or infinite. ",
        first.column, first.value, first.epoch, places.size());
    evidence.push_back(measured(first.column, first.value, "", first.file, {}, first.epoch));
    evidence.push_back(
        measured("NaN or infinite cells", static_cast<double>(places.size()), "", first.file, 0.0));
  }
  if (weights > 0) {
    text += fmt::format("{} of {} weights in {} are NaN or infinite.", weights,
                        e.model->parameters.size(), e.model->file);
    evidence.push_back(
        measured("NaN or infinite weights", static_cast<double>(weights), "", e.model->file, 0.0));
  }
  const double rate = settings_of_run(e).train.rate.peak;
  return finding(Severity::high, text, std::move(evidence),
                 {{{learning_rate_patch(rate / 10), "train.clip_norm=1"},
                   "Divide the learning rate by 10 and clip the gradient norm.",
                   "The losses stay finite. If not, check the inputs of the first bad epoch."}});
}

// Epoch at which a run of `kZeroRows` exact zeros begins; 0 if there is none.
int zeros_from(const Trace& trace) {
  int count = 0;
  for (size_t i = 0; i < trace.size(); ++i) {
    count = trace.value[i] == 0 ? count + 1 : 0;
    if (count == kZeroRows) return trace.epoch[i + 1 - kZeroRows];
  }
  return 0;
}

std::optional<Finding> check_exact_zero(const RunEvidence& e) {
  Severity severity = Severity::note;
  std::string text;
  std::vector<Evidence> evidence;
  const auto look = [&](const Trace& trace, const std::string& what, const std::string& table,
                        Severity if_zero) {
    const int epoch = zeros_from(trace);
    if (epoch == 0) return;
    severity = std::max(severity, if_zero);
    text += fmt::format("From epoch {1}, {0} is exactly 0 in at least {2} rows. ", what, epoch,
                        kZeroRows);
    evidence.push_back(measured(what, 0.0, "", table, {}, epoch));
  };
  look(gradient_norm(e.record), "the gradient norm", file_of<GradientStatsRow>(), Severity::high);
  for (const Task task : learned_tasks(e)) {
    look(task_loss(e.record, Phase::train, task),
         fmt::format("the training loss of {}", name_of(task)), file_of<LossComponentsRow>(),
         Severity::medium);
  }
  if (evidence.empty()) return std::nullopt;
  return finding(
      severity, text, std::move(evidence),
      {{{},
        "Check that the windows have targets for the task and that its loss reaches the model.",
        "The values differ from 0."}});
}

const InitialLossesRow* initial_row(const RunRecord& record) {
  for (const InitialLossesRow& row : record.initial_losses) {
    if (row.phase == Phase::train) return &row;
  }
  return nullptr;
}

// A span head that starts at the base rate predicts the base rate, whatever the weight of
// positives.
double expected_loss(SpanStart start, double pos_weight, const TrivialLosses& trivial, Task task) {
  if (task != Task::span || start != SpanStart::prior) {
    return *trivial.untrained[static_cast<size_t>(task)];
  }
  const double pi = trivial.base_rate;
  if (pi <= 0 || pi >= 1) return 0;
  return -pos_weight * pi * std::log(pi) - (1 - pi) * std::log(1 - pi);
}

std::optional<Finding> check_initial_loss(const RunEvidence& e) {
  const InitialLossesRow* row = initial_row(e.record);
  if (row == nullptr || !e.recipe || !e.data) return std::nullopt;
  const Recipe& recipe = *e.recipe;
  const TrivialLosses trivial =
      trivial_losses(recipe.loss, recipe.model.span_head, e.data->dataset, e.data->split.train);
  Severity severity = Severity::note;
  std::string text;
  std::vector<Evidence> evidence;
  std::vector<Remedy> remedies;
  const std::string file = file_of<InitialLossesRow>();
  for (const Task task : learned_tasks(e)) {
    const auto t = static_cast<size_t>(task);
    if (!row->loss[t] || !trivial.untrained[t]) continue;
    const double loss = *row->loss[t],
                 expected = expected_loss(recipe.model.span_start, recipe.loss.span_pos_weight,
                                          trivial, task);
    const bool entropy = task == Task::type || task == Task::span;
    const double tolerance = entropy ? kOffFromExpected : kRegressionOff;
    if (expected <= 0 || std::abs(loss - expected) <= tolerance * expected) continue;
    severity = Severity::medium;
    text += fmt::format("The {} loss starts at {:.4g}; that of an untrained head is {:.4g}. ",
                        name_of(task), loss, expected);
    evidence.push_back(
        measured(fmt::format("initial {} loss, deviation from {:.4g}", name_of(task), expected),
                 100 * (loss / expected - 1), "%", file, 100 * tolerance, row->epoch));
  }
  const auto span = static_cast<size_t>(Task::span);
  if (recipe.has(Task::span) && recipe.model.span_start == SpanStart::uniform && row->loss[span] &&
      trivial.constant[span] && *row->loss[span] > (1 + kPriorGain) * *trivial.constant[span]) {
    text += fmt::format(
        "The span loss starts at {:.4g}. A bias at the log odds of the base rate ({:.2f} %) would "
        "start at {:.4g}; the first epochs learn only the base rate.",
        *row->loss[span], 100 * trivial.base_rate, *trivial.constant[span]);
    evidence.push_back(measured("initial span loss over that of a constant prediction",
                                100 * *row->loss[span] / *trivial.constant[span], "%", file,
                                100 * (1 + kPriorGain), row->epoch));
    remedies.push_back({{"model.span_start=prior"},
                        "Start the span head at the base rate.",
                        "The span loss starts at that of a constant prediction."});
  }
  if (evidence.empty()) return std::nullopt;
  if (remedies.empty()) {
    remedies.push_back(
        {{},
         "Check the initialisation, the reduction and the targets of the task's loss.",
         "The first loss is that of an untrained head."});
  }
  return finding(severity, text, std::move(evidence), std::move(remedies));
}

}  // namespace

std::vector<Rule> numeric_rules() {
  return {
      {.id = "N1",
       .title = "NaN or infinite values",
       .measures = "NaN and infinite values in losses, sigmas, gradients, features and weights",
       .threshold = "any",
       .mistaken_for = "an empty cell, which means that there was nothing to measure",
       .leads_to = {"O2", "O7", "C1", "C2", "C3", "T1"},
       .check = check_not_finite},
      {.id = "N2",
       .title = "Gradient or loss is exactly 0",
       .measures = "rows in which the gradient norm or a training loss is exactly 0",
       .threshold = "5 in a row",
       .mistaken_for = "a small loss: it is never exactly 0",
       .leads_to = {"O5", "O6", "C1", "C3", "T1"},
       .check = check_exact_zero},
      {.id = "N3",
       .title = "Initial losses are not those of an untrained model",
       .measures =
           "loss before the first step compared with ln 3 (type), ln 2 or the entropy of the base "
           "rate (span), the Huber loss of predicting 0.5 (pointers) and 0 (countdown)",
       .threshold =
           "off by 10 %, pointers and countdown by 50 %; or a span loss 10 % above that of the "
           "base rate",
       .mistaken_for = "targets of a different scale: compare with D2",
       .leads_to = {"C1"},
       .check = check_initial_loss},
  };
}

}  // namespace spanlab
