#include "cpu/engine/float/sgemm.h"

#include <cblas.h>

// Ends the threads that an OpenBLAS with threads starts when it is loaded; others lack it.
extern "C" __attribute__((weak)) int blas_thread_shutdown_();

namespace sixtops::cpu::engine {
namespace {

// Our pool does the splitting. Threads of the BLAS beside it would fight for the same cores, and they spin for some
// 20 ms after the program's start, just while it loads a network: they go before main().
const bool kSingleThreaded = [] {
  openblas_set_num_threads(1);
  if (blas_thread_shutdown_ != nullptr) blas_thread_shutdown_();
  return true;
}();

CBLAS_TRANSPOSE transposition(const Matrix& matrix) { return matrix.transposed ? CblasTrans : CblasNoTrans; }

}  // namespace

void sgemm(int64_t rows, int64_t columns, int64_t depth, const Matrix& a, const Matrix& b, float beta, float* c,
           int64_t c_stride) {
  static_cast<void>(kSingleThreaded);
  const auto size = [](int64_t value) { return static_cast<blasint>(value); };
  cblas_sgemm(CblasRowMajor, transposition(a), transposition(b), size(rows), size(columns), size(depth), 1.0F, a.data,
              size(a.stride), b.data, size(b.stride), beta, c, size(c_stride));
}

}  // namespace sixtops::cpu::engine
