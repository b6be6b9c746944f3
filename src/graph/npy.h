// NumPy's .npy files: one array, little endian.
//
// Reads versions 1 to 3, row-major and Fortran order (which is turned into row-major). bf16, which NumPy has not, is
// written as float32. Files are untrusted: header and sizes are checked before anything is allocated.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "graph/tensor.h"

namespace sixtops {

// The tensor is a slice of the bytes where order and alignment allow it. Errors do not name the file.
Result<Tensor> parse_npy(const SharedBytes& bytes);
Result<Tensor> read_npy(const std::string& path);

Result<std::vector<std::byte>> format_npy(const Tensor& tensor);
Status write_npy(const Tensor& tensor, const std::string& path);

}  // namespace sixtops
