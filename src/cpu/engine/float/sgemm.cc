#include "cpu/engine/float/sgemm.h"

#include <cblas.h>

namespace sixtops::cpu::engine {
namespace {

CBLAS_TRANSPOSE transposition(const Matrix& matrix) { return matrix.transposed ? CblasTrans : CblasNoTrans; }

}  // namespace

void sgemm(int64_t rows, int64_t columns, int64_t depth, const Matrix& a, const Matrix& b, float beta, float* c,
           int64_t c_stride) {
  // Our pool does the splitting; threads of the BLAS beside it would only fight for the same cores.
  static const bool single_threaded = (openblas_set_num_threads(1), true);
  static_cast<void>(single_threaded);
  const auto size = [](int64_t value) { return static_cast<blasint>(value); };
  cblas_sgemm(CblasRowMajor, transposition(a), transposition(b), size(rows), size(columns), size(depth), 1.0F, a.data,
              size(a.stride), b.data, size(b.stride), beta, c, size(c_stride));
}

}  // namespace sixtops::cpu::engine
