// MaxPool with its indices, GlobalMaxPool, and MaxUnpool, which puts values back where they came from.
#include <limits>

#include "cpu/reference/kernels.h"
#include "cpu/reference/visit_number.h"
#include "cpu/reference/window_taps.h"

namespace sixtops::cpu::reference {
namespace {

// The index of a plane's element when its spatial axes are numbered first axis fastest (storage_order 1).
int64_t column_major(const WindowTaps& windows, int64_t element) {
  int64_t index = 0;
  int64_t stride = windows.plane_size();
  for (auto axis = windows.windows().rbegin(); axis != windows.windows().rend(); ++axis) {
    stride /= axis->input;
    index += element % axis->input * stride;
    element /= axis->input;
  }
  return index;
}

template <typename T>
T lowest() {
  return std::numeric_limits<T>::has_infinity ? -std::numeric_limits<T>::infinity() : std::numeric_limits<T>::lowest();
}

}  // namespace

// Padding never wins; a window that lies on padding alone gives the lowest value.
Result<Outputs> kernels::MaxPool(const Arguments& arguments) {
  const Tensor& x = arguments.input(0);
  const WindowTaps windows = TRY(WindowTaps::make(TRY(resolve_windows(arguments.node, x.shape(), {}))));
  const int64_t planes = x.shape()[0] * x.shape()[1];
  const bool by_columns = arguments.node.get_int("storage_order") != 0;
  return visit_number(x.dtype(), [&]<typename T>(T) -> Result<Outputs> {
    const sixtops::Shape shape = windows.output_shape(x.shape()[0], x.shape()[1]);
    Outputs outputs = {TRY(arguments.allocate(x.dtype(), shape))};
    if (arguments.node.has_output(1)) outputs.push_back(TRY(arguments.allocate(DType::kI64, shape)));
    const auto from = x.values<T>();
    std::vector<WindowTap> inside;
    for (int64_t window = 0; window < windows.window_count(); ++window) {
      windows.inside(window, inside);
      for (int64_t plane = 0; plane < planes; ++plane) {
        const int64_t begin = plane * windows.plane_size();
        T best = lowest<T>();
        int64_t best_element = inside.empty() ? 0 : inside.front().element;
        for (const WindowTap& tap : inside) {
          const T value = from[static_cast<size_t>(begin + tap.element)];
          if (value > best) {
            best = value;
            best_element = tap.element;
          }
        }
        const auto index = static_cast<size_t>(plane * windows.window_count() + window);
        outputs[0].mutable_values<T>()[index] = best;
        if (outputs.size() > 1) {
          outputs[1].mutable_values<int64_t>()[index] =
              begin + (by_columns ? column_major(windows, best_element) : best_element);
        }
      }
    }
    outputs.resize(arguments.node.outputs.size());
    return outputs;
  });
}

Result<Outputs> kernels::GlobalMaxPool(const Arguments& arguments) {
  const Tensor& x = arguments.input(0);
  if (x.rank() < 2) return invalid_data("input of shape {}, expected batch and channels", shape_text(x.shape()));
  sixtops::Shape shape(x.shape().size(), 1);
  shape[0] = x.shape()[0];
  shape[1] = x.shape()[1];
  return visit_number(x.dtype(), [&]<typename T>(T) -> Result<Outputs> {
    Tensor output = TRY(arguments.allocate(x.dtype(), shape));
    const auto to = output.mutable_values<T>();
    const size_t plane = to.empty() ? 0 : x.values<T>().size() / to.size();
    for (size_t i = 0; i < to.size(); ++i) {
      to[i] = lowest<T>();
      for (const T value : x.values<T>().subspan(i * plane, plane)) to[i] = std::max(to[i], value);
    }
    return Outputs{output};
  });
}

// Indices count in the tensor that was pooled, whose shape follows from the windows; an output_shape (operand 2) may be
// larger, and then every element keeps its coordinates.
Result<Outputs> kernels::MaxUnpool(const Arguments& arguments) {
  const Tensor& x = arguments.input(0);
  const Tensor& indices = arguments.input(1);
  if (indices.dtype() != DType::kI64 || indices.shape() != x.shape()) {
    return invalid_data("indices are {}[{}], expected i64[{}]", dtype_name(indices.dtype()),
                        shape_text(indices.shape()), shape_text(x.shape()));
  }
  sixtops::Shape pooled = {};
  const std::vector<Window> windows = TRY(resolve_transposed_windows(arguments.node, x.shape(), {}));
  pooled.insert(pooled.end(), x.shape().begin(), x.shape().begin() + 2);
  for (const Window& axis : windows) pooled.push_back(axis.output);
  const sixtops::Shape shape = arguments.has(2) ? values_as<int64_t>(arguments.input(2)) : pooled;
  if (shape.size() != pooled.size()) {
    return invalid_data("output_shape {} for an input of shape {}", shape_text(shape), shape_text(x.shape()));
  }
  const int64_t pooled_count = TRY(element_count(pooled));
  return visit_number(x.dtype(), [&]<typename T>(T) -> Result<Outputs> {
    Tensor output = TRY(arguments.allocate(x.dtype(), shape));
    const std::vector<int64_t> pooled_strides = row_major_strides(pooled);
    const std::vector<int64_t> strides = row_major_strides(shape);
    for (size_t i = 0; i < x.values<T>().size(); ++i) {
      const int64_t index = indices.values<int64_t>()[i];
      if (index < 0 || index >= pooled_count) {
        return invalid_data("index {} points outside of shape {}", index, shape_text(pooled));
      }
      int64_t at = 0;
      for (size_t axis = 0; axis < shape.size(); ++axis) {
        const int64_t coordinate = index / pooled_strides[axis] % pooled[axis];
        if (coordinate >= shape[axis]) {
          return invalid_data("index {} points outside of output_shape {}", index, shape_text(shape));
        }
        at += coordinate * strides[axis];
      }
      output.mutable_values<T>()[static_cast<size_t>(at)] = x.values<T>()[i];
    }
    return Outputs{output};
  });
}

}  // namespace sixtops::cpu::reference
