// The data of a chart as JSON that may stand inside a <script> element.
#pragma once

#include <string>

#include "spanlab/document/document.h"

namespace spanlab {

/// JSON as charts.js reads it: numbers short, those that are not finite null, '<' escaped. Long
/// lines are thinned to what a screen can show, peaks kept.
std::string chart_data(const LineChart& chart);
std::string chart_data(const CandleChart& chart);
std::string chart_data(const IntervalChart& chart);

}  // namespace spanlab
