// Ops that ask about a tensor: Shape, Size, NonZero.
#include <algorithm>

#include "cpu/reference/kernels.h"

namespace sixtops::cpu::reference::kernels {

Result<Outputs> Shape(const Arguments& arguments) {
  const sixtops::Shape& shape = arguments.input(0).shape();
  const auto rank = static_cast<int64_t>(shape.size());
  const auto resolve = [rank](int64_t axis) { return std::clamp<int64_t>(axis < 0 ? axis + rank : axis, 0, rank); };
  const int64_t begin = resolve(arguments.node.get_int("start"));
  const int64_t end = arguments.node.has("end") ? resolve(arguments.node.get_int("end")) : rank;
  Ints extents;
  for (int64_t i = begin; i < end; ++i) extents.push_back(shape[static_cast<size_t>(i)]);
  return Outputs{Tensor::from_values<int64_t>({static_cast<int64_t>(extents.size())}, extents)};
}

Result<Outputs> Size(const Arguments& arguments) {
  return Outputs{Tensor::scalar<int64_t>(arguments.input(0).element_count())};
}

Result<Outputs> NonZero(const Arguments& arguments) {
  const Tensor& x = arguments.input(0);
  std::vector<int64_t> found;
  visit_dtype(x.dtype(), [&]<typename T>(T) {
    int64_t index = 0;
    for (const T value : x.values<T>()) {
      if constexpr (std::is_arithmetic_v<T>) {
        if (value != T{}) found.push_back(index);
      } else {  // a 16-bit float is zero when all but its sign bit is
        if ((value.bits & 0x7FFF) != 0) found.push_back(index);
      }
      ++index;
    }
  });
  const auto count = static_cast<int64_t>(found.size());
  Tensor y = TRY(arguments.allocate(DType::kI64, {x.rank(), count}));
  const std::span<int64_t> coordinates = y.mutable_values<int64_t>();
  const std::vector<int64_t> strides = row_major_strides(x.shape());
  for (size_t axis = 0; axis < strides.size(); ++axis) {
    for (size_t i = 0; i < found.size(); ++i) {
      coordinates[axis * found.size() + i] = found[i] / strides[axis] % x.shape()[axis];
    }
  }
  return Outputs{std::move(y)};
}

}  // namespace sixtops::cpu::reference::kernels
