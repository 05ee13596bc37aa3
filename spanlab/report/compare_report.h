// A comparison of runs as a report.
#pragma once

#include "spanlab/lab/compare.h"
#include "spanlab/report/document.h"

namespace spanlab {

Document compare_report(const RunComparison& comparison);

}  // namespace spanlab
