// The features explained, for the terminal.
#pragma once

#include "spanlab/report/document.h"

namespace spanlab::cli {

/// What each family tells, then each feature: number, name, family, range and formula in words.
Document features_explained();

}  // namespace spanlab::cli
