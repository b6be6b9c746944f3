#include <algorithm>
#include <limits>

#include "base/thread_pool.h"
#include "cpu/engine/kernels.h"
#include "cpu/engine/vector_clones.h"
#include "cpu/engine/window_lines.h"
#include "cpu/reference/kernels.h"
#include "cpu/reference/window_taps.h"

namespace sixtops::cpu::engine {
namespace {

// y[i] = the larger of y[i] and x[i · step]; a NaN never wins.
template <typename T>
[[gnu::always_inline]] inline void keep_larger(const T* x, int64_t step, int64_t count, T* y) {
  if (step == 1) {
    for (int64_t i = 0; i < count; ++i) y[i] = x[i] > y[i] ? x[i] : y[i];
  } else {
    for (int64_t i = 0; i < count; ++i) y[i] = x[i * step] > y[i] ? x[i * step] : y[i];
  }
}
SIXTOPS_VECTOR_CLONES void max_line(const float* x, int64_t step, int64_t count, float* y) {
  keep_larger(x, step, count, y);
}
SIXTOPS_VECTOR_CLONES void max_line(const int8_t* x, int64_t step, int64_t count, int8_t* y) {
  keep_larger(x, step, count, y);
}

// A maximum over a box is a maximum along one axis after the other: the lines of each axis that does more than copy.
std::vector<WindowLines> axis_passes(const std::vector<Window>& windows) {
  std::vector<WindowLines> passes;
  std::vector<Window> one_axis = windows;
  for (Window& axis : one_axis) axis = {axis.input, axis.input};
  for (size_t i = 0; i < windows.size(); ++i) {
    one_axis[i] = windows[i];
    if (windows[i].kernel != 1 || windows[i].stride != 1 || i + 1 == windows.size()) passes.emplace_back(one_axis);
    one_axis[i] = {windows[i].output, windows[i].output};
  }
  return passes;
}

template <typename T>
void pool_plane(const WindowLines& lines, const T* x, T lowest, T* y) {
  for (int64_t line = 0; line < lines.line_count(); ++line) {
    T* const output = y + line * lines.line_length();
    std::fill_n(output, lines.line_length(), lowest);
    for (int64_t tap = 0; tap < lines.tap_count(); ++tap) {
      const WindowLines::Source source = lines.source(line, tap);
      if (source.begin == source.end) continue;
      max_line(x + source.element + source.begin * lines.step(), lines.step(), source.end - source.begin,
               output + source.begin);
    }
  }
}

template <typename T>
void pool_planes(const std::vector<WindowLines>& passes, const T* x, int64_t planes, T lowest, T* y) {
  const int64_t output_size = passes.back().line_count() * passes.back().line_length();
  ThreadPool::process().parallel_for(planes, [&](int64_t begin, int64_t end) {
    std::vector<T> from;
    std::vector<T> to;
    for (int64_t plane = begin; plane < end; ++plane) {
      const T* input = x + plane * passes.front().plane_size();
      for (size_t i = 0; i + 1 < passes.size(); ++i) {
        to.resize(static_cast<size_t>(passes[i].line_count() * passes[i].line_length()));
        pool_plane(passes[i], input, lowest, to.data());
        from.swap(to);
        input = from.data();
      }
      pool_plane(passes.back(), input, lowest, y + plane * output_size);
    }
  });
}

}  // namespace

Result<Outputs> max_pool(const Arguments& arguments) {
  const Tensor& x = arguments.input(0);
  const bool is_float = x.dtype() == DType::kF32;
  if ((!is_float && x.dtype() != DType::kI8) || arguments.node.outputs.size() > 1) {
    return reference::kernels::MaxPool(arguments);
  }
  const auto taps = TRY(reference::WindowTaps::make(TRY(resolve_windows(arguments.node, x.shape(), {}))));
  // Kernels that hang over the picture for the most part are cheaper tap by tap.
  const auto is_vast = [](const Window& axis) { return axis.kernel > 2 * axis.input; };
  if (std::any_of(taps.windows().begin(), taps.windows().end(), is_vast)) return reference::kernels::MaxPool(arguments);
  Tensor output = TRY(arguments.allocate_for_overwrite(x.dtype(), taps.output_shape(x.shape()[0], x.shape()[1])));
  if (output.empty()) return Outputs{output};
  const std::vector<WindowLines> passes = axis_passes(taps.windows());
  const int64_t planes = x.shape()[0] * x.shape()[1];
  if (is_float) {
    pool_planes(passes, x.values<float>().data(), planes, -std::numeric_limits<float>::infinity(),
                output.mutable_values<float>().data());
  } else {
    pool_planes(passes, x.values<int8_t>().data(), planes, std::numeric_limits<int8_t>::lowest(),
                output.mutable_values<int8_t>().data());
  }
  return Outputs{output};
}

}  // namespace sixtops::cpu::engine
