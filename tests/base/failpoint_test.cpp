// Armed failpoints fail at the pass they name; unarmed ones never.
#include "spanlab/base/failpoint.h"

#include <gtest/gtest.h>

#include "tests/expect_error.h"

namespace spanlab {
namespace {

class FailpointTest : public ::testing::Test {
 protected:
  void TearDown() override { arm_failpoints(""); }
};

TEST_F(FailpointTest, UnarmedDoesNothing) {
  EXPECT_NO_THROW(failpoint("a"));
}

TEST_F(FailpointTest, ErrorAtEveryPass) {
  arm_failpoints("a=error");
  EXPECT_NO_THROW(failpoint("b"));
  EXPECT_THROW(failpoint("a"), Error);
  EXPECT_THROW(failpoint("a"), Error);
  arm_failpoints("");
  EXPECT_NO_THROW(failpoint("a"));
}

TEST_F(FailpointTest, ErrorAtTheThirdPassOnly) {
  arm_failpoints("b=error@1,a=error@3");
  EXPECT_NO_THROW(failpoint("a"));
  EXPECT_NO_THROW(failpoint("a"));
  EXPECT_THROW(failpoint("a"), Error);
  EXPECT_NO_THROW(failpoint("a"));
  EXPECT_THROW(failpoint("b"), Error);
}

TEST_F(FailpointTest, MalformedSpecs) {
  for (const char* spec : {"a", "=error", "a=", "a=oops", "a=kill@", "a=kill@0", "a=kill@-1",
                           "a=kill@x", "a=kill@3x", "a=error,,b=error"}) {
    SCOPED_TRACE(spec);
    expect_error([&] { arm_failpoints(spec); }, {"not a failpoint", "name=kill@3"});
    EXPECT_NO_THROW(failpoint("a"));
  }
}

}  // namespace
}  // namespace spanlab
