// Checks that a call throws spanlab::Error and that its message says what it must.
#pragma once

#include <gtest/gtest.h>

#include <initializer_list>
#include <string>

#include "spanlab/base/error.h"

namespace spanlab {

/// `f` must throw Error. Its message must contain the first of `parts`, message and hint together
/// all of them, and the hint must not be empty.
template <class F>
void expect_error(F&& f, std::initializer_list<const char*> parts) {
  try {
    f();
  } catch (const Error& e) {
    EXPECT_FALSE(e.hint().empty()) << e.what();
    const std::string all = std::string(e.what()) + "\n" + e.hint();
    if (parts.size() > 0) {
      EXPECT_NE(std::string(e.what()).find(*parts.begin()), std::string::npos)
          << "no \"" << *parts.begin() << "\" in the message: " << e.what();
    }
    for (const char* part : parts) {
      EXPECT_NE(all.find(part), std::string::npos) << "no \"" << part << "\" in: " << all;
    }
    return;
  }
  ADD_FAILURE() << "no Error thrown";
}

}  // namespace spanlab
