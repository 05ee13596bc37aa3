// Detection and choice of the instruction set, through Highway's own dispatch.
#include "spanlab/kernels/isa.h"

#include <cstdlib>
#include <string>

#include "spanlab/base/error.h"
#include "spanlab/kernels/targets-inl.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "spanlab/kernels/isa.cpp"
#include <hwy/foreach_target.h>
// After foreach_target.h: the same functions are compiled once a target.
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace spanlab::HWY_NAMESPACE {

Isa isa_of_target() {
#if HWY_TARGET == HWY_AVX3
  return Isa::avx512;
#elif HWY_TARGET == HWY_AVX2
  return Isa::avx2;
#elif HWY_TARGET == HWY_NEON
  return Isa::neon;
#else
  return Isa::portable;
#endif
}

}  // namespace spanlab::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace spanlab {
namespace {

HWY_EXPORT(isa_of_target);

constexpr Isa kAll[] = {Isa::avx512, Isa::avx2, Isa::neon, Isa::portable};

int64_t target_of(Isa isa) {
  switch (isa) {
#if HWY_ARCH_X86
    case Isa::avx512:
      return HWY_AVX3;
    case Isa::avx2:
      return HWY_AVX2;
#endif
#if HWY_ARCH_ARM
    case Isa::neon:
      return HWY_NEON;
#endif
    case Isa::portable:
      return HWY_SCALAR | HWY_EMU128;
    default:
      return 0;
  }
}

}  // namespace

std::string_view name_of(Isa isa) {
  switch (isa) {
    case Isa::avx512:
      return "avx512";
    case Isa::avx2:
      return "avx2";
    case Isa::neon:
      return "neon";
    case Isa::portable:
      return "portable";
  }
  return "unknown";
}

std::vector<Isa> available_isas() {
  // Asked once: each call makes Highway choose the best set anew.
  static const int64_t supported = hwy::SupportedTargets();
  std::vector<Isa> isas;
  for (const Isa isa : kAll) {
    // The fallback needs no support by the machine, only to be in this build.
    const int64_t found = isa == Isa::portable ? ~int64_t{0} : supported;
    if ((target_of(isa) & HWY_TARGETS & found) != 0) isas.push_back(isa);
  }
  return isas;
}

Isa active_isa() {
  return HWY_DYNAMIC_DISPATCH(isa_of_target)();
}

void select_isa(Isa isa) {
  for (const Isa candidate : available_isas()) {
    if (candidate == isa) {
      hwy::GetChosenTarget().Update(target_of(isa));
      return;
    }
  }
  throw Error("this machine or build has no " + std::string(name_of(isa)) + " kernels",
              "choose another instruction set, or let the program choose: unset SPANLAB_ISA");
}

void select_isa_from_environment() {
  const char* name = std::getenv("SPANLAB_ISA");
  if (name == nullptr || *name == '\0') return;
  for (const Isa isa : kAll) {
    if (name_of(isa) == name) {
      select_isa(isa);
      return;
    }
  }
  throw Error("SPANLAB_ISA=" + std::string(name) + " is not an instruction set",
              "use avx512, avx2, neon or portable");
}

}  // namespace spanlab
#endif  // HWY_ONCE
