// Resize: nearest moves elements of any type; linear and cubic weigh numbers, axis by axis, integers rounded at the
// end.
#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/error.h"
#include "cpu/reference/indexed_copy.h"
#include "cpu/reference/kernels.h"
#include "cpu/reference/resize_taps.h"
#include "cpu/reference/visit_number.h"

namespace sixtops::cpu::reference {
namespace {

Shape output_shape(const std::vector<ResizedAxis>& axes) {
  Shape shape;
  for (const ResizedAxis& axis : axes) shape.push_back(axis.output);
  return shape;
}

Result<Outputs> resize_nearest(const Arguments& arguments, const std::vector<AxisTaps>& taps, Shape shape) {
  const Tensor& x = arguments.input(0);
  IndexTables tables;
  for (const AxisTaps& axis : taps) {
    std::vector<int64_t>& table = tables.emplace_back();
    for (size_t o = 0; o < axis.outputs(); ++o) {
      table.push_back(axis.is_outside(o) ? kOutside : axis.taps[axis.begin[o]].index);
    }
  }
  const Tensor fill = TRY(cast(Tensor::scalar(arguments.node.get_float("extrapolation_value")), x.dtype()));
  Tensor y = TRY(arguments.allocate(x.dtype(), std::move(shape)));
  copy_indexed(x, tables, fill.bytes().data(), y);
  return Outputs{std::move(y)};
}

template <typename T>
Result<Tensor> resize_axis(const Arguments& arguments, const Tensor& x, size_t axis, const AxisTaps& taps) {
  Shape shape = x.shape();
  shape[axis] = static_cast<int64_t>(taps.outputs());
  Tensor y = TRY(arguments.allocate(x.dtype(), std::move(shape)));
  const auto inner = static_cast<size_t>(row_major_strides(x.shape())[axis]);
  const size_t from_block = inner * static_cast<size_t>(x.shape()[axis]);
  const T* from = x.values<T>().data();
  T* to = y.mutable_values<T>().data();
  std::vector<double> sums(inner);
  for (size_t block = 0; block < static_cast<size_t>(x.element_count()) / from_block; ++block) {
    for (size_t o = 0; o < taps.outputs(); ++o) {
      std::fill(sums.begin(), sums.end(), 0.0);
      for (size_t t = taps.begin[o]; t < taps.begin[o + 1]; ++t) {
        const T* row = from + static_cast<size_t>(taps.taps[t].index) * inner;
        for (size_t i = 0; i < inner; ++i) sums[i] += taps.taps[t].weight * static_cast<double>(row[i]);
      }
      for (size_t i = 0; i < inner; ++i) to[i] = static_cast<T>(sums[i]);
      to += inner;
    }
    from += from_block;
  }
  return y;
}

// Writes the extrapolation value where an axis lies outside of the cropped region.
Result<Tensor> extrapolate(const Arguments& arguments, const Tensor& x, const std::vector<AxisTaps>& taps) {
  IndexTables tables;
  for (const AxisTaps& axis : taps) {
    std::vector<int64_t>& table = tables.emplace_back();
    for (size_t o = 0; o < axis.outputs(); ++o) {
      table.push_back(axis.is_outside(o) ? kOutside : static_cast<int64_t>(o));
    }
  }
  const Tensor fill = TRY(cast(Tensor::scalar(arguments.node.get_float("extrapolation_value")), x.dtype()));
  Tensor y = TRY(arguments.allocate(x.dtype(), x.shape()));
  copy_indexed(x, tables, fill.bytes().data(), y);
  return y;
}

template <typename T>
Result<Tensor> resize_smoothly(const Arguments& arguments, const Tensor& x, const std::vector<ResizedAxis>& axes,
                               const std::vector<AxisTaps>& taps) {
  // Axes that shrink come first, so that what lies between is never larger than both input and output.
  std::vector<size_t> order(axes.size());
  std::iota(order.begin(), order.end(), 0);
  const auto growth = [&](size_t axis) {
    return static_cast<double>(axes[axis].output) / static_cast<double>(axes[axis].input);
  };
  std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) { return growth(a) < growth(b); });
  Tensor y = x;
  for (const size_t axis : order) {
    if (!taps[axis].is_identity(axes[axis].input)) y = TRY(resize_axis<T>(arguments, y, axis, taps[axis]));
  }
  if (arguments.node.get_text("coordinate_transformation_mode") != "tf_crop_and_resize") return y;
  return extrapolate(arguments, y, taps);
}

}  // namespace

namespace kernels {

Result<Outputs> Resize(const Arguments& arguments) {
  const Node& node = arguments.node;
  const Tensor& x = arguments.input(0);
  const Floats roi = arguments.parameter_floats("roi", 1).value_or(Floats{});
  const Floats scales = arguments.parameter_floats("scales", 2).value_or(Floats{});
  const Ints sizes = arguments.parameter_ints("sizes", 3).value_or(Ints{});
  const std::vector<ResizedAxis> axes = TRY(resolve_resize(node, x.shape(), roi, scales, sizes));
  const sixtops::Shape shape = output_shape(axes);
  TRY(arguments.check_output(x.dtype(), shape));
  if (TRY(element_count(shape)) == 0) return Outputs{TRY(arguments.allocate(x.dtype(), shape))};
  if (x.empty()) return invalid_data("input of shape {} has no element to resize", shape_text(x.shape()));
  const bool crops = node.get_text("coordinate_transformation_mode") == "tf_crop_and_resize";
  if (crops && node.get_int("antialias") != 0) return unsupported("antialias together with tf_crop_and_resize");

  std::vector<AxisTaps> taps;
  taps.reserve(axes.size());
  for (const ResizedAxis& axis : axes) taps.push_back(find_taps(node, axis));
  if (node.get_text("mode") == "nearest") return resize_nearest(arguments, taps, shape);
  if (is_float(x.dtype())) {
    return visit_float(x.dtype(), [&]<typename T>(T) -> Result<Outputs> {
      return Outputs{TRY(resize_smoothly<T>(arguments, x, axes, taps))};
    });
  }
  if (x.dtype() == DType::kBool) return invalid_data("bool elements cannot be weighed, expected numbers");
  Tensor y = TRY(resize_smoothly<double>(arguments, TRY(cast(x, DType::kF64)), axes, taps));
  for (double& value : y.mutable_values<double>()) value = std::nearbyint(value);
  return Outputs{TRY(cast(y, x.dtype()))};
}

}  // namespace kernels
}  // namespace sixtops::cpu::reference
