// Elements as plain bytes: kernels that only move data are compiled once an element size, not once a type.
#pragma once

#include <cstddef>
#include <cstring>
#include <type_traits>

#include "graph/tensor.h"

namespace sixtops::cpu::reference {

// REQUIRES: as Tensor::mutable_values
inline std::byte* writable_bytes(Tensor& tensor) { return const_cast<std::byte*>(tensor.bytes().data()); }

// Calls f with std::integral_constant<size_t, bytes an element>.
template <typename F>
void visit_element_size(DType dtype, F&& f) {
  switch (dtype_size(dtype)) {
    case 1:
      return f(std::integral_constant<size_t, 1>{});
    case 2:
      return f(std::integral_constant<size_t, 2>{});
    case 4:
      return f(std::integral_constant<size_t, 4>{});
    default:
      return f(std::integral_constant<size_t, 8>{});
  }
}

// A byte address of element `index`.
template <size_t kSize, typename Byte>
Byte* element(Byte* base, int64_t index) {
  return base + index * static_cast<int64_t>(kSize);
}

// Fills `count` elements with the one at `value`.
template <size_t kSize>
void fill_elements(std::byte* to, int64_t count, const std::byte* value) {
  for (int64_t i = 0; i < count; ++i) std::memcpy(element<kSize>(to, i), value, kSize);
}

}  // namespace sixtops::cpu::reference
