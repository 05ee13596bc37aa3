// The AdamW update of a block of parameters.
#pragma once

#include <cstddef>

namespace spanlab {

/// Loshchilov and Hutter, "Decoupled weight decay regularization", as PyTorch computes it:
///   mean = beta1 mean + (1 - beta1) g; square = beta2 square + (1 - beta2) g^2
///   parameter = parameter * decay - step_size * mean / (sqrt(square) / bias2_root + epsilon)
/// All arrays [count]. decay = 1 - lr * weight_decay, step_size = lr / (1 - beta1^t),
/// bias2_root = sqrt(1 - beta2^t) for step t = 1, 2, ...
void adamw(size_t count, const float* gradient, float decay, float beta1, float beta2,
           float step_size, float bias2_root, float epsilon, float* parameter, float* mean,
           float* square);
void adamw(size_t count, const double* gradient, double decay, double beta1, double beta2,
           double step_size, double bias2_root, double epsilon, double* parameter, double* mean,
           double* square);

}  // namespace spanlab
