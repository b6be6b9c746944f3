#include "importer/permute.h"

#include <cstring>

namespace sixtops::importer {

Result<Tensor> permute(const Tensor& tensor, const Ints& perm) {
  const std::vector<int64_t> strides = row_major_strides(tensor.shape());
  Shape shape;
  std::vector<int64_t> steps;  // in the source, by axis of the result
  for (const int64_t axis : perm) {
    shape.push_back(tensor.shape()[static_cast<size_t>(axis)]);
    steps.push_back(strides[static_cast<size_t>(axis)]);
  }
  Tensor result = TRY(Tensor::allocate_for_overwrite(tensor.dtype(), shape));
  const size_t size = dtype_size(tensor.dtype());
  const std::byte* from = tensor.bytes().data();
  auto* to = const_cast<std::byte*>(result.bytes().data());
  std::vector<int64_t> index(shape.size(), 0);
  int64_t at = 0;
  for (int64_t i = 0; i < result.element_count(); ++i, to += size) {
    std::memcpy(to, from + static_cast<size_t>(at) * size, size);
    for (size_t axis = shape.size(); axis-- > 0;) {
      at += steps[axis];
      if (++index[axis] < shape[axis]) break;
      at -= steps[axis] * shape[axis];
      index[axis] = 0;
    }
  }
  return result;
}

}  // namespace sixtops::importer
