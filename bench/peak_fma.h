// The machine's speed limit: multiply-adds in registers only.
#pragma once

namespace spanlab::bench {

/// Floating-point operations per second of `threads` threads together, float32, best of several
/// short runs on the instruction set that the kernels run on.
double peak_flops(int threads = 1);

}  // namespace spanlab::bench
