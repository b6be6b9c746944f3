// Where: chooses between two tensors element by element.
#include <array>

#include "cpu/reference/broadcast.h"
#include "cpu/reference/element_bytes.h"
#include "cpu/reference/kernels.h"
#include "cpu/reference/strided_loop.h"

namespace sixtops::cpu::reference::kernels {

Result<Outputs> Where(const Arguments& arguments) {
  const Tensor& condition = arguments.input(0);
  const Tensor& a = arguments.input(1);
  const Tensor& b = arguments.input(2);
  TRY(check_same_dtype(a, b));
  if (condition.dtype() != DType::kBool) {
    return invalid_data("the condition is {}, expected bool", dtype_name(condition.dtype()));
  }
  const sixtops::Shape shape = TRY(broadcast(condition.shape(), TRY(broadcast(a.shape(), b.shape()))));
  Tensor y = TRY(arguments.allocate(a.dtype(), shape));
  const std::array<Strides, 4> strides = {row_major_strides(shape), broadcast_strides(condition.shape(), shape),
                                          broadcast_strides(a.shape(), shape), broadcast_strides(b.shape(), shape)};
  const std::span<const bool> choice = condition.values<bool>();
  visit_element_size(a.dtype(), [&]<size_t kSize>(std::integral_constant<size_t, kSize>) {
    for_each_run(shape, strides, [&](const Run& run) {
      for (int64_t i = 0; i < run.length; ++i) {
        const bool first = choice[static_cast<size_t>(run.offset[1] + i * run.step[1])];
        const std::byte* from = first ? element<kSize>(a.bytes().data(), run.offset[2] + i * run.step[2])
                                      : element<kSize>(b.bytes().data(), run.offset[3] + i * run.step[3]);
        std::memcpy(element<kSize>(writable_bytes(y), run.offset[0] + i), from, kSize);
      }
    });
  });
  return Outputs{std::move(y)};
}

}  // namespace sixtops::cpu::reference::kernels
