#include "cpu/reference/broadcast.h"

namespace sixtops::cpu::reference {

Status check_same_dtype(const Tensor& a, const Tensor& b) {
  if (a.dtype() == b.dtype()) return Status();
  return invalid_data("operands are {} and {}, expected one element type", dtype_name(a.dtype()),
                      dtype_name(b.dtype()));
}

}  // namespace sixtops::cpu::reference
