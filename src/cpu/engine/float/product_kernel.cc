#include "cpu/engine/float/product_kernel.h"

#include <vector>

#include "cpu/engine/float/product_loop.h"

namespace sixtops::cpu::engine {

#if defined(__x86_64__)
extern const ProductKernel kAvx512Product;
extern const ProductKernel kAvx2Product;
#endif

std::span<const ProductKernel> product_kernels() {
  static const std::vector<ProductKernel> kernels = [] {
    std::vector<ProductKernel> list;
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx512f")) list.push_back(kAvx512Product);
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) list.push_back(kAvx2Product);
    list.push_back({"sse2", 4, multiply<4, 4>});
#else
    // 32 registers of 128 bits, as on aarch64.
    list.push_back({"128 bits", 4, multiply<4, 8>});
#endif
    return list;
  }();
  return kernels;
}

}  // namespace sixtops::cpu::engine
