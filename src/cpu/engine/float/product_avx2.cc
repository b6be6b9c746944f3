#include "cpu/engine/float/product_loop.h"

namespace sixtops::cpu::engine {

extern const ProductKernel kAvx2Product = {"avx2", 8, multiply<8, 4>};

}  // namespace sixtops::cpu::engine
