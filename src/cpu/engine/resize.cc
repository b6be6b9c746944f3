// Resize of pictures in mode nearest: whole rows repeat, elements of a row are picked by one table.
#include <algorithm>
#include <cstring>

#include "base/thread_pool.h"
#include "cpu/engine/kernels.h"
#include "cpu/reference/kernels.h"
#include "cpu/reference/resize_taps.h"

namespace sixtops::cpu::engine {
namespace {

// Which input index each output index of an axis copies.
std::vector<int64_t> picked(const reference::AxisTaps& taps) {
  std::vector<int64_t> indices;
  for (const reference::Tap& tap : taps.taps) indices.push_back(tap.index);
  return indices;
}

template <typename T>
void resize_planes(const T* x, int64_t plane_size, int64_t planes, const std::vector<int64_t>& rows,
                   const std::vector<int64_t>& columns, int64_t row_length, T* y) {
  const size_t width = columns.size();
  ThreadPool::process().parallel_for(planes, [&](int64_t begin, int64_t end) {
    for (int64_t plane = begin; plane < end; ++plane) {
      T* to = y + static_cast<size_t>(plane) * rows.size() * width;
      for (size_t row = 0; row < rows.size(); ++row, to += width) {
        if (row > 0 && rows[row] == rows[row - 1]) {
          std::copy_n(to - width, width, to);
          continue;
        }
        const T* const from = x + plane * plane_size + rows[row] * row_length;
        for (size_t i = 0; i < width; ++i) to[i] = from[columns[i]];
      }
    }
  });
}

}  // namespace

Result<Outputs> resize(const Arguments& arguments) {
  const Node& node = arguments.node;
  const Tensor& x = arguments.input(0);
  const bool is_float = x.dtype() == DType::kF32;
  if ((!is_float && x.dtype() != DType::kI8) || x.rank() != 4 || x.empty() || node.get_text("mode") != "nearest" ||
      node.get_text("coordinate_transformation_mode") == "tf_crop_and_resize") {
    return reference::kernels::Resize(arguments);
  }
  const std::vector<ResizedAxis> axes =
      TRY(resolve_resize(node, x.shape(), {}, arguments.parameter_floats("scales", 2).value_or(Floats{}),
                         arguments.parameter_ints("sizes", 3).value_or(Ints{})));
  const Shape shape = {axes[0].output, axes[1].output, axes[2].output, axes[3].output};
  if (shape[0] != x.shape()[0] || shape[1] != x.shape()[1]) return reference::kernels::Resize(arguments);
  Tensor output = TRY(arguments.allocate_for_overwrite(x.dtype(), shape));
  const std::vector<int64_t> rows = picked(reference::find_taps(node, axes[2]));
  const std::vector<int64_t> columns = picked(reference::find_taps(node, axes[3]));
  const int64_t width = axes[3].input;
  const int64_t plane_size = axes[2].input * width;
  const int64_t planes = shape[0] * shape[1];
  if (is_float) {
    resize_planes(x.values<float>().data(), plane_size, planes, rows, columns, width,
                  output.mutable_values<float>().data());
  } else {
    resize_planes(x.values<int8_t>().data(), plane_size, planes, rows, columns, width,
                  output.mutable_values<int8_t>().data());
  }
  return Outputs{output};
}

}  // namespace sixtops::cpu::engine
