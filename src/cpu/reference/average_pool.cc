// AveragePool and GlobalAveragePool, float and integer form.
#include "cpu/reference/integer.h"
#include "cpu/reference/kernels.h"
#include "cpu/reference/visit_number.h"
#include "cpu/reference/window_taps.h"

namespace sixtops::cpu::reference {
namespace {

// Calls visit(window, taps inside, first element of the plane, output index) for every output element.
template <typename F>
void for_each_window(const WindowTaps& windows, int64_t planes, const F& visit) {
  std::vector<WindowTap> inside;
  for (int64_t window = 0; window < windows.window_count(); ++window) {
    windows.inside(window, inside);
    for (int64_t plane = 0; plane < planes; ++plane) {
      visit(window, inside, plane * windows.plane_size(), static_cast<size_t>(plane * windows.window_count() + window));
    }
  }
}

// The divisor counts elements of the input, or of the padding too.
Result<Outputs> float_average(const Arguments& arguments, const WindowTaps& windows, bool count_padding) {
  const Tensor& x = arguments.input(0);
  return visit_float(x.dtype(), [&]<typename T>(T) -> Result<Outputs> {
    Tensor output = TRY(arguments.allocate(x.dtype(), windows.output_shape(x.shape()[0], x.shape()[1])));
    const auto from = x.values<T>();
    for_each_window(windows, x.shape()[0] * x.shape()[1],
                    [&](int64_t window, const std::vector<WindowTap>& inside, int64_t plane, size_t index) {
                      double sum = 0;
                      for (const WindowTap& tap : inside) sum += from[static_cast<size_t>(plane + tap.element)];
                      const int64_t count =
                          count_padding ? windows.padded_count(window) : static_cast<int64_t>(inside.size());
                      output.mutable_values<T>()[index] = static_cast<T>(sum / static_cast<double>(count));
                    });
    return Outputs{output};
  });
}

// Every tap counts, those outside with the code pad_code; the divisor is part of the multiplier.
Result<Outputs> integer_average(const Arguments& arguments, const WindowTaps& windows, int64_t pad_code) {
  TRY(expect_dtype(arguments, 0, DType::kI8));
  const Tensor& x = arguments.input(0);
  const int64_t channels = x.shape()[1];
  Requantizer requantizer = TRY(Requantizer::make(arguments, channels));
  Tensor output = TRY(arguments.allocate(DType::kI8, windows.output_shape(x.shape()[0], channels)));
  const auto codes = x.values<int8_t>();
  for_each_window(windows, x.shape()[0] * channels,
                  [&](int64_t, const std::vector<WindowTap>& inside, int64_t plane, size_t index) {
                    int64_t sum = pad_code * (windows.tap_count() - static_cast<int64_t>(inside.size()));
                    for (const WindowTap& tap : inside) sum += codes[static_cast<size_t>(plane + tap.element)];
                    const int64_t channel = static_cast<int64_t>(index) / windows.window_count() % channels;
                    output.mutable_values<int8_t>()[index] = requantizer(sum, 0, channel);
                  });
  TRY(requantizer.status());
  return Outputs{output};
}

// One window over the whole plane.
Result<WindowTaps> global_window(const Shape& shape) {
  if (shape.size() < 2) return invalid_data("input of shape {}, expected batch and channels", shape_text(shape));
  std::vector<Window> windows;
  for (size_t axis = 2; axis < shape.size(); ++axis) {
    Window window;
    window.input = window.kernel = shape[axis];
    window.output = 1;
    windows.push_back(window);
  }
  return WindowTaps::make(std::move(windows));
}

}  // namespace

Result<Outputs> kernels::AveragePool(const Arguments& arguments) {
  const Node& node = arguments.node;
  const WindowTaps windows = TRY(WindowTaps::make(TRY(resolve_windows(node, arguments.input(0).shape(), {}))));
  if (is_integer_form(node)) return integer_average(arguments, windows, node.get_int("pad_code"));
  return float_average(arguments, windows, node.get_int("count_include_pad") != 0);
}

Result<Outputs> kernels::GlobalAveragePool(const Arguments& arguments) {
  const WindowTaps window = TRY(global_window(arguments.input(0).shape()));
  if (is_integer_form(arguments.node)) return integer_average(arguments, window, 0);
  return float_average(arguments, window, false);
}

}  // namespace sixtops::cpu::reference
