#include "cpu/engine/float/inverse_factor.h"

#include <algorithm>

// Fortran interface of LAPACK; Debian ships its C header apart from the library.
extern "C" {
void dpotrf_(const char* triangle, const int* n, double* a, const int* leading, int* info);
void dtrtri_(const char* triangle, const char* diagonal, const int* n, double* a, const int* leading, int* info);
}

namespace sixtops::cpu::engine {

// With J the mirrored identity and J·A·J = L·Lᵀ: A⁻¹ = UᵀU for U = J·L⁻¹·J. Mirroring both axes is reversing the
// elements. LAPACK counts columns first, so its upper triangle is the lower one here.
bool inverse_factor(std::vector<double>& matrix, int64_t n) {
  std::reverse(matrix.begin(), matrix.end());
  const auto size = static_cast<int>(n);
  int info = 0;
  dpotrf_("U", &size, matrix.data(), &size, &info);
  if (info != 0) return false;
  dtrtri_("U", "N", &size, matrix.data(), &size, &info);
  if (info != 0) return false;
  std::reverse(matrix.begin(), matrix.end());
  for (int64_t row = 1; row < n; ++row) {
    const auto begin = matrix.begin() + row * n;
    std::fill(begin, begin + row, 0.0);
  }
  return true;
}

}  // namespace sixtops::cpu::engine
