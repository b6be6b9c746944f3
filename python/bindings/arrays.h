// NumPy arrays ↔ tensors.
#pragma once

#include <pybind11/numpy.h>

#include "graph/tensor.h"

namespace sixtops::python {

// A copy, row-major. Throws Failure for element types that no tensor has.
Tensor tensor_of(const pybind11::array& array);

// A copy that Python owns. bf16 becomes float32, which NumPy has.
pybind11::array array_of(const Tensor& tensor);

// NumPy's name of the element type: "float32", "int8", ...
const char* numpy_name(DType dtype);

}  // namespace sixtops::python
