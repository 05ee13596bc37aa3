// The features explained: what each family tells and each feature's formula in words.
#pragma once

#include "spanlab/document/document.h"

namespace spanlab {

/// Families, then each feature: number, name, family, range and formula in words.
Document features_explained();

}  // namespace spanlab
