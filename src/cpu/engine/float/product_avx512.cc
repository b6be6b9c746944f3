#include "cpu/engine/float/product_loop.h"

namespace sixtops::cpu::engine {

extern const ProductKernel kAvx512Product = {"avx512", 16, multiply<16, 8>};

}  // namespace sixtops::cpu::engine
