#include "graph/tensor.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <type_traits>

#include "base/checked.h"
#include "base/error.h"

namespace sixtops {
namespace {

template <typename T>
inline constexpr bool kIsShortFloat = std::is_same_v<T, Half> || std::is_same_v<T, BFloat16>;

template <typename To, typename From>
To convert_element(From from) {
  if constexpr (kIsShortFloat<From>) {
    return convert_element<To>(static_cast<float>(from));
  } else if constexpr (kIsShortFloat<To>) {
    return To(static_cast<float>(from));
  } else if constexpr (std::is_same_v<To, bool>) {
    return from != From{};
  } else if constexpr (std::is_floating_point_v<From> && std::is_integral_v<To>) {
    if (std::isnan(from)) return 0;
    // The bounds as floats may round up to 2^63, so the comparison has to include them.
    if (from >= static_cast<From>(std::numeric_limits<To>::max())) return std::numeric_limits<To>::max();
    if (from <= static_cast<From>(std::numeric_limits<To>::min())) return std::numeric_limits<To>::min();
    return static_cast<To>(from);
  } else {
    return static_cast<To>(from);
  }
}

Result<int64_t> byte_count(DType dtype, const Shape& shape) {
  return checked_multiply(TRY(element_count(shape)), static_cast<int64_t>(dtype_size(dtype)));
}

}  // namespace

Result<Tensor> Tensor::from_bytes(DType dtype, Shape shape, SharedBytes bytes) {
  const int64_t expected = TRY(byte_count(dtype, shape));
  if (static_cast<int64_t>(bytes.size()) != expected) {
    return invalid_data("{} bytes of data, expected {} for {}[{}]", bytes.size(), expected, dtype_name(dtype),
                        shape_text(shape));
  }
  // Any other byte in a C++ bool is undefined behaviour.
  const auto is_bool = [](std::byte byte) { return static_cast<int>(byte) <= 1; };
  if (dtype == DType::kBool && !std::all_of(bytes.span().begin(), bytes.span().end(), is_bool)) {
    return invalid_data("a bool that is neither 0 nor 1");
  }
  // Files may hold tensors at any offset; typed access needs natural alignment.
  if (reinterpret_cast<uintptr_t>(bytes.data()) % dtype_size(dtype) != 0) {
    SharedBytes aligned = TRY(allocate_bytes(bytes.size()));
    std::copy(bytes.span().begin(), bytes.span().end(), const_cast<std::byte*>(aligned.data()));
    bytes = std::move(aligned);
  }
  Tensor tensor;
  tensor.dtype_ = dtype;
  tensor.count_ = TRY(sixtops::element_count(shape));
  tensor.shape_ = std::move(shape);
  tensor.bytes_ = std::move(bytes);
  return tensor;
}

Result<Tensor> Tensor::allocate(DType dtype, Shape shape) {
  SharedBytes bytes = TRY(allocate_bytes(static_cast<size_t>(TRY(byte_count(dtype, shape)))));
  return from_bytes(dtype, std::move(shape), std::move(bytes));
}

Result<Tensor> Tensor::allocate_for_overwrite(DType dtype, Shape shape) {
  SharedBytes bytes = TRY(allocate_bytes_for_overwrite(static_cast<size_t>(TRY(byte_count(dtype, shape)))));
  return from_bytes(dtype, std::move(shape), std::move(bytes));
}

Result<Tensor> Tensor::reshaped(Shape shape) const { return from_bytes(dtype_, std::move(shape), bytes_); }

template <typename T>
std::vector<T> values_as(const Tensor& tensor) {
  std::vector<T> result;
  result.reserve(static_cast<size_t>(tensor.element_count()));
  visit_dtype(tensor.dtype(), [&]<typename From>(From) {
    for (const From value : tensor.values<From>()) result.push_back(convert_element<T>(value));
  });
  return result;
}
template std::vector<int64_t> values_as<int64_t>(const Tensor&);
template std::vector<float> values_as<float>(const Tensor&);
template std::vector<double> values_as<double>(const Tensor&);

Result<Tensor> cast(const Tensor& tensor, DType dtype) {
  if (tensor.dtype() == dtype) return tensor;
  Tensor result = TRY(Tensor::allocate(dtype, tensor.shape()));
  visit_dtype(tensor.dtype(), [&]<typename From>(From) {
    visit_dtype(dtype, [&]<typename To>(To) {
      const std::span<const From> from = tensor.values<From>();
      std::transform(from.begin(), from.end(), result.mutable_values<To>().begin(), convert_element<To, From>);
    });
  });
  return result;
}

}  // namespace sixtops
