// Settings of the whole process.
#pragma once

namespace spanlab {

/// Applies the environment variables SPANLAB_ISA (the kernels to run: avx512, avx2, neon or
/// portable) and SPANLAB_FAILPOINTS (places that shall fail, for tests), as far as they are set.
/// For the start of a program. Throws Error for a value that neither knows, or an instruction set
/// that this machine lacks.
void use_environment();

}  // namespace spanlab
