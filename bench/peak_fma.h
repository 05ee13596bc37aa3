// The machine's speed limit: multiply-adds in registers only.
#pragma once

namespace spanlab::bench {

/// Floating-point operations per second of one thread, float32, best of several short runs on the
/// instruction set that the kernels run on.
double peak_flops();

}  // namespace spanlab::bench
