// The features explained, as a golden page.
#include "spanlab/report/features_page.h"

#include <gtest/gtest.h>

#include "tests/golden_file.h"

namespace spanlab {
namespace {

TEST(FeaturesPage, ListsFamiliesAndFeatures) {
  expect_golden("tests/report/golden/features_explained.md", markdown_of(features_explained()));
}

}  // namespace
}  // namespace spanlab
