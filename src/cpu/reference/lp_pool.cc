// LpPool and GlobalLpPool: (sum |x|^p)^(1/p) over a window.
#include <cmath>

#include "cpu/reference/kernels.h"
#include "cpu/reference/visit_number.h"
#include "cpu/reference/window_taps.h"

namespace sixtops::cpu::reference {

Result<Outputs> kernels::LpPool(const Arguments& arguments) {
  const Tensor& x = arguments.input(0);
  const WindowTaps windows = TRY(WindowTaps::make(TRY(resolve_windows(arguments.node, x.shape(), {}))));
  const auto p = static_cast<double>(arguments.node.get_int("p"));
  return visit_float(x.dtype(), [&]<typename T>(T) -> Result<Outputs> {
    Tensor output = TRY(arguments.allocate(x.dtype(), windows.output_shape(x.shape()[0], x.shape()[1])));
    std::vector<WindowTap> inside;
    for (int64_t window = 0; window < windows.window_count(); ++window) {
      windows.inside(window, inside);
      for (int64_t plane = 0; plane < x.shape()[0] * x.shape()[1]; ++plane) {
        double sum = 0;
        for (const WindowTap& tap : inside) {
          const double value = x.values<T>()[static_cast<size_t>(plane * windows.plane_size() + tap.element)];
          sum += std::pow(std::abs(value), p);
        }
        output.mutable_values<T>()[static_cast<size_t>(plane * windows.window_count() + window)] =
            static_cast<T>(std::pow(sum, 1 / p));
      }
    }
    return Outputs{output};
  });
}

Result<Outputs> kernels::GlobalLpPool(const Arguments& arguments) {
  const Tensor& x = arguments.input(0);
  if (x.rank() < 2) return invalid_data("input of shape {}, expected batch and channels", shape_text(x.shape()));
  const auto p = static_cast<double>(arguments.node.get_int("p"));
  sixtops::Shape shape(x.shape().size(), 1);
  shape[0] = x.shape()[0];
  shape[1] = x.shape()[1];
  return visit_float(x.dtype(), [&]<typename T>(T) -> Result<Outputs> {
    Tensor output = TRY(arguments.allocate(x.dtype(), shape));
    const auto to = output.mutable_values<T>();
    const size_t plane = to.empty() ? 0 : x.values<T>().size() / to.size();
    for (size_t i = 0; i < to.size(); ++i) {
      double sum = 0;
      for (const double value : x.values<T>().subspan(i * plane, plane)) sum += std::pow(std::abs(value), p);
      to[i] = static_cast<T>(std::pow(sum, 1 / p));
    }
    return Outputs{output};
  });
}

}  // namespace sixtops::cpu::reference
