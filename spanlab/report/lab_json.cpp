// Writes lab.json.
#include <cmath>
#include <nlohmann/json.hpp>

#include "spanlab/lab/lab.h"
#include "spanlab/report/reports.h"

namespace spanlab {
namespace {

using Json = nlohmann::ordered_json;

Json number_json(double value) {
  return std::isfinite(value) ? Json(value) : Json();
}

Json metrics_json(const std::vector<Interval>& metrics) {
  Json all = Json::object();
  for (size_t m = 0; m < metrics.size(); ++m) {
    all[std::string(metric_table()[m].name)] = {{"value", number_json(metrics[m].value)},
                                                {"low", number_json(metrics[m].low)},
                                                {"high", number_json(metrics[m].high)}};
  }
  return all;
}

Json recipe_json(const RecipeResult& recipe) {
  Json runs = Json::array();
  for (const std::filesystem::path& run : recipe.runs) runs.push_back(run.filename().string());
  Json object{{"name", recipe.experiment.name},
              {"patch", recipe.experiment.patch},
              {"reason", recipe.experiment.reason},
              {"runs", runs},
              {"metrics", metrics_json(recipe.metrics)}};
  if (!recipe.difference.empty()) {
    object["difference"] = metrics_json(recipe.difference);
    object["verdict"] = name_of(recipe.verdict);
  }
  return object;
}

}  // namespace

std::string lab_json(const LabResult& result) {
  const Evaluation& tested = result.baseline;
  Json object{{"tested_on", tested.tested_on},
              {"windows", tested.windows},
              {"groups", tested.groups},
              {"positive_bars", tested.positives},
              {"best", result.recipes[result.best].experiment.name},
              {"recipes", Json::array()},
              {"trivial", Json::array()},
              {"path", Json::array()},
              {"leading", result.path.leading},
              {"findings", Json::array()}};
  for (const RecipeResult& recipe : result.recipes)
    object["recipes"].push_back(recipe_json(recipe));
  for (const Judged& judged : tested.trivial) {
    object["trivial"].push_back({{"name", judged.name}, {"metrics", metrics_json(judged.metrics)}});
  }
  for (const PathStep& step : result.path.steps) {
    object["path"].push_back({{"experiment", step.experiment},
                              {"f1", number_json(step.f1)},
                              {"decision", step.decision}});
  }
  for (const Finding& finding : result.findings) object["findings"].push_back(finding.rule);
  return object.dump(2) + "\n";
}

}  // namespace spanlab
