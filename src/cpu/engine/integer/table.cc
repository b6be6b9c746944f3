#include <array>

#include "base/thread_pool.h"
#include "cpu/engine/kernels.h"
#include "cpu/reference/kernels.h"

namespace sixtops::cpu::engine {

Result<Outputs> table(const Arguments& arguments) {
  const Ints& entries = arguments.node.get_ints("table");
  const Tensor& x = arguments.input(0);
  std::array<int8_t, 256> codes;
  if (x.dtype() != DType::kI8 || entries.size() != codes.size()) return reference::kernels::Table(arguments);
  // Indexed by the code's byte: negative codes come after the others.
  for (size_t i = 0; i < codes.size(); ++i) codes[(i + 128) % 256] = static_cast<int8_t>(entries[i]);
  Tensor output = TRY(arguments.allocate_for_overwrite(DType::kI8, x.shape()));
  const int8_t* const from = x.values<int8_t>().data();
  int8_t* const to = output.mutable_values<int8_t>().data();
  ThreadPool::process().parallel_for(x.element_count(), [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) to[i] = codes[static_cast<uint8_t>(from[i])];
  });
  return Outputs{output};
}

}  // namespace sixtops::cpu::engine
