// O1 and O2: gradients that vanish or explode.
#include <fmt/format.h>

#include <cmath>
#include <utility>

#include "spanlab/diagnose/optimisation_checks.h"
#include "spanlab/diagnose/run_facts.h"
#include "spanlab/diagnose/trace.h"
#include "spanlab/recipe/jade_config.h"

namespace spanlab {
namespace {

constexpr double kSmallestMean = 1e-7;   // root mean square of a gradient
constexpr double kSmallestRatio = 1e-3;  // first layer over heads
constexpr double kShareOfNorms = 0.5;
constexpr double kLargestJump = 10;
constexpr size_t kRowsBefore = 3;
constexpr double kUsualParameters = 1e5;  // where the metadata are missing

struct GradientParts {
  int epoch;
  double mean;   // root mean square
  double ratio;  // first layer over heads; NaN where there are none
};

// Weights of the encoder at its inputs.
bool is_first_layer(const std::string& tensor, const Role& role) {
  return role.part == ModelPart::encoder && role.layer == 0 &&
         tensor.find("weight_ih") != std::string::npos;
}

GradientParts parts_of(const GradientStatsRow& row, const std::vector<std::string>& tensors,
                       const std::vector<std::optional<Role>>& roles, double parameters) {
  double encoder = 0, heads = 0;
  for (size_t i = 0; i < tensors.size() && i < row.norms.size(); ++i) {
    const double square = row.norms[i] * row.norms[i];
    if (!roles[i]) continue;
    if (is_first_layer(tensors[i], *roles[i])) encoder += square;
    if (roles[i]->part == ModelPart::head) heads += square;
  }
  return {row.epoch, row.total_grad_norm / std::sqrt(parameters), std::sqrt(encoder / heads)};
}

bool vanishes(const GradientParts& parts) {
  return parts.mean < kSmallestMean || parts.ratio < kSmallestRatio;
}

}  // namespace

std::vector<std::optional<Role>> roles_of_tensors(const RunEvidence& e) {
  Recipe recipe = settings_of_run(e);
  // Tables alone show which span head there was.
  const std::vector<std::string>& named = e.record.tensors;
  if (!e.recipe && std::find(named.begin(), named.end(), kSharedScores) != named.end()) {
    recipe.model.span_head = SpanHead::semi_markov;
  }
  const auto features = static_cast<int>(recipe.data.features.size());
  const Jade<float> model(jade_config(recipe.model, recipe.data.window, features));
  std::vector<std::optional<Role>> roles;
  for (const std::string& tensor : named) {
    const Parameter* found = model.table().find(tensor);
    roles.push_back(found != nullptr ? std::optional(found->role) : std::nullopt);
  }
  return roles;
}

std::optional<Finding> check_vanishing(const RunEvidence& e) {
  const RunRecord& record = e.record;
  const double parameters = e.metadata && e.metadata->trainable_parameters > 0
                                ? static_cast<double>(e.metadata->trainable_parameters)
                                : kUsualParameters;
  const std::vector<std::optional<Role>> roles = roles_of_tensors(e);
  std::vector<GradientParts> all;
  size_t small = 0;
  for (const GradientStatsRow& row : record.gradient_stats) {
    // Exact zeros are N2's. In the first epoch, heads that start at 0 pass nothing on.
    if (!(row.total_grad_norm > 0) || row.epoch < 2) continue;
    all.push_back(parts_of(row, record.tensors, roles, parameters));
    if (vanishes(all.back())) ++small;
  }
  if (small == 0 || static_cast<double>(small) < kShareOfNorms * static_cast<double>(all.size())) {
    return std::nullopt;
  }
  const GradientParts* last = &all.back();
  for (const GradientParts& parts : all) {
    if (vanishes(parts)) last = &parts;
  }
  const std::string file = file_of<GradientStatsRow>();
  std::vector<Remedy> remedies;
  const std::string text = fmt::format(
      "At epoch {} the root mean square of the gradient is {:.2g}, and its norm on the first layer "
      "is {:.2g} times that on the heads. It vanishes in {} of {} recorded epochs: the encoder "
      "learns nothing from the heads.",
      last->epoch, last->mean, last->ratio, small, all.size());
  std::vector<Evidence> evidence = {measured("root mean square of the gradient", last->mean, "",
                                             file, kSmallestMean, last->epoch),
                                    measured("gradient norm, first layer over heads", last->ratio,
                                             "", file, kSmallestRatio, last->epoch)};
  const Recipe recipe = settings_of_run(e);
  if (recipe.model.layers > 1) {
    remedies.push_back(
        {{"model.layers=1"}, "Use one LSTM layer.", "The gradient passes through fewer layers."});
  }
  remedies.push_back({{learning_rate_patch(recipe.train.rate.peak / 10)},
                      "Lower the learning rate, so that gates do not saturate.",
                      "The gradient on the first layer stays as large as that on the heads."});
  remedies.push_back(
      {{"train.weight_decay=0"},
       "Turn weight decay off: it shrinks the heads, through which the gradient passes.",
       "The ratio of first layer to heads rises."});
  return finding(Severity::high, text, std::move(evidence), std::move(remedies));
}

std::optional<Finding> check_exploding(const RunEvidence& e) {
  const Recipe recipe = settings_of_run(e);
  // A long gradient that is cut to length before the step does no harm.
  const bool clipped = recipe.train.clip_norm > 0;
  std::vector<double> before;
  Severity severity = Severity::note;
  std::string text;
  std::vector<Evidence> worst;
  double worst_ratio = kLargestJump;
  for (const GradientStatsRow& row : e.record.gradient_stats) {
    const double norm = row.total_grad_norm, usual = median_of(before);
    const bool finite = std::isfinite(norm);
    const bool jump = before.size() >= kRowsBefore && usual > 0 && norm > worst_ratio * usual;
    if (!finite || (jump && !clipped)) {
      severity = finite ? Severity::medium : Severity::high;
      text = fmt::format(
          "At epoch {} the gradient norm is {:.3g}; its median before that epoch is {:.3g}.",
          row.epoch, norm, usual);
      const auto limit = before.empty() ? std::optional<double>{} : kLargestJump * usual;
      worst = {measured("gradient norm", norm, "", file_of<GradientStatsRow>(), limit, row.epoch)};
      worst_ratio = norm / usual;
    }
    if (!finite) break;
    before.push_back(norm);
  }
  if (worst.empty()) return std::nullopt;
  const double usual = before.empty() ? 1.0 : median_of(before);
  return finding(severity, text, std::move(worst),
                 {{{fmt::format("train.clip_norm={:.2g}", std::max(usual, 1e-3))},
                   "Clip the gradient to its usual norm.",
                   "A single batch can no longer move the weights far."},
                  {{learning_rate_patch(recipe.train.rate.peak / 10)},
                   "Divide the learning rate by 10.",
                   "The weights stay in a region of small gradients."}});
}

}  // namespace spanlab
