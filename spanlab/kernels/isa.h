// Which instruction set the fast kernels use: detected, or forced by a test.
#pragma once

#include <string_view>
#include <vector>

namespace spanlab {

/// Instruction sets that the kernels are compiled for. `portable` is the reference kernels in
/// float: any machine runs them.
enum class Isa { portable, avx2, avx512, neon };

std::string_view name_of(Isa isa);

/// Those that this build has and this machine can run, best first. Never empty.
std::vector<Isa> available_isas();

/// The one that kernels run on: the best one unless select_isa() chose another.
Isa active_isa();

/// Makes all kernels run on `isa` from now on; not while kernels run. Throws Error if this machine
/// or build lacks it.
void select_isa(Isa isa);

/// Applies the environment variable SPANLAB_ISA (portable, avx2, avx512, neon) if it is set.
/// Throws Error for an unknown name or an instruction set that is not available.
void select_isa_from_environment();

}  // namespace spanlab
