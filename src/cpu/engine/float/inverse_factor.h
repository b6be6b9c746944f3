// A Cholesky factor of an inverse, by LAPACK (OpenBLAS carries it).
#pragma once

#include <cstdint>
#include <vector>

namespace sixtops::cpu::engine {

// `matrix` (n x n, row major, symmetric positive definite) becomes the upper triangular U with matrix⁻¹ = UᵀU.
// False, with `matrix` in an unspecified state, when it is not positive definite.
bool inverse_factor(std::vector<double>& matrix, int64_t n);

}  // namespace sixtops::cpu::engine
