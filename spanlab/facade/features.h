// The features as tables in files, and explained on a page.
#pragma once

#include <filesystem>

#include "spanlab/document/document.h"
#include "spanlab/features/pipeline.h"
#include "spanlab/windows/labelled.h"

namespace spanlab {

/// Families, then each feature: number, name, family, range and formula in words.
Document features_explained();

/// Writes row and features of every bar, by one pass that starts afresh after each gap; without
/// position_encoding, which has no meaning outside a window. Atomically, in parts: the whole text
/// would need far more memory than the bars. `window_length`: see FeatureStream. Returns the number
/// of features. Throws Error.
int write_features(const std::filesystem::path& path, const Bars& bars, int window_length);

/// Writes window_id, row, t and all features of every bar of the windows, of `length` bars each.
/// Throws Error: windows that do not fit the bars, see check_windows().
void write_window_features(const std::filesystem::path& path, const Labelled& labelled, int length,
                           FeatureMode mode);

}  // namespace spanlab
