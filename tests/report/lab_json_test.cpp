// lab.json of a made-up lab: every field and number.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "spanlab/lab/lab.h"
#include "spanlab/report/reports.h"
#include "tests/golden_file.h"
#include "tests/report/made_up_results.h"

namespace spanlab::test {
namespace {

using Json = nlohmann::json;

void expect_metrics(const Json& json, const std::vector<Interval>& metrics) {
  ASSERT_EQ(json.size(), metrics.size());
  for (size_t m = 0; m < metrics.size(); ++m) {
    const Json& one = json.at(std::string(metric_table()[m].name));
    EXPECT_EQ(one.size(), 3u);
    EXPECT_EQ(one.at("value"), metrics[m].value);
    EXPECT_EQ(one.at("low"), metrics[m].low);
    EXPECT_EQ(one.at("high"), metrics[m].high);
  }
}

TEST(LabJson, HasEveryField) {
  LabResult result = made_up_lab();
  constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
  result.recipes[3].metrics.back() = {kNone, -std::numeric_limits<double>::infinity(), kNone};
  expect_golden("tests/report/golden/lab.json", lab_json(result));
}

TEST(LabJson, NumbersAreTheResults) {
  const LabResult result = made_up_lab();
  const Json json = Json::parse(lab_json(result));
  EXPECT_EQ(json.at("best"), "span-only");
  EXPECT_EQ(json.at("leading"), "span-only");
  ASSERT_EQ(json.at("recipes").size(), result.recipes.size());
  for (size_t i = 0; i < result.recipes.size(); ++i) {
    const Json& recipe = json.at("recipes").at(i);
    EXPECT_EQ(recipe.at("name"), result.recipes[i].experiment.name);
    EXPECT_EQ(recipe.at("patch"), result.recipes[i].experiment.patch);
    expect_metrics(recipe.at("metrics"), result.recipes[i].metrics);
    EXPECT_EQ(recipe.contains("difference"), i > 0);
    EXPECT_EQ(recipe.contains("verdict"), i > 0);
    if (i == 0) continue;
    expect_metrics(recipe.at("difference"), result.recipes[i].difference);
    EXPECT_EQ(recipe.at("verdict"), name_of(result.recipes[i].verdict));
  }
  for (size_t i = 0; i < result.baseline.trivial.size(); ++i) {
    expect_metrics(json.at("trivial").at(i).at("metrics"), result.baseline.trivial[i].metrics);
  }
}

TEST(LabJson, NumbersThatAreNotFiniteAreNull) {
  LabResult result = made_up_lab();
  constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  result.recipes[0].metrics[0] = {kNone, -kInfinity, kInfinity};
  result.path.steps[0].f1 = kNone;
  const Json json = Json::parse(lab_json(result));
  const Json& metric = json.at("recipes").at(0).at("metrics").at("average_precision");
  for (const char* key : {"value", "low", "high"}) EXPECT_TRUE(metric.at(key).is_null()) << key;
  EXPECT_TRUE(json.at("path").at(0).at("f1").is_null());
}

}  // namespace
}  // namespace spanlab::test
