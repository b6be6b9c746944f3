#include "base/error.h"
#include "cpu/reference/integer.h"
#include "cpu/reference/kernels.h"

namespace sixtops::cpu::reference {

Result<Outputs> kernels::Table(const Arguments& arguments) {
  TRY(expect_dtype(arguments, 0, DType::kI8));
  const Ints& table = arguments.node.get_ints("table");
  if (table.size() != 256) return invalid_data("a table of {} entries, expected 256", table.size());
  const Tensor& x = arguments.input(0);
  Tensor output = TRY(arguments.allocate(DType::kI8, x.shape()));
  for (size_t i = 0; i < x.values<int8_t>().size(); ++i) {
    output.mutable_values<int8_t>()[i] = static_cast<int8_t>(table[static_cast<size_t>(x.values<int8_t>()[i] + 128)]);
  }
  return Outputs{output};
}

}  // namespace sixtops::cpu::reference
