// ScatterElements and ScatterND: a copy of the data with updates written or combined into it.
#include <algorithm>
#include <array>

#include "cpu/reference/broadcast.h"
#include "cpu/reference/element_bytes.h"
#include "cpu/reference/indices.h"
#include "cpu/reference/kernels.h"

namespace sixtops::cpu::reference {
namespace {

// Combines `count` updates into as many elements.
using Combine = void (*)(std::byte* to, const std::byte* updates, int64_t count);

template <size_t kSize>
void replace(std::byte* to, const std::byte* updates, int64_t count) {
  std::memcpy(to, updates, static_cast<size_t>(count) * kSize);
}

template <typename T, typename F>
void combine(std::byte* to, const std::byte* updates, int64_t count) {
  auto* elements = reinterpret_cast<T*>(to);
  const auto* values = reinterpret_cast<const T*>(updates);
  for (int64_t i = 0; i < count; ++i) {
    if constexpr (std::is_arithmetic_v<T>) {
      elements[i] = F{}(elements[i], values[i]);
    } else {  // 16-bit floats: in float, rounded once
      elements[i] = T(F{}(static_cast<float>(elements[i]), static_cast<float>(values[i])));
    }
  }
}

struct Adder {
  template <typename T>
  T operator()(T a, T b) const {
    return wrapping_add(a, b);
  }
};
struct Multiplier {
  template <typename T>
  T operator()(T a, T b) const {
    return wrapping_multiply(a, b);
  }
};
struct Larger {
  template <typename T>
  T operator()(T a, T b) const {
    return nan_max(a, b);
  }
};
struct Smaller {
  template <typename T>
  T operator()(T a, T b) const {
    return nan_min(a, b);
  }
};

Result<Combine> find_combine(std::string_view reduction, DType dtype) {
  Combine found = nullptr;
  if (reduction == "none") {
    visit_element_size(dtype, [&]<size_t kSize>(std::integral_constant<size_t, kSize>) { found = replace<kSize>; });
    return found;
  }
  if (dtype == DType::kBool) return invalid_data("reduction '{}' of bool, expected numbers", reduction);
  visit_dtype(dtype, [&]<typename T>(T) {
    found = reduction == "add"   ? combine<T, Adder>
            : reduction == "mul" ? combine<T, Multiplier>
            : reduction == "max" ? combine<T, Larger>
                                 : combine<T, Smaller>;
  });
  return found;
}

Result<Tensor> copy(const Arguments& arguments, const Tensor& x) {
  Tensor y = TRY(arguments.allocate(x.dtype(), x.shape()));
  std::copy(x.bytes().span().begin(), x.bytes().span().end(), writable_bytes(y));
  return y;
}

}  // namespace

namespace kernels {

Result<Outputs> ScatterElements(const Arguments& arguments) {
  const Tensor& x = arguments.input(0);
  const Tensor& indices = arguments.input(1);
  const Tensor& updates = arguments.input(2);
  TRY(check_same_dtype(x, updates));
  const auto axis = static_cast<size_t>(TRY(normalize_axis(arguments.node.get_int("axis"), x.rank())));
  TRY(check_index_shape(indices, x.shape(), axis));
  if (updates.shape() != indices.shape()) {
    return invalid_data("updates of shape {}, indices of shape {}, expected the same", shape_text(updates.shape()),
                        shape_text(indices.shape()));
  }
  const std::vector<int64_t> list = TRY(read_indices(indices, x.shape()[axis]));
  const Combine combine = TRY(find_combine(arguments.node.get_text("reduction"), x.dtype()));
  Tensor y = TRY(copy(arguments, x));
  Strides strides = row_major_strides(x.shape());
  const int64_t axis_stride = strides[axis];
  strides[axis] = 0;
  const auto size = static_cast<int64_t>(dtype_size(x.dtype()));
  const std::array<Strides, 2> operands = {row_major_strides(updates.shape()), strides};
  for_each_run(updates.shape(), operands, [&](const Run& run) {
    for (int64_t i = 0; i < run.length; ++i) {
      const int64_t from = run.offset[0] + i;
      const int64_t to = run.offset[1] + i * run.step[1] + list[static_cast<size_t>(from)] * axis_stride;
      combine(writable_bytes(y) + to * size, updates.bytes().data() + from * size, 1);
    }
  });
  return Outputs{std::move(y)};
}

Result<Outputs> ScatterND(const Arguments& arguments) {
  const Tensor& x = arguments.input(0);
  const Tensor& indices = arguments.input(1);
  const Tensor& updates = arguments.input(2);
  TRY(check_same_dtype(x, updates));
  const std::vector<int64_t> offsets = TRY(read_index_tuples(indices, x.shape(), 0));
  const sixtops::Shape block(x.shape().begin() + indices.shape().back(), x.shape().end());
  sixtops::Shape expected(indices.shape().begin(), indices.shape().end() - 1);
  expected.insert(expected.end(), block.begin(), block.end());
  if (updates.shape() != expected) {
    return invalid_data("updates of shape {}, expected {}", shape_text(updates.shape()), shape_text(expected));
  }
  const Combine combine = TRY(find_combine(arguments.node.get_text("reduction"), x.dtype()));
  Tensor y = TRY(copy(arguments, x));
  const int64_t count = TRY(element_count(block));
  const auto size = static_cast<int64_t>(dtype_size(x.dtype()));
  const std::byte* update = updates.bytes().data();
  if (count == 0) return Outputs{y};
  for (const int64_t offset : offsets) {
    combine(writable_bytes(y) + offset * size, update, count);
    update += count * size;
  }
  return Outputs{std::move(y)};
}

}  // namespace kernels
}  // namespace sixtops::cpu::reference
