// Ops that make tensors from parameters: ConstantOfShape, EyeLike, OneHot, Range.
#include <algorithm>
#include <cmath>
#include <limits>

#include "base/error.h"
#include "cpu/reference/broadcast.h"
#include "cpu/reference/element_bytes.h"
#include "cpu/reference/indices.h"
#include "cpu/reference/kernels.h"
#include "cpu/reference/visit_number.h"

namespace sixtops::cpu::reference {
namespace {

void fill(Tensor& tensor, const Tensor& value) {
  visit_element_size(tensor.dtype(), [&]<size_t kSize>(std::integral_constant<size_t, kSize>) {
    fill_elements<kSize>(writable_bytes(tensor), tensor.element_count(), value.bytes().data());
  });
}

Result<DType> dtype_attribute(const Arguments& arguments, DType otherwise) {
  const std::string& name = arguments.node.get_text("dtype");
  if (name.empty()) return otherwise;
  const std::optional<DType> dtype = parse_dtype(name);
  if (!dtype) return invalid_data("attribute 'dtype' is '{}', expected an element type", name);
  return *dtype;
}

// How many steps lead from start to limit. kInvalidData when the step is 0, or the count is none.
template <typename T>
Result<int64_t> range_length(T start, T limit, T delta) {
  if (delta == 0) return invalid_data("a range with step 0");
  if constexpr (std::is_floating_point_v<T>) {
    const double count =
        std::ceil((static_cast<double>(limit) - static_cast<double>(start)) / static_cast<double>(delta));
    if (!(count < 0x1p62)) return invalid_data("a range from {} to {} by {}", start, limit, delta);
    return static_cast<int64_t>(std::max(count, 0.0));
  } else {
    if (delta > 0 ? start >= limit : start <= limit) return 0;
    // Magnitudes as unsigned: they may pass the signed range.
    const auto distance = delta > 0 ? static_cast<uint64_t>(limit) - static_cast<uint64_t>(start)
                                    : static_cast<uint64_t>(start) - static_cast<uint64_t>(limit);
    const auto step = delta > 0 ? static_cast<uint64_t>(delta) : uint64_t{0} - static_cast<uint64_t>(delta);
    const uint64_t count = (distance - 1) / step + 1;
    if (count > uint64_t{INT64_MAX}) return invalid_data("a range of {} elements", count);
    return static_cast<int64_t>(count);
  }
}

}  // namespace

namespace kernels {

Result<Outputs> ConstantOfShape(const Arguments& arguments) {
  const Tensor& extents = arguments.input(0);
  if (extents.rank() > 1) return invalid_data("the shape is given with rank {}, expected a list", extents.rank());
  const DType dtype = TRY(dtype_attribute(arguments, DType::kF32));
  const Tensor value = is_float(dtype) ? Tensor::scalar(arguments.node.get_float("value"))
                                       : Tensor::scalar(arguments.node.get_int("value_int"));
  Tensor y = TRY(arguments.allocate(dtype, values_as<int64_t>(extents)));
  fill(y, TRY(cast(value, dtype)));
  return Outputs{std::move(y)};
}

Result<Outputs> EyeLike(const Arguments& arguments) {
  const Tensor& x = arguments.input(0);
  if (x.rank() != 2) return invalid_data("input of shape {}, expected a matrix", shape_text(x.shape()));
  const DType dtype = TRY(dtype_attribute(arguments, x.dtype()));
  const Tensor one = TRY(cast(Tensor::scalar(1.0F), dtype));
  const int64_t rows = x.shape()[0];
  const int64_t columns = x.shape()[1];
  const int64_t diagonal = std::clamp(arguments.node.get_int("k"), -rows, columns);
  Tensor y = TRY(arguments.allocate(dtype, x.shape()));
  visit_element_size(dtype, [&]<size_t kSize>(std::integral_constant<size_t, kSize>) {
    for (int64_t i = std::max<int64_t>(0, -diagonal); i < std::min(rows, columns - diagonal); ++i) {
      std::memcpy(element<kSize>(writable_bytes(y), i * columns + i + diagonal), one.bytes().data(), kSize);
    }
  });
  return Outputs{std::move(y)};
}

Result<Outputs> OneHot(const Arguments& arguments) {
  const Tensor& indices = arguments.input(0);
  const Ints depths = values_as<int64_t>(arguments.input(1));
  const Tensor& off_and_on = arguments.input(2);
  if (depths.size() != 1 || depths[0] < 0) return invalid_data("the depth is no single number of at least 0");
  if (off_and_on.element_count() != 2)
    return invalid_data("{} values, expected off and on", off_and_on.element_count());
  const int64_t depth = depths[0];
  const auto axis = static_cast<size_t>(TRY(normalize_axis(arguments.node.get_int("axis"), indices.rank() + 1)));
  sixtops::Shape shape = indices.shape();
  shape.insert(shape.begin() + static_cast<int64_t>(axis), depth);
  Tensor y = TRY(arguments.allocate(off_and_on.dtype(), std::move(shape)));
  if (y.empty()) return Outputs{y};
  fill(y, off_and_on);
  const int64_t inner = row_major_strides(y.shape())[axis];
  const Ints list = values_as<int64_t>(indices);
  visit_element_size(y.dtype(), [&]<size_t kSize>(std::integral_constant<size_t, kSize>) {
    const std::byte* on = element<kSize>(off_and_on.bytes().data(), 1);
    for (int64_t i = 0; i < indices.element_count(); ++i) {
      int64_t index = list[static_cast<size_t>(i)];
      if (index < -depth || index >= depth) continue;  // all off
      if (index < 0) index += depth;
      std::memcpy(element<kSize>(writable_bytes(y), (i / inner * depth + index) * inner + i % inner), on, kSize);
    }
  });
  return Outputs{std::move(y)};
}

Result<Outputs> Range(const Arguments& arguments) {
  for (size_t i = 0; i < 3; ++i) {
    TRY(check_same_dtype(arguments.input(0), arguments.input(i)));
    if (arguments.input(i).element_count() != 1) return invalid_data("operand {} is no scalar", i);
  }
  return visit_number(arguments.input(0).dtype(), [&]<typename T>(T) -> Result<Outputs> {
    const T start = arguments.input(0).values<T>()[0];
    const T delta = arguments.input(2).values<T>()[0];
    const int64_t length = TRY(range_length(start, arguments.input(1).values<T>()[0], delta));
    Tensor y = TRY(arguments.allocate(dtype_of<T>, {length}));
    const std::span<T> values = y.mutable_values<T>();
    for (size_t i = 0; i < values.size(); ++i) {
      if constexpr (std::is_floating_point_v<T>) {
        values[i] = static_cast<T>(static_cast<double>(start) + static_cast<double>(i) * static_cast<double>(delta));
      } else {
        values[i] = static_cast<T>(static_cast<uint64_t>(start) + i * static_cast<uint64_t>(delta));
      }
    }
    return Outputs{std::move(y)};
  });
}

}  // namespace kernels
}  // namespace sixtops::cpu::reference
