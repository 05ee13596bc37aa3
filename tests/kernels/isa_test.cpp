// Which kernels run: detection, forcing, and proof by the width of their sums.
#include "spanlab/kernels/isa.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <string>
#include <vector>

#include "spanlab/base/error.h"
#include "spanlab/kernels/bar_head.h"

namespace spanlab {
namespace {

/// Puts the choice back after a test.
class IsaTest : public ::testing::Test {
 protected:
  void TearDown() override { select_isa(before_); }
  Isa before_ = active_isa();
};

/// How many partial sums bar_head_forward keeps side by side, seen from outside: a 1 beside 1e8 is
/// lost in float, so it vanishes just when it shares its partial sum with the 1e8 of place 0.
int partial_sums_seen() {
  constexpr int kWidth = 64, kCancel = 48;  // place 48 shares its sum with place 0 at every width
  const std::vector<float> weight(kWidth, 1.0f);
  for (int place = 1; place < kCancel; ++place) {
    std::vector<float> x(kWidth, 0.0f);
    x[0] = 1e8f;
    x[static_cast<size_t>(place)] = 1.0f;
    x[kCancel] = -1e8f;
    float out = 0;
    bar_head_forward(1, kWidth, x.data(), nullptr, 1, weight.data(), 0, &out);
    if (out == 0.0f) return place;
  }
  return kCancel;
}

TEST_F(IsaTest, PortableIsAlwaysThereAndLast) {
  const auto isas = available_isas();
  ASSERT_FALSE(isas.empty());
  EXPECT_EQ(isas.back(), Isa::portable);
}

TEST_F(IsaTest, SelectedSetIsTheOneThatRuns) {
  for (const Isa isa : available_isas()) {
    select_isa(isa);
    EXPECT_EQ(active_isa(), isa);
    available_isas();
    EXPECT_EQ(active_isa(), isa) << "asking what there is changes nothing";
    const int lanes = isa == Isa::avx512 ? 16 : isa == Isa::avx2 ? 8 : isa == Isa::neon ? 4 : 1;
    EXPECT_EQ(partial_sums_seen(), lanes) << name_of(isa);
  }
}

TEST_F(IsaTest, EnvironmentForcesTheSet) {
  const char* name = std::getenv("SPANLAB_ISA");
  if (name == nullptr) {
    EXPECT_EQ(active_isa(), available_isas().front());
  } else {
    EXPECT_EQ(name_of(active_isa()), name);
  }
}

TEST_F(IsaTest, UnknownOrMissingSetsAreRefused) {
  const char* before = std::getenv("SPANLAB_ISA");
  const std::string saved = before != nullptr ? before : "";
  setenv("SPANLAB_ISA", "sse9", 1);
  EXPECT_THROW(select_isa_from_environment(), Error);
#if defined(__x86_64__)
  setenv("SPANLAB_ISA", "neon", 1);
  EXPECT_THROW(select_isa_from_environment(), Error);
#endif
  setenv("SPANLAB_ISA", saved.c_str(), 1);
}

}  // namespace
}  // namespace spanlab
