// Charts as JSON: short numbers, thinned lines, text that cannot end its <script> element.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <nlohmann/json.hpp>
#include <string_view>

#include "spanlab/document/renderers.h"

namespace spanlab {
namespace {

using nlohmann::json;
using Points = std::vector<std::array<double, 2>>;

// Points of a line; more than a pixel column each on a wide screen.
constexpr size_t kMostPoints = 1200;

// `digits` significant digits; null if not finite. Whole numbers are written without ".0".
json short_number(double value, int digits = 5) {
  if (!std::isfinite(value)) return nullptr;
  const double rounded = std::strtod(fmt::format("{:.{}g}", value, digits).c_str(), nullptr);
  if (rounded == std::floor(rounded) && std::abs(rounded) < 1e15) {
    return static_cast<int64_t>(rounded);
  }
  return rounded;
}

// Rounded to a 20000th of `range` or finer: what a chart of that range can show. Prices need it:
// five digits of 97123.45 would lose the body of a candle.
json number_in_range(double value, double range) {
  if (!std::isfinite(value)) return nullptr;
  if (!(range > 0.0) || !std::isfinite(range)) return short_number(value, 9);
  const double digits = std::log10(std::max(std::abs(value), range) / range);
  return short_number(value, std::min(5 + static_cast<int>(std::ceil(digits)), 15));
}

json text_json(const std::string& text) {
  return without_marks(text);
}

std::string script_safe(const json& data) {
  const std::string text = data.dump(-1, ' ', false, json::error_handler_t::replace);
  std::string result;
  for (const char c : text) {
    if (c == '<') {
      result += "\\u003c";
    } else {
      result += c;
    }
  }
  return result;
}

// The lowest and the highest point of each of kMostPoints / 2 stretches, in order of x.
Points thinned(const Points& points) {
  if (points.size() <= kMostPoints) return points;
  const auto lower = [](const auto& a, const auto& b) {
    return std::isfinite(a[1]) && (!std::isfinite(b[1]) || a[1] < b[1]);
  };
  const auto higher = [](const auto& a, const auto& b) {
    return std::isfinite(a[1]) && (!std::isfinite(b[1]) || a[1] > b[1]);
  };
  Points result;
  constexpr size_t kStretches = kMostPoints / 2;
  for (size_t i = 0; i < kStretches; ++i) {
    const auto first = points.begin() + static_cast<ptrdiff_t>(i * points.size() / kStretches);
    const auto end = points.begin() + static_cast<ptrdiff_t>((i + 1) * points.size() / kStretches);
    const auto lowest = std::min_element(first, end, lower);
    const auto highest = std::min_element(first, end, higher);
    result.push_back(*std::min(lowest, highest));
    if (lowest != highest) result.push_back(*std::max(lowest, highest));
  }
  return result;
}

// Every n-th point and the last: areas on top of one another must keep common x values.
Points every_nth(const Points& points) {
  const size_t step = (points.size() + kMostPoints - 1) / kMostPoints;
  Points result;
  for (size_t i = 0; i < points.size(); i += step) result.push_back(points[i]);
  if (step > 1 && (points.size() - 1) % step != 0) result.push_back(points.back());
  return result;
}

json column_of(const Points& points, size_t column, bool positive) {
  json values = json::array();
  for (const std::array<double, 2>& point : points) {
    const double value = point[column];
    const bool gap = positive && !(value > 0.0);
    values.push_back(gap ? json(nullptr) : short_number(value, column == 0 ? 7 : 5));
  }
  return values;
}

}  // namespace

std::string chart_data(const LineChart& chart) {
  json data{{"kind", "line"},
            {"x_label", text_json(chart.x_label)},
            {"y_label", text_json(chart.y_label)},
            {"log_y", chart.log_y},
            {"stacked", chart.stacked},
            {"lines", json::array()}};
  json shared_x;
  for (const LineChart::Line& line : chart.lines) {
    const Points points = chart.stacked ? every_nth(line.points) : thinned(line.points);
    json part{{"name", text_json(line.name)}, {"y", column_of(points, 1, chart.log_y)}};
    if (line.dashed) part["dashed"] = true;
    json x = column_of(points, 0, false);
    if (shared_x.is_null()) shared_x = x;
    if (x != shared_x) part["x"] = std::move(x);
    data["lines"].push_back(std::move(part));
  }
  data["x"] = shared_x.is_null() ? json::array() : shared_x;
  return script_safe(data);
}

std::string chart_data(const CandleChart& chart) {
  double lowest = std::numeric_limits<double>::infinity(), highest = -lowest;
  for (const CandleChart::Candle& bar : chart.bars) {
    if (std::isfinite(bar.low)) lowest = std::min(lowest, bar.low);
    if (std::isfinite(bar.high)) highest = std::max(highest, bar.high);
  }
  const double range = highest - lowest;
  json data{{"kind", "candles"},
            {"bars", json::array()},
            {"labelled", chart.labelled},
            {"predicted", chart.predicted},
            {"probability", json::array()},
            {"threshold", short_number(chart.threshold)}};
  for (const CandleChart::Candle& bar : chart.bars) {
    data["bars"].push_back({number_in_range(bar.open, range), number_in_range(bar.high, range),
                            number_in_range(bar.low, range), number_in_range(bar.close, range)});
  }
  for (const float p : chart.probability) {
    data["probability"].push_back(short_number(static_cast<double>(p), 4));
  }
  return script_safe(data);
}

std::string chart_data(const IntervalChart& chart) {
  json data{{"kind", "intervals"}, {"x_label", text_json(chart.x_label)}, {"rows", json::array()}};
  if (chart.reference) data["reference"] = short_number(*chart.reference);
  for (const IntervalChart::Row& row : chart.rows) {
    data["rows"].push_back({{"name", text_json(row.name)},
                            {"value", short_number(row.value)},
                            {"low", short_number(row.low)},
                            {"high", short_number(row.high)}});
  }
  return script_safe(data);
}

}  // namespace spanlab
