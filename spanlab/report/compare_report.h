// A comparison of runs as a report.
#pragma once

#include "spanlab/document/document.h"
#include "spanlab/evaluate/compare.h"

namespace spanlab {

Document compare_report(const RunComparison& comparison);

}  // namespace spanlab
