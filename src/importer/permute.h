// Axes of constants in another order: weights of formats that lay them out otherwise than ONNX.
#pragma once

#include "graph/attribute.h"
#include "graph/tensor.h"

namespace sixtops::importer {

// Axis i of the result is axis perm[i] of the tensor. REQUIRES: perm is a permutation of the axes.
Result<Tensor> permute(const Tensor& tensor, const Ints& perm);

}  // namespace sixtops::importer
